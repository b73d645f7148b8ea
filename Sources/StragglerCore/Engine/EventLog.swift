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
