// SPDX-License-Identifier: Apache-2.0

/// Recorded durations of jobs, in the order of the file.
///
/// The file is text: one number a line, or several columns with one separator throughout (semicolon, tab,
/// comma or blanks). Seconds; `inf` is a job that never ended. `#` begins a comment; blank lines, a
/// byte-order mark and any kind of line end are accepted.
///
/// Without a header every number counts, row by row. With a header the column `duration` counts (or the only
/// column that is not `worker`), and a column `worker` names the worker of each job.
public struct RecordedDurations: Equatable, Sendable {
  /// The durations, never negative; `inf` is a failure. At least one.
  public var values: [Double]
  /// Where the file has a column `worker`: for every value the index of its worker in `workerNames`.
  public var workers: [Int]?
  /// The workers' names: in ascending order where all are whole numbers, otherwise as they first appear.
  public var workerNames: [String]

  /// Durations in seconds, in the order of recording; `workers` has, for every one of them, the index of its
  /// worker in `workerNames`. Nothing is checked here: making delays of them throws for values that are
  /// negative or NaN.
  public init(values: [Double], workers: [Int]? = nil, workerNames: [String] = []) {
    self.values = values
    self.workers = workers
    self.workerNames = workerNames
  }

  /// Reads the file at `path`, which may be gzip. O(size).
  ///
  /// Throws where the file cannot be read or holds no durations, and for what is no duration, at its line and
  /// column.
  public static func read(_ path: String) throws(DataError) -> RecordedDurations {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) { return try parse(bytes) } catch { throw error.about(path) }
  }

  /// Reads the text `bytes`. O(count). Throws where it holds no durations, and for what is none, at its line
  /// and column.
  public static func parse(_ bytes: [UInt8]) throws(DataError) -> RecordedDurations {
    if let kind = FileKind.recognise(bytes) {
      throw DataError("is \(kind.name), not a list of durations", remedy: kind.remedy)
    }
    var reader = DurationReader()
    var rows = TextRows(bytes)
    while let row = try rows.next() { try reader.read(row) }
    return try reader.finish()
  }

  /// The durations of each worker of `workerNames`, in the order of the file; one list where no workers are
  /// named. O(count).
  public var byWorker: [[Double]] {
    guard let workers else { return [values] }
    var result = [[Double]](repeating: [], count: workerNames.count)
    for (value, worker) in zip(values, workers) { result[worker].append(value) }
    return result
  }
}
