// SPDX-License-Identifier: Apache-2.0

public import Synchronization

/// A job as the code of a worker sees it: one stochastic gradient. Of a job of several the code sees one
/// after another.
public struct WorkerJob: Sendable {
  /// The worker, from 0.
  public let worker: Int
  /// Which of the worker's jobs, from 1; with `worker` it picks the sample, as in the simulator.
  public let number: Int
  /// The version k of the point; of local steps that of the first one's.
  public let version: Int
  /// Seconds that the job may take; infinite unless the method gives trials up.
  public let allotted: Double

  /// How many gradients the job has; `number` is that of the last one.
  @usableFromInline package let count: Int
  /// γ of the local steps that they make; NaN where all are at the job's point.
  @usableFromInline package let stepsize: Double
  @usableFromInline let ticket: Int
  @usableFromInline let desk: Desk
  /// When the time allotted is over.
  @usableFromInline let deadline: Double
  @usableFromInline let watch: Stopwatch

  /// `job` under another number.
  private init(_ job: WorkerJob, number: Int) {
    (worker, version, allotted, self.number) = (job.worker, job.version, job.allotted, number)
    (count, stepsize, ticket, desk) = (job.count, job.stepsize, job.ticket, job.desk)
    (deadline, watch) = (job.deadline, job.watch)
  }

  @inlinable
  package init(
    worker: Int, number: Int, version: Int, start: Double, allotted: Double, count: Int = 1,
    stepsize: Double = .nan, desk: Desk, watch: Stopwatch
  ) {
    (self.count, self.stepsize) = (count, stepsize)
    self.worker = worker
    self.number = number
    self.version = version
    self.allotted = allotted
    self.desk = desk
    self.watch = watch
    ticket = desk.current
    deadline = start + allotted
  }

  /// Gradient number `index` of the job, from 0.
  @usableFromInline
  package func gradient(_ index: Int) -> WorkerJob {
    WorkerJob(self, number: number + index + 1 - count)
  }

  /// Whether the gradient is no longer needed: the method has cancelled the job, its time is over, or the
  /// run ends.
  ///
  /// Long-running code checks it now and then and returns early; its result is then ignored.
  @inlinable public var isCancelled: Bool {
    desk.look?()
    return isWithdrawn || isLate
  }

  @inlinable package var isWithdrawn: Bool { desk.current != ticket }
  @inlinable package var isLate: Bool { deadline < .infinity && watch.now() >= deadline }
}

/// Where a worker waits, and sees that its job is withdrawn.
@usableFromInline
package final class Desk: Sendable {
  /// Wakes the worker up: once where it has said, under the lock of the run, that it waits.
  @usableFromInline let bell = Bell()
  /// Changes whenever the worker's job does.
  @usableFromInline let ticket = Atomic<Int>(0)
  /// Looks whether the job is withdrawn, where no other thread says so.
  @usableFromInline let look: (@Sendable () -> Void)?

  @inlinable package init(look: (@Sendable () -> Void)? = nil) { self.look = look }

  @inlinable var current: Int { ticket.load(ordering: .relaxed) }

  /// Withdraws the worker's job. Called under the lock of the run, if it has one.
  @inlinable package func withdraw() { ticket.add(1, ordering: .relaxed) }
}

/// A job that has ended.
public struct JobRecord: Equatable, Sendable {
  /// How a job ended.
  public enum End: Equatable, Sendable {
    /// Its gradient was handed in.
    case delivered
    /// The time allotted was over.
    case expired
    /// The method stopped it.
    case cancelled
    /// Still running when the record was read.
    case running
  }

  /// The worker, from 0.
  public var worker: Int
  /// Which of the worker's jobs, from 1.
  public var number: Int
  /// When it was given out, in seconds since the first run began.
  public var start: Double
  /// Seconds until its end.
  public var duration: Double
  /// How it ended.
  public var end: End

  /// A job by its parts.
  public init(worker: Int, number: Int, start: Double, duration: Double, end: End) {
    self.worker = worker
    self.number = number
    self.start = start
    self.duration = duration
    self.end = end
  }
}
