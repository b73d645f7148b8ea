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
  /// Rung when the run is over.
  @usableFromInline let bell = Bell()

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
    state = Mutex(ThreadedState(server, desks: desks, records: records))
  }

  /// Runs until `stop`, or until `condition` holds after an event; then every thread has ended.
  ///
  /// It may be called again and then continues: jobs that ran when it stopped begin anew at their points.
  /// `gradient` is called on a worker's thread with the job, its point, and a vector of zeros to put the
  /// gradient in; for a job of several gradients once for each, at the points that local steps lead to.
  /// Before it is called the worker waits for as many seconds as `delay` says, forever where they are
  /// infinite. `condition` is called under the lock: it must not use this object.
  ///
  /// Throws the first `WorkerFailure`, or `NoThread`. Code that does not return keeps the run from ending.
  @inlinable
  public func run<C: Clock>(
    until stop: Stop = Stop(), clock: C, delay: (@Sendable (WorkerJob) -> Double)? = nil,
    condition: (@Sendable (borrowing ParameterServer<M, Scalar>) -> Bool)? = nil,
    gradient: @escaping @Sendable (WorkerJob, Span<Scalar>, inout MutableSpan<Scalar>) throws -> Void
  ) throws -> StopReason where C.Duration == Duration {
    let watch = locked { state in
      let watch = Stopwatch(clock, from: state.time)
      state.begin(until: stop, watch, condition)
      return watch
    }
    let code = WorkerCode(delay: delay, gradient: gradient)
    try Threads.run(desks.count) { [self] worker in
      work(as: worker, code, watch)
    } meanwhile: {
      waitForEnd(watch)
    } failed: {
      locked { $0.end(because: .starved) }
    }
    return try locked { state throws in try state.result() }
  }

  /// Waits until the run is over, and ends it when its seconds have passed.
  @inlinable
  func waitForEnd(_ watch: Stopwatch) {
    while true {
      let left: Double? = locked { $0.left(by: watch.now()) }
      guard let left else { return }
      _ = bell.wait(seconds: left)
    }
  }
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
  @inlinable public var log: JobLog { locked { $0.log } }

  /// Reads the server, also during a run; events wait meanwhile.
  @inlinable
  public func withServer<Result: Sendable>(
    _ body: (borrowing ParameterServer<M, Scalar>) -> Result
  ) -> Result {
    locked { body($0.server) }
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
