// SPDX-License-Identifier: Apache-2.0

/// Something that happened in a run.
public struct LogEntry: BitwiseCopyable, Sendable {
  /// What can happen to a job, or to the model.
  public enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// A job begins.
    case assign
    /// A job ends with its gradient or message; another entry records whether that is used.
    case arrive
    /// The gradient of a job that has ended is used.
    case use
    /// The gradient of a job that has ended is not used.
    case discard
    /// A trial is given up because its allotted time is over.
    case clip
    /// The server stops a job before its end.
    case cancel
    /// A step of open-ended work is complete.
    case step
    /// x^{k+1} is made; `LogEntry.iteration` is k + 1. The worker is the one whose arrival caused it.
    case update
  }

  /// Simulated seconds.
  public let time: Double
  /// What has happened.
  public let kind: Kind
  /// The worker, from 0.
  public let worker: Int
  /// The worker's job, from 1.
  public let job: Int
  /// The version of the job's point.
  public let version: Int
  /// δ of a job that ends, in updates; NaN where a job begins.
  public let delay: Double
  /// k at that time.
  public let iteration: Int
  /// How many jobs of the worker, from `job` on, this happened to at once.
  public let count: Int

  init(
    time: Double, kind: Kind, worker: Int, job: Int, version: Int, delay: Double, iteration: Int,
    count: Int = 1
  ) {
    self.time = time
    self.kind = kind
    self.worker = worker
    self.job = job
    self.version = version
    self.delay = delay
    self.iteration = iteration
    self.count = count
  }

  /// The entry of job number `index` of those that it stands for, from 0.
  public subscript(index: Int) -> LogEntry {
    LogEntry(
      time: time, kind: kind, worker: worker, job: job + index, version: version, delay: delay,
      iteration: iteration)
  }
}

/// The entries of one event; the driver empties it before the next.
public struct EventLog: BitwiseCopyable, Sendable {
  private let entries: Table<LogEntry>
  /// How many entries the event has left so far.
  public private(set) var count = 0
  /// Whether entries are kept at all.
  public let isRecording: Bool

  init(capacity: Int, arena: inout Arena) throws(SetupError) {
    entries = try arena.table(of: LogEntry.self, count: capacity)
    isRecording = capacity > 0
  }

  /// Entry number `index` of the event, from 0, in the order in which things happened. Traps beyond the log's
  /// room.
  public subscript(index: Int) -> LogEntry { entries[index] }

  mutating func append(_ entry: LogEntry) {
    entries[count] = entry
    count += 1
  }

  mutating func removeAll() { count = 0 }
}
