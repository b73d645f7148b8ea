// SPDX-License-Identifier: Apache-2.0

public import Synchronization

/// A job as the code of a worker sees it: one stochastic gradient.
public struct WorkerJob: Sendable {
  /// The worker, from 0.
  public let worker: Int
  /// Which of the worker's jobs, from 1; with `worker` it picks the sample, as in the simulator.
  public let number: Int
  /// The version k of the point.
  public let version: Int
  /// Seconds that the job may take; infinite unless the method gives trials up.
  public let allotted: Double

  @usableFromInline let ticket: Int
  @usableFromInline let desk: Desk
  /// When the time allotted is over.
  @usableFromInline let deadline: Double
  @usableFromInline let watch: Stopwatch

  @inlinable
  init(
    worker: Int, number: Int, version: Int, start: Double, allotted: Double, desk: Desk, watch: Stopwatch
  ) {
    self.worker = worker
    self.number = number
    self.version = version
    self.allotted = allotted
    self.desk = desk
    self.watch = watch
    ticket = desk.current
    deadline = start + allotted
  }

  /// Whether the gradient is no longer needed: the method has cancelled the job, its time is over, or the
  /// run ends.
  ///
  /// Long-running code checks it now and then and returns early; its result is then ignored.
  @inlinable public var isCancelled: Bool { isWithdrawn || isLate }

  @inlinable var isWithdrawn: Bool { desk.current != ticket }
  @inlinable var isLate: Bool { deadline < .infinity && watch.now() >= deadline }
}

/// Where a worker waits, and sees that its job is withdrawn.
@usableFromInline
final class Desk: Sendable {
  /// Wakes the worker up: once where it has said, under the lock of the run, that it waits.
  @usableFromInline let bell = Bell()
  /// Changes whenever the worker's job does.
  @usableFromInline let ticket = Atomic<Int>(0)

  @inlinable init() {}

  @inlinable var current: Int { ticket.load(ordering: .relaxed) }

  /// Withdraws the worker's job. Called under the lock of the run.
  @inlinable func withdraw() { ticket.add(1, ordering: .relaxed) }
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
