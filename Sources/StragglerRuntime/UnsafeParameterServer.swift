// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// What is wrong with what a program has handed to its `ParameterServer`.
public enum ServerMisuse: Error, Equatable, Sendable {
  /// The worker has no job: it was never started, was ordered to stop, has delivered already, or does not
  /// exist.
  case workerIsIdle(Int)
  /// The gradient does not have the model's length.
  case wrongLength(Int, expected: Int)
  /// The worker makes local steps and has not been ordered to hand in their sum, or it makes none.
  case wrongWork(Int)
  /// The method's code has a mistake; the server is of no further use.
  case faultyMethod(MethodFault)
}

/// A method driven by a program that brings its own workers, transport, threads and time.
///
/// The program hands in gradients as they arrive and gets orders back: which worker to start on which
/// version of the model, and which to stop. There is no clock, no thread and no I/O in here, and after
/// set-up no allocation.
///
///     var server = try ParameterServer(rennala, model: weights.span, workers: 8)
///     func passOn() {
///       for index in 0..<server.orderCount {
///         let order = server.order(index)
///         pass(order, server.point(for: order))
///       }
///     }
///     passOn()
///     while let (worker, gradient) = transport.next() {
///       try server.receive(gradient.span, from: worker)
///       passOn()
///     }
///
/// A worker computes at the point that belongs to its order, which for most methods is the model. Methods
/// that give up trials allot a time with the order: report with `expire(_:)` that it is over.
///
/// An order may be for more than one gradient (`WorkerOrder.gradients`): the worker makes so many local
/// steps y ← y − `stepsize` · g(y) from its point, or computes them all at the point where `stepsize` is
/// NaN, and hands in the sum of the g. Where `WorkerOrder.work` is `.openEnded`, it makes steps until an
/// order `endsSteps`, each of which is reported by `completeStep(_:)` when it is done.
@safe
public struct ParameterServer<M: Method, Scalar: StragglerCore.Scalar>: ~Copyable {
  @usableFromInline var deployment: Deployment<M>
  @usableFromInline var vectors: Model<HandedIn<Scalar>>
  private let memory: UnsafeMutableRawBufferPointer

  /// A server with `model` as x⁰ and `workers` workers.
  ///
  /// `conditions` gives the theory what it needs for parameters that are left out, and `modifiers` are put
  /// on the method: a stepsize that changes, local steps, and any rule of the step but `muon`. Throws
  /// where the method cannot run so. Memory: a point, the method's slots, what the rule of the step
  /// remembers, and a few tables of n entries.
  public init(
    _ method: M, model: Span<Scalar>, workers: Int, conditions: Conditions = Conditions(),
    modifiers: Modifiers = Modifiers()
  ) throws(SetupError) {
    guard workers > 0, model.count > 0 else {
      throw .impossible(
        "nothing to serve", remedy: "give at least one worker and a model with at least one coordinate")
    }
    if modifiers.step?.isAboutMatrices == true {
      throw .impossible(
        "the rule muon in a server that does not know which parameters are matrices",
        remedy: "take another rule of the step, such as sign")
    }
    // The same set-up twice: first against an arena that only counts.
    let plan = try Assembly(method, model, workers, conditions, modifiers, .measuring())
    let bytes = plan.bytes
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
    do throws(SetupError) {
      let assembly = try Assembly(
        method, model, workers, conditions, modifiers, unsafe Arena(memory))
      deployment = assembly.deployment
      vectors = assembly.vectors
      unsafe self.memory = memory
    } catch {
      unsafe memory.deallocate()
      throw error
    }
  }

  deinit { unsafe memory.deallocate() }

  /// All parts that take memory.
  private struct Assembly: ~Copyable {
    var deployment: Deployment<M>
    var vectors: Model<HandedIn<Scalar>>
    let bytes: Int

    init(
      _ method: M, _ model: Span<Scalar>, _ workers: Int, _ conditions: Conditions, _ modifiers: Modifiers,
      _ arena: consuming Arena
    ) throws(SetupError) {
      let fleet = try arena.table(of: Worker.self, count: workers)
      fleet.fill(Worker(tau: 0))
      let origin = try arena.table(of: Scalar.self, count: model.count)
      for index in origin.indices { origin[index] = model[index] }
      var conditions = conditions
      conditions.dimension = model.count
      var setup = Setup(fleet: Fleet(fleet, count: workers), conditions: conditions, arena: arena)
      setup.modifiers = modifiers
      let deployment = try Deployment(method, setup: &setup)
      let slots = setup.slots
      var rest = setup.finish()
      let problem = HandedIn(origin: origin, dimension: model.count)
      vectors = try Model(
        problem, points: deployment.server.pointCapacity, slots: slots, stepRule: modifiers.step,
        maxNorm: modifiers.maxNorm, seed: 0, arena: &rest)
      self.deployment = deployment
      bytes = rest.used
    }
  }
}

// MARK: - The model and the orders

extension ParameterServer {
  /// x^k, the newest model. Take a copy, or use it before the next event.
  @inlinable
  public var model: Table<Scalar> { vectors.x }

  /// The point at which the worker of `order` computes: the model, for almost every method. Take a copy, or
  /// use it before the next event.
  ///
  /// Accelerated methods need gradients at another point, and some methods give jobs at older ones. A worker
  /// whose order has `keepsPoint` continues at the last point that it was given.
  @inlinable
  public func point(for order: WorkerOrder) -> Table<Scalar> { vectors.point(for: order) }

  /// Copies the point at which the worker of `order` computes to `copy`, which has the model's length.
  @inlinable
  public func copyPoint(for order: WorkerOrder, to copy: inout MutableSpan<Scalar>) {
    unsafe Scalar.copy(vectors.point(for: order).buffer.span, to: &copy)
  }

  /// n, the number of workers.
  @inlinable
  public var workers: Int { deployment.server.workers }
  /// d, the length of the model.
  @inlinable
  public var dimension: Int { vectors.dimension }
  /// k, the number of updates so far.
  @inlinable
  public var iteration: Int { deployment.server.iteration }
  /// The statistics so far.
  @inlinable
  public var counts: Counts { deployment.server.counts }

  /// Which part of a budget is spent, if one is.
  @usableFromInline
  func isSpent(_ spending: inout Spending?) -> StopReason? { spending?.isSpent(deployment.server) }
  /// The method with its state.
  @inlinable
  public var method: M { deployment.method }
  /// Whether the model is finite; if it is not, the stepsize was too large.
  @inlinable
  public var isFinite: Bool { vectors.isFinite }

  /// How many orders the last event gave.
  @inlinable
  public var orderCount: Int { deployment.orderCount }

  /// Order number `index` of the last event: which worker to start on `model`, or to stop.
  @inlinable
  public func order(_ index: Int) -> WorkerOrder { deployment.order(index) }
}

// MARK: - Events

extension ParameterServer {
  /// The gradient of the job of `worker` has arrived. `time`, in whatever unit, is for the statistics
  /// alone.
  ///
  /// Throws, and changes nothing, where the worker has no job or the gradient has another length than the
  /// model.
  @inlinable
  public mutating func receive(
    _ gradient: Span<Scalar>, from worker: Int, at time: Double = 0
  ) throws(ServerMisuse) {
    guard gradient.count == vectors.dimension else {
      throw .wrongLength(gradient.count, expected: vectors.dimension)
    }
    guard deployment.isRunning(worker) else { throw .workerIsIdle(worker) }
    guard !deployment.makesSteps(worker) else { throw .wrongWork(worker) }
    unsafe gradient.withUnsafeBufferPointer { buffer in
      // Looked at during this call only, and not written to.
      let base = unsafe UnsafeMutablePointer(mutating: buffer.baseAddress)
      vectors.problem.gradient = unsafe Table(base: base, count: buffer.count)
      end(worker, isClipped: false, at: time)
      vectors.problem.gradient = Table()
    }
    if let fault = deployment.server.fault { throw .faultyMethod(fault) }
  }

  /// The time allotted to the job of `worker` is over, or the job has failed: its gradient will not come.
  @inlinable
  public mutating func expire(_ worker: Int, at time: Double = 0) throws(ServerMisuse) {
    guard deployment.isRunning(worker) else { throw .workerIsIdle(worker) }
    end(worker, isClipped: true, at: time)
    if let fault = deployment.server.fault { throw .faultyMethod(fault) }
  }

  /// A step of the open-ended work of `worker` is complete. It goes on with the next one, unless an order
  /// that follows has it hand in the sum of its complete steps, this one included, or stop.
  @inlinable
  public mutating func completeStep(_ worker: Int, at time: Double = 0) throws(ServerMisuse) {
    guard deployment.isRunning(worker) else { throw .workerIsIdle(worker) }
    guard deployment.makesSteps(worker) else { throw .wrongWork(worker) }
    deployment.completeStep(worker, at: time)
    vectors.execute(&deployment.server)
    deployment.settle()
    if let fault = deployment.server.fault { throw .faultyMethod(fault) }
  }

  /// Whether workers may make local steps until they are ordered to hand in their sum.
  @inlinable
  public var hasOpenEndedWork: Bool { deployment.hasOpenEndedWork }

  @inlinable
  mutating func end(_ worker: Int, isClipped: Bool, at time: Double) {
    deployment.receive(worker, isClipped: isClipped, at: time)
    vectors.execute(&deployment.server)
    deployment.settle()
  }
}
