// SPDX-License-Identifier: Apache-2.0

/// Recorded durations of jobs, in the order of the file.
///
/// The file is a table in text. With titles, the columns are found by them: the worker, the duration or
/// start and end, and the outcome. Without, one column of numbers is the durations of one worker, and two
/// are worker and duration. Seconds, unless a title or cell names a unit; `inf` is a job that never
/// ended, as is one with an outcome such as `FAILED`. Docs/Files.md has all of it.
public struct RecordedDurations: Equatable, Sendable {
  /// The durations, never negative; `inf` is a failure. At least one.
  public var values: [Double]
  /// Where the file names workers: for every value the index of its worker in `workerNames`.
  public var workers: [Int]?
  /// The workers' names: in ascending order where all are whole numbers, otherwise in natural order.
  public var workerNames: [String]
  /// Where all names are whole numbers with gaps: some of those that are missing, from 0 or 1 on.
  public var gap: [Int] = []
  /// What was taken from the file; nil where there was none.
  public var reading: TableReading?
  /// Whether they are all that a run with real workers did, for the simulator to repeat.
  public var isOfRealRun = false

  /// The first line of a file of such a run.
  public static let realRunTitle = "# all jobs of a run with real workers"

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
  /// Throws where the file cannot be read or holds no durations, where what a column is, or what a cell
  /// means, is not certain, and for what is no duration, at its line and column.
  public static func read(
    _ path: String, _ options: RecordOptions = RecordOptions()
  ) throws(DataError) -> RecordedDurations {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) {
      var record = try parse(bytes, options)
      record.reading?.file = path
      return record
    } catch { throw error.about(path) }
  }

  /// Reads the text `bytes`. O(count). Throws as `read` does.
  public static func parse(
    _ bytes: [UInt8], _ options: RecordOptions = RecordOptions()
  ) throws(DataError) -> RecordedDurations {
    var rows = try TableRows(bytes, "a list of durations")
    guard let first = try rows.next() else { throw noDurations }
    let isOfRealRun = bytes.starts(with: realRunTitle.utf8)
    if let matrix = options.matrix {
      var reader = try MatrixReader(first, matrix, options)
      while let row = try rows.next() { try reader.read(row) }
      return try reader.finish(comments: rows.commentCount)
    }
    var reader = try DurationReader(first, options, comment: rows.leadingComment.map(rows.cells(ofComment:)))
    while let row = try rows.next() { try reader.read(row) }
    var record = try reader.finish(comments: rows.commentCount)
    record.isOfRealRun = isOfRealRun
    return record
  }

  static let noDurations = DataError(
    "holds no durations", remedy: "write a duration in seconds, or inf for a failure, one a line")

  /// The durations of each worker of `workerNames`, in the order of the file; one list where no workers are
  /// named. O(count).
  public var byWorker: [[Double]] {
    guard let workers else { return [values] }
    var result = [[Double]](repeating: [], count: workerNames.count)
    for (value, worker) in zip(values, workers) { result[worker].append(value) }
    return result
  }
}

extension RecordedDurations {
  /// Durations whose workers are the indices of `ids`, brought into the order of these. Throws where one of
  /// them has no duration.
  init(values: [Double], workers: [Int], ids: WorkerIDs) throws(DataError) {
    let order = ids.ordered
    self.init(values: values, workers: workers.map { order.newIndex[$0] }, workerNames: order.names)
    gap = order.gap
    var hasDuration = [Bool](repeating: false, count: order.names.count)
    for worker in self.workers ?? [] { hasDuration[worker] = true }
    if let idle = hasDuration.firstIndex(of: false) {
      throw DataError(
        "all rows of worker \(TableCell.quoted(order.names[idle])) were left out",
        remedy: "take the worker out of the table, or give it a duration")
    }
  }
}
