// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
internal import StragglerData

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A method driven by a program that brings its own workers, transport, threads and time.
///
/// The program hands in gradients as they arrive and gets orders back: which worker computes what, at which
/// point, and which stops. Every job has a ticket, and by it alone its gradient is taken. There is no clock,
/// no thread and no I/O in here, and after set-up no allocation.
///
///     var server = try ParameterServer(rennala, model: weights.span, workers: 8)
///     func passOn() {
///       for index in 0..<server.orderCount {
///         let order = server.order(index)
///         transport.send(order, server.point(for: order))
///       }
///     }
///     passOn()
///     while let (ticket, gradient) = transport.next() {
///       try server.receive(gradient.span, ticket: ticket)
///       passOn()
///     }
///
/// What comes late, twice, or from a worker whose work has been given to another changes nothing: it is
/// `.late`. A job that will not deliver is reported by `fail(ticket:)`: its work is given again, and the
/// method notices only where the job was a trial, whose time `expire(ticket:)` ends. `remove(_:)` and
/// `replace(_:)` are for workers that go and come. `checkpoint()` and `restore(_:)` outlive the process.
///
/// `order.task` says what to compute. Where it is open-ended, the worker makes steps until an order asks for
/// their sum, each of which is reported by `completeStep(ticket:)` when it is done.
@safe
public struct ParameterServer<M: Method, Scalar: StragglerCore.Scalar>: ~Copyable {
  @usableFromInline var deployment: Deployment<M>
  @usableFromInline var vectors: Model<HandedIn<Scalar>>
  let memory: ServerMemory
  /// The bytes of `memory` that are not vectors.
  let bookBytes: Int
  let recipe: ServerRecipe<M>

  /// A server with `model` as x⁰ and at most `workers` workers, of which the first `present` are there at
  /// the start, all unless it is given.
  ///
  /// `conditions` gives the theory what it needs for parameters that are left out, and `modifiers` are put
  /// on the method: a stepsize that changes, local steps, and any rule of the step but `muon`. Throws
  /// where the method cannot run so, a parameter is out of range, or `model` is not finite. Memory: as many
  /// points as jobs can be at, at most n + 3 and the fewer the shorter the method's horizon; the method's
  /// slots; what the rule of the step remembers; and a few hundred bytes a worker.
  public init(
    _ method: M, model: Span<Scalar>, workers: Int, present: Int? = nil,
    conditions: Conditions = Conditions(), modifiers: Modifiers = Modifiers()
  ) throws(SetupError) {
    try self.init(
      ServerRecipe(
        method: method, workers: workers, present: present, conditions: conditions, modifiers: modifiers,
        kinds: M.modifiers, name: "\(M.name)", owner: nil), model: model)
  }

  /// The same for a method of any type, which takes modifiers of `kinds` and is called `name`; `fleet` is
  /// what is known of the workers, and `seed` that of the method's choices. `owner` keeps alive what all
  /// refer to.
  package init(
    _ method: M, kinds: Modifiers.Kinds, name: String, owner: any Sendable, model: Span<Scalar>,
    workers: Int, present: Int?, conditions: Conditions, modifiers: Modifiers, fleet: Fleet = Fleet(Table()),
    seed: UInt64 = 0
  ) throws(SetupError) {
    var recipe = ServerRecipe(
      method: method, workers: workers, present: present, conditions: conditions, modifiers: modifiers,
      kinds: kinds, name: name, owner: owner)
    (recipe.fleet, recipe.seed) = (fleet, seed)
    try self.init(recipe, model: model)
  }

  private init(_ recipe: ServerRecipe<M>, model: Span<Scalar>) throws(SetupError) {
    guard recipe.workers > 0, model.count > 0 else {
      throw .impossible(
        "nothing to serve", remedy: "give at least one worker and a model with at least one coordinate")
    }
    if recipe.modifiers.step?.isAboutMatrices == true {
      throw .impossible(
        "the rule muon in a server that does not know which parameters are matrices",
        remedy: "take another rule of the step, such as sign")
    }
    if let coordinate = Self.firstNotFinite(model) { throw .notFinite(coordinate: coordinate) }
    var recipe = recipe
    recipe.conditions.dimension = model.count
    // Samples by index are not handed in.
    recipe.conditions.sampleCount = 0
    let memory = try Self.memory(recipe, model)
    let assembly = try Assembly(recipe, model, memory.arena())
    bookBytes = assembly.bookBytes
    deployment = assembly.deployment
    vectors = assembly.vectors
    self.memory = memory
    self.recipe = recipe
  }

  /// As much memory as the set-up takes, which is done twice: here against an arena that only counts.
  private static func memory(
    _ recipe: ServerRecipe<M>, _ model: Span<Scalar>
  ) throws(SetupError) -> ServerMemory {
    guard let memory = ServerMemory(try Assembly(recipe, model, .measuring()).bytes) else {
      throw .outOfMemory
    }
    return memory
  }

  /// All parts that take memory.
  private struct Assembly: ~Copyable {
    var deployment: Deployment<M>
    var vectors: Model<HandedIn<Scalar>>
    let bookBytes: Int
    let bytes: Int

    init(
      _ recipe: ServerRecipe<M>, _ model: Span<Scalar>, _ arena: consuming Arena
    ) throws(SetupError) {
      var setup = try recipe.setup(arena)
      let deployment = try recipe.deployment(&setup)
      let slots = setup.slots
      var rest = setup.finish()
      let books = rest.used
      let origin = try rest.table(of: Scalar.self, count: model.count)
      for index in origin.indices { origin[index] = model[index] }
      let problem = HandedIn(origin: origin, dimension: model.count)
      vectors = try Model(
        problem, points: deployment.server.pointCapacity, slots: slots, stepRule: recipe.modifiers.step,
        maxNorm: recipe.modifiers.maxNorm, seed: 0, arena: &rest)
      self.deployment = deployment
      (bookBytes, bytes) = (books, rest.used)
    }
  }

  @inlinable
  static func firstNotFinite(_ vector: Span<Scalar>) -> Int? {
    // The sum of squares is finite unless a coordinate is not, or is very large.
    if Scalar.squaredNorm(vector).isFinite { return nil }
    for index in vector.indices where !vector[index].isFinite { return index }
    return nil
  }
}

// MARK: - The model and the orders

extension ParameterServer {
  /// x^k, the newest model, until the next event.
  @inlinable
  public var model: Span<Scalar> {
    @_lifetime(borrow self) get {
      let span = unsafe Span(_unsafeElements: UnsafeBufferPointer(vectors.x.buffer))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The point at which the worker of `order`, one of the last event, computes, until the next event.
  ///
  /// It is the model, for almost every method and order. Accelerated methods need gradients at another point,
  /// some methods give jobs at older ones, and so does work that is given again. A worker whose order has
  /// `keepsPoint` has it already.
  @inlinable
  @_lifetime(borrow self)
  public func point(for order: JobOrder) -> Span<Scalar> {
    let span = unsafe Span(_unsafeElements: UnsafeBufferPointer(vectors.point(for: order).buffer))
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Copies the point at which the worker of `order` computes to `copy`, which has the model's length.
  @inlinable
  public func copyPoint(for order: JobOrder, to copy: inout MutableSpan<Scalar>) {
    Scalar.copy(point(for: order), to: &copy)
  }

  /// n, the most workers that there can be.
  @inlinable
  public var workers: Int { deployment.server.workers }
  /// d, the length of the model.
  @inlinable
  public var dimension: Int { vectors.dimension }
  /// k, the number of updates so far.
  @inlinable
  public var iteration: Int { deployment.server.iteration }
  /// The time of the last event.
  @inlinable
  public var time: Double { deployment.server.time }
  /// The statistics so far. A job that failed counts as cancelled, and what it did again as another job.
  @inlinable
  public var counts: Counts { deployment.server.counts }
  /// What has come by tickets that were late.
  @inlinable
  public var late: Int { deployment.late }
  /// Jobs that failed, trials apart, or that a worker which was removed had.
  @inlinable
  public var failed: Int { deployment.failed }
  /// Tickets that are open: jobs whose gradients would be taken.
  @inlinable
  public var open: Int { deployment.open }

  /// Which part of a budget is spent, if one is.
  @usableFromInline
  package func isSpent(_ spending: inout Spending?) -> StopReason? { spending?.isSpent(deployment.server) }
  /// The method with its state.
  @inlinable
  public var method: M { deployment.method }
  /// Whether the model is finite; if it is not, the stepsize was too large.
  @inlinable
  public var isFinite: Bool { vectors.isFinite }

  /// How many orders the last event gave.
  @inlinable
  public var orderCount: Int { deployment.orderCount }

  /// Order number `index` of the last event, from 0 to `orderCount` − 1.
  @inlinable
  public func order(_ index: Int) -> JobOrder { deployment.order(index) }
}

// MARK: - Events

extension ParameterServer {
  /// What the job of `ticket` was to compute has arrived. `time`, in whatever unit, is for the statistics
  /// and for stepsizes that depend on it; without one it is that of the last event.
  ///
  /// Throws, and changes nothing, where the gradient has another length than the model or is not finite, the
  /// time goes backwards, or the work is open-ended. O(d), and what the method does.
  @inlinable
  @discardableResult
  public mutating func receive(
    _ gradient: Span<Scalar>, ticket: UInt64, at time: Double? = nil
  ) throws(ServerMisuse) -> Delivery {
    guard let worker = deployment.worker(of: ticket) else { return late(ticket) }
    guard gradient.count == vectors.dimension else {
      throw .wrongLength(gradient.count, expected: vectors.dimension, worker: worker)
    }
    guard !deployment.makesSteps(worker) else { throw .wrongWork(worker: worker) }
    let time = try checked(time)
    if let coordinate = Self.firstNotFinite(gradient) {
      throw .notFinite(coordinate: coordinate, worker: worker)
    }
    unsafe gradient.withUnsafeBufferPointer { buffer in
      // Looked at during this call only, and not written to.
      let base = unsafe UnsafeMutablePointer(mutating: buffer.baseAddress)
      vectors.problem.gradient = unsafe Table(base: base, count: buffer.count)
      end(worker, isClipped: false, at: time)
      vectors.problem.gradient = Table()
    }
    if let fault = deployment.server.fault { throw .faultyMethod(fault) }
    return .taken
  }

  /// The job of `ticket` will not deliver. A trial is one that came to nothing; any other work is given
  /// again, at the same point, as the worker's next job, and the method does not notice.
  @inlinable
  @discardableResult
  public mutating func fail(ticket: UInt64, at time: Double? = nil) throws(ServerMisuse) -> Delivery {
    guard let worker = deployment.worker(of: ticket) else { return late(ticket) }
    let time = try checked(time)
    guard deployment.isTrial(worker) else {
      deployment.fail(worker, at: time)
      return .taken
    }
    end(worker, isClipped: true, at: time)
    if let fault = deployment.server.fault { throw .faultyMethod(fault) }
    return .taken
  }

  /// The time allotted to the job of `ticket`, a trial, is over: the same as `fail(ticket:at:)`.
  @inlinable
  @discardableResult
  public mutating func expire(ticket: UInt64, at time: Double? = nil) throws(ServerMisuse) -> Delivery {
    try fail(ticket: ticket, at: time)
  }

  /// A step of the open-ended work of `ticket` is complete. The worker goes on with the next one, unless an
  /// order that follows asks for the sum of its complete steps, this one included, or has it stop.
  @inlinable
  @discardableResult
  public mutating func completeStep(
    ticket: UInt64, at time: Double? = nil
  ) throws(ServerMisuse) -> Delivery {
    guard let worker = deployment.worker(of: ticket) else { return late(ticket) }
    guard deployment.makesSteps(worker) else {
      // The step has crossed the order to hand in the sum.
      if deployment.isSum(worker) { return late(ticket) }
      throw .wrongWork(worker: worker)
    }
    deployment.completeStep(worker, at: try checked(time))
    vectors.execute(&deployment.server)
    deployment.settle()
    if let fault = deployment.server.fault { throw .faultyMethod(fault) }
    return .taken
  }

  /// Whether workers may make local steps until they are ordered to hand in their sum.
  @inlinable
  public var hasOpenEndedWork: Bool { deployment.hasOpenEndedWork }

  @inlinable
  mutating func late(_ ticket: UInt64) -> Delivery {
    deployment.countLate()
    return .late
  }

  @inlinable
  func checked(_ time: Double?) throws(ServerMisuse) -> Double {
    let last = deployment.server.time
    guard let time else { return last }
    guard time >= last, time < .infinity else { throw .wrongTime(time, last: last) }
    return time
  }

  @inlinable
  mutating func end(_ worker: Int, isClipped: Bool, at time: Double) {
    deployment.receive(worker, isClipped: isClipped, at: time)
    vectors.execute(&deployment.server)
    deployment.settle()
  }
}

// MARK: - Workers that come and go

extension ParameterServer {
  /// Whether there is a worker number `worker`.
  @inlinable
  public func isPresent(_ worker: Int) -> Bool {
    deployment.hasWorker(worker) && deployment.isTaken(worker)
  }

  /// `worker` has gone. Its ticket is late from now on, and its work waits for its successor. Throws, and
  /// changes nothing, where it is not there.
  @inlinable
  public mutating func remove(_ worker: Int, at time: Double? = nil) throws(ServerMisuse) {
    guard deployment.hasWorker(worker) else { throw .noSuchWorker(worker, of: workers) }
    guard deployment.isTaken(worker) else { throw .workerIsGone(worker) }
    deployment.remove(worker, at: try checked(time))
  }

  /// There is a new worker number `worker`, in place of one that was removed or never there. Returns what it
  /// has to do, whose point is `point(for:)` it; nil where there is nothing yet. Throws, and changes nothing,
  /// where the worker is there.
  @inlinable
  @discardableResult
  public mutating func replace(_ worker: Int) throws(ServerMisuse) -> JobOrder? {
    guard deployment.hasWorker(worker) else { throw .noSuchWorker(worker, of: workers) }
    guard !deployment.isTaken(worker) else { throw .workerIsThere(worker) }
    return deployment.replace(worker)
  }

  /// Why no event can come any more; nil while a ticket is open. O(n) where none is.
  ///
  /// A worker that has a ticket and neither delivers nor fails cannot be told from one that is slow: that is
  /// for the program to notice, which then lets its job fail or removes it.
  public var stall: Stall? {
    guard open == 0 else { return nil }
    var (count, first) = (0, 0)
    for worker in 0..<workers where deployment.isRunning(worker) && !deployment.isTaken(worker) {
      if count == 0 { first = worker }
      count += 1
    }
    return count == 0 ? .nothingToDo : .workersAreGone(count, first: first)
  }

  /// Whether no event can come any more; `stall` says why.
  @inlinable
  public var isStalled: Bool { open == 0 }
}

// MARK: - How it is made

/// What a server is made of; its memory and model apart.
struct ServerRecipe<M: Method>: Sendable {
  let method: M
  let workers: Int
  let present: Int?
  var conditions: Conditions
  let modifiers: Modifiers
  let kinds: Modifiers.Kinds
  /// The method's name.
  let name: String
  /// What is known of the workers; empty where nothing is.
  var fleet = Fleet(Table())
  /// The seed of the method's own choices.
  var seed: UInt64 = 0
  /// Keeps alive what `method` and `modifiers` refer to.
  let owner: (any Sendable)?

  func setup(_ arena: consuming Arena) throws(SetupError) -> Setup {
    guard workers > 0 else { throw .impossible("nothing to serve", remedy: "give at least one worker") }
    let table = try arena.table(of: Worker.self, count: workers)
    table.fill(Worker(tau: 0))
    for worker in table.indices where worker < fleet.workers.count { table[worker] = fleet[worker] }
    var setup = Setup(fleet: Fleet(table, count: workers), conditions: conditions, arena: arena)
    setup.modifiers = modifiers
    return setup
  }

  func deployment(_ setup: inout Setup) throws(SetupError) -> Deployment<M> {
    try Deployment(method, setup: &setup, present: present, kinds: kinds, seed: seed)
  }
}

/// The memory of a server.
@safe
final class ServerMemory: @unchecked Sendable {
  let buffer: UnsafeMutableRawBufferPointer

  /// `bytes` bytes; nil where the machine does not have them.
  init?(_ bytes: Int) {
    var pointer: UnsafeMutableRawPointer?
    guard AvailableMemory.has(bytes),
      unsafe posix_memalign(&pointer, Arena.alignment, max(Arena.alignment, bytes)) == 0
    else { return nil }
    unsafe buffer = UnsafeMutableRawBufferPointer(start: pointer, count: bytes)
  }

  deinit { unsafe free(buffer.baseAddress) }

  /// The memory as an arena; it must not outlive this object.
  func arena() -> Arena { unsafe Arena(buffer) }
}
