// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
internal import Synchronization

/// HOGWILD! on threads of this process: each reads the shared model, computes a stochastic gradient and
/// subtracts it, coordinate by coordinate, without any locks.
///
///     let run = HogwildRun(model: x0.span, workers: 8)
///     let reason = try run.run(until: Stop(updates: 1_000_000), clock: ContinuousClock()) { job, x in
///       let row = rows[pick(job.number)]
///       let slope = -row.label / (1 + exp(row.label * x.dot(row.values.span, at: row.columns.span)))
///       x.step(along: row.values.span, at: row.columns.span, by: 0.1 * slope)
///     }
///     print(run.model.values)
///
/// Where gradients touch few of very many coordinates, threads hardly ever meet, and n of them are almost n
/// times as fast as one. Where they write to the same ones, each waits for the others' caches, and one thread
/// is faster. Source: Niu, Recht, Ré, Wright, "HOGWILD!" (2011). The method `hogwild` simulates it.
public final class HogwildRun: Sendable {
  /// The model that the threads share; it may be read while they run.
  public let model: SharedModel
  /// n, the number of threads.
  public let workers: Int
  /// Jobs that have been given out, and updates that have been made.
  private let claimed = Atomic<Int>(0)
  private let made = Atomic<Int>(0)
  /// Seconds of the runs so far.
  private let seconds = Mutex(0.0)
  /// The run at hand.
  private let atHand = Mutex<HogwildEnd?>(nil)

  /// Jobs that a thread takes at once, so that threads do not meet at the counter.
  private static let block = 32

  /// A run that starts at `x`, with `workers` threads, at least one.
  public init(model x: Span<Double>, workers: Int) {
    model = SharedModel(x)
    self.workers = max(1, workers)
  }

  /// Updates that have been made so far.
  public var updates: Int { made.load(ordering: .relaxed) }

  /// Calls `update` on all threads until `stop`; then every thread has ended. An update is one arrival, and
  /// one of everything else that is counted; energy is not.
  ///
  /// It may be called again and then continues. With a number of updates, exactly that many are made, and
  /// their jobs are numbered from 1, across all threads; jobs that a thread has taken when the seconds are
  /// over, or `stop()` is called, are left out. `progress` is called on the thread that called this, ten
  /// times a second, with the updates and seconds so far. Throws the first `WorkerFailure`, `NoThread`, or
  /// `RunIsGoingOn` where it is running already. Code that does not return keeps the run from ending.
  ///
  /// The state of a run is its model: `model.values` is a checkpoint, and a run that starts from it goes on.
  public func run<C: Clock>(
    until stop: Stop, clock: C, progress: ((_ updates: Int, _ seconds: Double) -> Void)? = nil,
    update: @escaping @Sendable (HogwildJob, SharedModel) throws -> Void
  ) throws -> StopReason where C.Duration == Duration {
    let end = HogwildEnd()
    let isFree = atHand.withLock { atHand in
      guard atHand == nil else { return false }
      atHand = end
      return true
    }
    guard isFree else { throw RunIsGoingOn() }
    defer { atHand.withLock { $0 = nil } }
    claimed.store(updates, ordering: .relaxed)
    let limit = stop.jobs
    let watch = Stopwatch(clock, from: seconds.withLock { $0 })
    defer { seconds.withLock { $0 = watch.now() } }
    try Threads.run(workers) { [self] worker in
      work(as: worker, below: limit, end, update)
    } meanwhile: {
      while !end.isReached {
        // One that is NaN is no end.
        let left = stop.time.map { $0 - watch.now() } ?? .infinity
        guard !(left <= 0) else { return end.reach(.success(.time)) }
        let isRung = end.bell.wait(
          seconds: min(left.isNaN ? .infinity : left, progress == nil ? .infinity : 0.1))
        if !isRung { progress?(updates, watch.now()) }
      }
    } failed: {
      end.reach(.success(.starved))
    }
    return try end.result()
  }

  /// Ends the run at hand, with `interrupted` for the reason, on any thread; without a run it does nothing.
  public func stop() { atHand.withLock { $0 }?.reach(.success(.interrupted)) }

  private func work(
    as worker: Int, below limit: Int, _ end: HogwildEnd,
    _ update: (HogwildJob, SharedModel) throws -> Void
  ) {
    // Read here once: the counters beside it are written by all.
    let model = model
    while !end.isReached {
      let first = claimed.add(Self.block, ordering: .relaxed).oldValue
      guard first < limit else { return end.reach(.success(.updates)) }
      var done = 0
      defer { made.add(done, ordering: .relaxed) }
      for number in first..<min(first + Self.block, limit) {
        if end.isHurried { return }
        do { try update(HogwildJob(worker: worker, number: number + 1), model) } catch {
          return end.reach(.failure(WorkerFailure(worker: worker, job: number + 1, error: error)))
        }
        done += 1
      }
    }
  }
}

/// An update of a shared model.
public struct HogwildJob: Sendable {
  /// Which thread makes it, from 0.
  public let worker: Int
  /// Its number among all, from 1.
  public let number: Int
}

/// How a run ends.
private final class HogwildEnd: Sendable {
  private enum Phase {
    static let running = 0
    /// Every job has been taken: threads with jobs left finish them.
    static let finishing = 1
    static let over = 2
  }

  let bell = Bell()
  private let phase = Atomic<Int>(Phase.running)
  private let reason = Mutex<Result<StopReason, WorkerFailure>?>(nil)

  var isReached: Bool { phase.load(ordering: .relaxed) != Phase.running }
  /// Whether jobs that have been taken are left.
  var isHurried: Bool { phase.load(ordering: .relaxed) == Phase.over }

  /// The first reason given is kept, unless a worker fails.
  func reach(_ result: Result<StopReason, WorkerFailure>) {
    reason.withLock { reason in
      switch (result, reason) {
      case (.success(.updates), nil): phase.store(Phase.finishing, ordering: .relaxed)
      case (_, nil), (.failure, .success): phase.store(Phase.over, ordering: .relaxed)
      default: return
      }
      reason = result
    }
    bell.ring()
  }

  func result() throws(WorkerFailure) -> StopReason {
    try (reason.withLock { $0 } ?? .success(.updates)).get()
  }
}

extension Stop {
  /// The least of the bounds on what each update of a shared model is one of.
  fileprivate var jobs: Int {
    [updates, arrivals, events, budget.used, budget.gradients].compactMap(\.self).min() ?? .max
  }
}
