/// Something that happened in a run.
public struct LogEntry: BitwiseCopyable, Sendable {
  public enum Kind: UInt8, BitwiseCopyable, Sendable {
    case assign, arrive, use, discard, clip, cancel, update
  }

  /// Simulated seconds.
  public let time: Double
  public let kind: Kind
  /// The worker, from 0.
  public let worker: Int
  /// The worker's job, from 1.
  public let job: Int
  /// The version of the job's point.
  public let version: Int
  /// δ of a job that ends, in updates; nan where a job begins.
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
  public private(set) var count = 0
  /// Whether entries are kept at all.
  public let isRecording: Bool

  init(capacity: Int, arena: inout Arena) throws(SetupError) {
    entries = try arena.table(of: LogEntry.self, count: capacity)
    isRecording = capacity > 0
  }

  public subscript(index: Int) -> LogEntry { entries[index] }

  mutating func append(_ entry: LogEntry) {
    entries[count] = entry
    count += 1
  }

  mutating func removeAll() { count = 0 }
}
