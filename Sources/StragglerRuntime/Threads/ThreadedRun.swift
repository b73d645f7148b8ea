// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
public import Synchronization

/// A method whose workers are threads of this process.
///
///     let run = try ThreadedRun(ringmaster, model: x0.span, workers: 8)
///     let stop = Stop(updates: 10_000)
///     let reason = try run.run(until: stop, clock: ContinuousClock()) { job, x, gradient in
///       for sample in batch(job.worker, job.number) where !job.isCancelled { add(sample, x, &gradient) }
///     }
///     print(run.model)
///
/// Each worker has a thread. On it the caller's code computes a stochastic gradient at the point that came
/// with the order; the thread then takes the lock, hands the gradient to the `ParameterServer`, and passes
/// its orders on. A worker without a job waits. The result of a cancelled job is dropped. Jobs are timed
/// only on the clock that is handed in.
///
/// Between events nothing is allocated, unless they are recorded. A run costs n threads with a point and a
/// gradient each; where there are fewer processors than threads, the system shares them out.
public final class ThreadedRun<M: Method, Scalar: StragglerCore.Scalar>: Sendable {
  @usableFromInline let state: Mutex<ThreadedState<M, Scalar>>
  @usableFromInline let desks: [Desk]
  @usableFromInline let dimension: Int
  /// Rung when the run is over, or is to stop.
  @usableFromInline let bell = Bell()
  @usableFromInline let flags = RunFlags()
  /// Who has the lock.
  @usableFromInline let holder = LockHolder<ThreadedState<M, Scalar>>()

  /// A server with `model` as x⁰ and `workers` threads to come, as `ParameterServer` takes them.
  ///
  /// With `records`, `log` has every job of the runs.
  @inlinable
  public init(
    _ method: M, model: Span<Scalar>, workers: Int, conditions: Conditions = Conditions(),
    modifiers: Modifiers = Modifiers(), records: Bool = false
  ) throws(SetupError) {
    let server = try ParameterServer(
      method, model: model, workers: workers, conditions: conditions, modifiers: modifiers)
    guard !server.hasOpenEndedWork else {
      throw .impossible(
        "local steps until the server stops them, on threads",
        remedy: "take a method with local=, or drive a ParameterServer")
    }
    dimension = model.count
    desks = (0..<workers).map { _ in Desk() }
    state = Mutex(ThreadedState(server, desks: desks, records: records, holder: holder))
  }

  /// Runs until `stop`, until `condition` holds, or until `stop()` is called; then every thread has ended.
  ///
  /// It may be called again and then continues: jobs that ran when it stopped begin anew at their points.
  /// `gradient`, a closure or a function, is called on a worker's thread with the job, its point, and a
  /// vector of zeros to put the gradient in; for a job of several gradients once for each, at the points
  /// that local steps lead to. Before it is called the worker waits for as many seconds as `delay` says,
  /// forever where they are infinite. `condition` is called under the lock after every event, and at least
  /// 50 times a second where there are fewer; it may read this object. `progress` is called on the thread
  /// that called this, ten times a second, with the updates and seconds so far.
  ///
  /// Throws the first `WorkerFailure`, `NoThread`, or `RunIsGoingOn` where another thread, or the code of a
  /// worker, has it run already. The run ends within 50 ms, once the code of workers returns, which sees by
  /// `WorkerJob.isCancelled` that it is to.
  @inlinable
  public func run<C: Clock>(
    until stop: Stop = Stop(), clock: C, delay: (@Sendable (WorkerJob) -> Double)? = nil,
    condition: (@Sendable (borrowing ParameterServer<M, Scalar>) -> Bool)? = nil,
    progress: ((_ updates: Int, _ seconds: Double) -> Void)? = nil,
    gradient: @escaping @Sendable (WorkerJob, Span<Scalar>, inout MutableSpan<Scalar>) throws -> Void
  ) throws -> StopReason where C.Duration == Duration {
    guard !flags.isGoingOn.exchange(true, ordering: .acquiring) else { throw RunIsGoingOn() }
    defer { flags.isGoingOn.store(false, ordering: .releasing) }
    flags.isToStop.store(false, ordering: .relaxed)
    let watch = locked { state in
      let watch = Stopwatch(clock, from: state.time)
      state.begin(until: stop, watch, condition)
      return watch
    }
    let code = WorkerCode(delay: delay, gradient: gradient)
    try Threads.run(desks.count) { [self] worker in
      work(as: worker, code, watch)
    } meanwhile: {
      waitForEnd(watch, polls: condition != nil, progress)
    } failed: {
      locked { $0.end(because: .starved) }
    }
    return try locked { state throws in try state.result() }
  }

  /// Ends the run at hand, with `interrupted` for the reason. It may be called on any thread, also by the
  /// code of a worker, a condition or a callback; without a run it does nothing.
  public func stop() {
    flags.isToStop.store(true, ordering: .relaxed)
    bell.ring()
  }

  /// Waits until the run is over, and ends it when its seconds have passed or it is to stop.
  @inlinable
  func waitForEnd(
    _ watch: Stopwatch, polls: Bool, _ progress: ((_ updates: Int, _ seconds: Double) -> Void)?
  ) {
    var nextReport = watch.now() + 0.1
    while true {
      let isToStop = flags.isToStop.load(ordering: .relaxed)
      let now = watch.now()
      let left: Double? = locked { $0.left(by: now, isToStop: isToStop, polls: polls) }
      guard var left else { return }
      if let progress, now >= nextReport {
        progress(iteration, now)
        nextReport = now + 0.1
      }
      if progress != nil { left = min(left, 0.1) }
      if polls { left = min(left, 0.02) }
      _ = bell.wait(seconds: left)
    }
  }
}

/// What other threads tell a run, without its lock.
///
/// A class of its own: as parts of one whose initialiser throws, the optimizer of Swift 6.3 fails on them.
@usableFromInline
final class RunFlags: Sendable {
  @usableFromInline let isGoingOn = Atomic<Bool>(false)
  @usableFromInline let isToStop = Atomic<Bool>(false)

  @usableFromInline init() {}
}

/// A run was to begin that is going on already.
public struct RunIsGoingOn: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String { "the run is going on already; call run again when it has returned" }

  @usableFromInline init() {}
}

// MARK: - The lock

extension ThreadedRun {
  /// Calls `body` under the lock.
  ///
  /// An event takes a microsecond but waking a thread takes many, and a lock with a queue passes from one
  /// sleeping thread to the next. So it spins for a while, yields and spins again, and only then queues.
  @inlinable
  func locked<Result, Failure: Error>(
    _ body: (inout sending ThreadedState<M, Scalar>) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    for attempt in 0..<1_000 {
      if let result = try state.withLockIfAvailable(body) { return result }
      if attempt >= 100 { Threads.yield() }
    }
    return try state.withLock(body)
  }
}

// MARK: - Results

extension ThreadedRun {
  /// x^k.
  @inlinable public var model: [Scalar] {
    withServer { server in server.model.indices.map { server.model[$0] } }
  }

  /// k, the number of updates so far.
  @inlinable public var iteration: Int { withServer { $0.iteration } }
  /// The statistics so far; times are seconds on the clock.
  @inlinable public var counts: Counts { withServer { $0.counts } }

  /// Every job so far, if the run records them.
  @inlinable public var log: JobLog { read { $0.log } }

  /// Reads the server, also during a run; events wait meanwhile. Code that the run calls may read it, too.
  @inlinable
  public func withServer<Result: Sendable>(
    _ body: (borrowing ParameterServer<M, Scalar>) -> Result
  ) -> Result {
    read { body($0.server) }
  }

  /// Calls `body` under the lock, or where this thread was called under it.
  @inlinable
  func read<Result: Sendable>(_ body: (borrowing ThreadedState<M, Scalar>) -> Result) -> Result {
    if let result = holder.read(body) { return result }
    return locked { state in
      holder.enter(state)
      defer { holder.leave() }
      return body(state)
    }
  }
}

// MARK: - Checkpoints

extension ThreadedRun {
  /// The state of the server, to go on from later, also during a run; see `ParameterServer.checkpoint()`.
  public func checkpoint() throws(SetupError) -> [UInt8] {
    try read { server -> Swift.Result<[UInt8], SetupError> in
      do throws(SetupError) { return .success(try server.server.checkpoint()) } catch {
        return .failure(error)
      }
    }.get()
  }

  /// Goes on from `bytes` of `checkpoint()` in the next run; see `ParameterServer.restore(_:life:)`. The log
  /// goes on.
  ///
  /// Throws, and changes nothing, where the bytes are of no such run, or a run is going on.
  public func restore(_ bytes: [UInt8], life: UInt16? = nil) throws {
    guard !flags.isGoingOn.exchange(true, ordering: .acquiring) else { throw RunIsGoingOn() }
    defer { flags.isGoingOn.store(false, ordering: .releasing) }
    try locked { (state) throws(ServerCheckpointError) in try state.restore(bytes.span, life: life) }
  }
}

/// What the workers' threads call.
@usableFromInline
struct WorkerCode<Scalar: StragglerCore.Scalar>: Sendable {
  @usableFromInline let delay: (@Sendable (WorkerJob) -> Double)?
  @usableFromInline let gradient:
    @Sendable (WorkerJob, Span<Scalar>, inout MutableSpan<Scalar>) throws -> Void

  @inlinable
  init(
    delay: (@Sendable (WorkerJob) -> Double)?,
    gradient: @escaping @Sendable (WorkerJob, Span<Scalar>, inout MutableSpan<Scalar>) throws -> Void
  ) {
    self.delay = delay
    self.gradient = gradient
  }
}
