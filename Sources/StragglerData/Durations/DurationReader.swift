// SPDX-License-Identifier: Apache-2.0

/// Gathers durations from a table with a row a job.
struct DurationReader {
  private let options: RecordOptions
  private let columns: TableColumns
  private let width: Int
  private let firstLine: Int
  private let hasTitles: Bool
  /// Where durations are no column of their own.
  private let interval: (start: TableColumn, end: TableColumn)?
  private var durations: TimeColumn
  private var starts: TimeColumn
  private var ends: TimeColumn

  private var values: [Double] = []
  private var workers: [Int] = []
  private var ids = WorkerIDs()
  private var failures = (byOutcome: 0, byDuration: 0)
  private var skipped = 0
  /// The words of the outcomes, in the order in which they came, and the first that is not known.
  private var outcomes: [String] = []
  private var unknownOutcome: TableCell?
  private var steps = JobSteps()

  private static let roles = [
    TableRole.worker, .start, .end, .duration, .outcome, .job,
  ]
  private static let howToWrite = "write a duration in seconds, or inf for a failure"

  /// A reader for a table whose first row is `row`; `comment` is the cells of a comment before it.
  init(_ row: [TableCell], _ options: RecordOptions, comment: [TableCell]?) throws(DataError) {
    self.options = options
    width = row.count
    firstLine = row[0].line
    hasTitles = !row.contains { $0.looksLikeValue }
    if hasTitles {
      columns = try TableColumns(titles: row, roles: Self.roles, given: options.columns)
    } else {
      columns = try Self.positions(row, options)
      try Self.refuseTitles(in: row, comment)
    }
    let (start, end) = (columns[.start], columns[.end])
    if let duration = columns[.duration] {
      interval = nil
      durations = TimeColumn(options.unit ?? duration.unit)
    } else if let start, let end {
      interval = (start, end)
      durations = TimeColumn(nil)
    } else {
      throw Self.missing(row, columns)
    }
    starts = TimeColumn(options.unit ?? start?.unit, takesInstants: true)
    ends = TimeColumn(options.unit ?? end?.unit, takesInstants: true)
    if hasTitles {
      for role in [TableRole.worker, .outcome] {
        try columns.refuseLookalikes(role, row, given: options.columns[role.name])
      }
    } else {
      try read(row)
    }
  }

  mutating func read(_ row: [TableCell]) throws(DataError) {
    guard row.count == width else {
      let cell = row.count > width ? row[width] : row[row.count - 1]
      throw cell.error(
        "this row has \(row.count) \(row.count == 1 ? "cell" : "cells"), "
          + "that of line \(firstLine) has \(width)",
        "every row needs the same number of cells")
    }
    guard values.makeRoom(for: 1), workers.makeRoom(for: 1) else { throw DataError.outOfMemory }
    if let job = columns[.job] { try steps.see(row[job.index]) }
    var worker: Int?
    if let column = columns[.worker] {
      let cell = row[column.index]
      if cell.isMissing {
        guard options.skipsMissing else {
          throw cell.error("the worker is missing", "give every row a worker; missing=skip leaves rows out")
        }
      } else {
        if !hasTitles, !cell.isWholeNumber, ExactDecimal.isDecimal(cell.text) { throw Self.shapeless(cell) }
        guard cell.infinity == nil else {
          throw cell.error("a worker cannot be \(cell.quoted)", "give the worker another name")
        }
        guard !["total", "sum", "mean", "average", "avg", "median"].contains(cell.lowercased) else {
          throw cell.error("\(cell.quoted) looks like a summary, not a worker", "take the row out")
        }
        worker = try ids.index(of: cell)
      }
    }
    let failed = try hasFailed(row)
    let duration = try duration(row)
    guard let failed, var duration, worker != nil || columns[.worker] == nil else {
      skipped += 1
      return
    }
    if failed {
      failures.byOutcome += 1
      duration = .infinity
    } else if duration == .infinity {
      failures.byDuration += 1
    }
    values.append(duration)
    if let worker { workers.append(worker) }
  }

  /// Whether the job of a row failed; nil where the row is to be left out.
  private mutating func hasFailed(_ row: [TableCell]) throws(DataError) -> Bool? {
    guard let column = columns[.outcome] else { return false }
    let cell = row[column.index]
    if cell.isMissing {
      guard options.skipsMissing else {
        throw cell.error("the outcome is missing", "give every row an outcome; missing=skip leaves rows out")
      }
      return nil
    }
    let word = cell.string
    if outcomes.count < 16, !outcomes.contains(word) { outcomes.append(word) }
    let hasSignals = column.title.map { Title.key($0).hasSuffix("code") } ?? false
    guard let outcome = Outcome(word, hasSignals: hasSignals) else {
      if unknownOutcome == nil { unknownOutcome = cell }
      return false
    }
    return outcome == .failed
  }

  /// The duration of a row; nil where the row is to be left out.
  private mutating func duration(_ row: [TableCell]) throws(DataError) -> Double? {
    let skips = options.skipsMissing
    guard let interval else {
      guard let column = columns[.duration] else { return nil }
      let cell = row[column.index]
      guard let seconds = try Self.time(cell, "a duration", &durations, skips) else { return nil }
      guard seconds.value >= 0 else {
        return try Self.skip(cell, "a duration cannot be negative: \(cell.quoted)", skips)
      }
      try checkInterval(row, seconds.value)
      return seconds.value == 0 ? 0 : seconds.value
    }
    let (first, last) = (row[interval.start.index], row[interval.end.index])
    guard let start = try Self.time(first, "an instant", &starts, skips),
      let end = try Self.time(last, "an instant", &ends, skips)
    else { return nil }
    guard start.value.isFinite else {
      throw first.error("a job cannot start at \(first.quoted)", "write when it started, in seconds")
    }
    if end.value == .infinity { return .infinity }
    guard starts.form == ends.form else {
      throw last.error(
        "start and end are written in different ways: \(first.quoted) and \(last.quoted)",
        "write both as seconds, or both as dates, with zones or without")
    }
    let seconds = (end - start).value
    guard seconds >= 0 else {
      return try Self.skip(last, "the end \(last.quoted) is before the start \(first.quoted)", skips)
    }
    return seconds == 0 ? 0 : seconds
  }

  /// The time in a cell; nil where it is missing and may be.
  private static func time(
    _ cell: TableCell, _ what: String, _ column: inout TimeColumn, _ skips: Bool
  ) throws(DataError) -> Seconds? {
    if cell.isMissing {
      let words = cell.lowercased
      return try skip(cell, words.isEmpty ? "an empty cell" : "a duration cannot be \(words)", skips)
    }
    if let infinity = cell.infinity { return Seconds(infinity) }
    let seconds = try column.seconds(cell, what)
    guard seconds.value.isFinite else {
      throw cell.error("\(cell.quoted) is too large for a number", "write inf for a failure")
    }
    return seconds
  }

  /// Nothing where rows may be left out; else an error.
  private static func skip<Value>(
    _ cell: TableCell, _ problem: String, _ skips: Bool
  ) throws(DataError) -> Value? {
    guard skips else { throw cell.error(problem, howToWrite + "; missing=skip leaves such rows out") }
    return nil
  }

  /// Where a table has durations and also starts and ends, they must agree.
  private mutating func checkInterval(_ row: [TableCell], _ duration: Double) throws(DataError) {
    guard options.columns[TableRole.duration.name] == nil, let duration_ = columns[.duration],
      let first = columns[.start], let last = columns[.end],
      let start = try? starts.seconds(row[first.index], "an instant"),
      let end = try? ends.seconds(row[last.index], "an instant"), duration < .infinity
    else { return }
    let difference = (end - start).value
    // Schedulers round to whole seconds, and each of the three on its own.
    guard (difference - duration).magnitude > 1 + 1e-6 * duration else { return }
    throw row[duration_.index].error(
      "the duration \(row[duration_.index].quoted) and what lies between "
        + "\(row[first.index].quoted) and \(row[last.index].quoted) differ",
      "say which counts: duration=\(TableColumns.written(duration_.name)) or duration=none")
  }

  mutating func finish(comments: Int) throws(DataError) -> RecordedDurations {
    if let cell = unknownOutcome {
      throw cell.error(
        "the outcome \(cell.quoted) is not known; "
          + "the column has \(TableCell.list(outcomes))",
        "write ok or failed, or outcome=none where the column is no outcome")
    }
    guard !values.isEmpty else { throw RecordedDurations.noDurations }
    try refuseClockTimes()
    var record = RecordedDurations(values: values)
    var notes: [String] = []
    if columns[.worker] != nil {
      record = try RecordedDurations(values: values, workers: workers, ids: ids)
      notes = ids.ordered.notes
    }
    record.reading = reading(record, notes, comments)
    return record
  }
}

// MARK: - What was taken

extension DurationReader {
  private func reading(_ record: RecordedDurations, _ notes: [String], _ comments: Int) -> TableReading {
    var items: [TableReading.Item] = []
    if let worker = columns[.worker] {
      items.append(.init("workers", record.workerNames.count, by: [worker.name]))
    }
    let times = interval.map { [$0.start, $0.end] } ?? [columns[.duration]].compactMap(\.self)
    let unit = TimeColumn.unitNames(interval == nil ? [durations] : [starts, ends])
    items.append(.init("durations", values.count, by: times.map(\.name), unit: unit))
    let failed = failures.byOutcome + failures.byDuration
    if failed > 0 || columns[.outcome] != nil {
      var by = columns[.outcome].map { [$0.name] } ?? []
      if failures.byDuration > 0 { by.append("inf") }
      items.append(.init("failed", failed, by: by))
    }
    if skipped > 0 { items.append(.init("rows skipped", skipped)) }
    var unused = columns.unused
    if interval == nil { unused += [columns[.start], columns[.end]].compactMap { $0?.title } }
    if let job = columns[.job]?.title { unused.append(job) }
    var notes = notes
    if columns[.worker] == nil { notes.insert("no column names the worker", at: 0) }
    if comments > 0 { notes.append("comments behind \(comments) \(comments == 1 ? "row" : "rows") left out") }
    return TableReading(items, unused: unused, notes: notes)
  }
}

// MARK: - What would be a misreading

extension DurationReader {
  /// The columns of a table without titles.
  private static func positions(
    _ row: [TableCell], _ options: RecordOptions
  ) throws(DataError) -> TableColumns {
    if !options.columns.isEmpty {
      // Numbers of columns.
      return try TableColumns(
        titles: row.map { TableCell(line: $0.line, column: $0.column, text: []) }, roles: roles,
        given: options.columns.merging(["worker": "none"]) { given, _ in given })
    }
    switch row.count {
    case 1: return TableColumns(positions: [(.duration, 0)])
    case 2:
      guard row[0].isWholeNumber || !ExactDecimal.isDecimal(row[0].text) else { throw shapeless(row[0]) }
      return TableColumns(positions: [(.worker, 0), (.duration, 1)])
    default: throw shapeless(row[0])
    }
  }

  private static func shapeless(_ cell: TableCell) -> DataError {
    cell.error(
      "without titles it is not known what the columns are",
      "write titles such as worker,duration; or say columns=worker where every column is a worker, "
        + "columns=samples where every row is one")
  }

  /// Refuses titles beside numbers, and titles behind `#`, whose units would be lost.
  private static func refuseTitles(in row: [TableCell], _ comment: [TableCell]?) throws(DataError) {
    let known = roles.map { ($0.titles.union($0.weakTitles), $0.isTime) }
    func isTitle(_ cell: TableCell) -> Bool {
      known.contains { if case .no = Title(cell).fit($0.0, isTime: $0.1) { false } else { true } }
    }
    if let cell = row.first(where: isTitle) {
      throw cell.error(
        "\(cell.quoted) is a title, and there are numbers beside it",
        "give every column a title that does not begin with a digit")
    }
    guard let comment, comment.count == row.count, comment.allSatisfy(isTitle) else { return }
    let plain = comment.count == 1 && ["seconds", "duration"].contains(Title(comment[0]).key)
    if !plain {
      throw comment[0].error(
        "the titles stand behind #, which makes them a comment", "take the # out, or write other words")
    }
  }

  private static func missing(_ row: [TableCell], _ columns: TableColumns) -> DataError {
    let titles = TableCell.list(row.map(\.string))
    let verb = row.count == 1 ? "is" : "are"
    if let instant = row.first(where: {
      Title($0).words.contains { ["timestamp", "at", "date"].contains($0) }
    }) {
      return instant.error(
        "no column gives durations; \(instant.quoted) are instants; there \(verb) \(titles)",
        "add the column duration, or start and end of each job")
    }
    return row[0].error(
      "no column gives durations: none is named duration, or start and end; there \(verb) \(titles)",
      "name it \"duration\", or say which: duration=TITLE; columns=worker where every column is a worker")
  }

  /// Refuses durations that are instants by their size, or that grow as a clock does under a title that
  /// could mean one.
  private func refuseClockTimes() throws(DataError) {
    guard interval == nil, options.columns[TableRole.duration.name] == nil, let column = columns[.duration]
    else { return }
    let name = column.title.map { TableCell.quoted($0) } ?? column.name
    let finite = values.filter { $0 < 1e290 }
    let place = DataError.Place.text(line: firstLine, column: 1)
    if let least = finite.min(), least >= 1e8 {
      throw DataError(
        "the times of \(name) look like instants: the shortest is more than three years",
        remedy: "record how long each job took, or start and end; duration=\(column.index + 1) takes them as "
          + "durations all the same", place: place)
    }
    let key = column.title.map { Title.key($0) } ?? ""
    guard columns[.worker] != nil,
      key.isEmpty || ["time", "elapsed", "seconds"].contains(where: key.hasPrefix)
    else { return }
    var last: [Int: (value: Double, distinct: Double)] = [:]
    // One over the probability that durations in random order never decrease for any worker.
    var surprise = 1.0
    for (value, worker) in zip(values, workers) where value < .infinity {
      let (previous, distinct) = last[worker] ?? (-1, 0)
      guard value >= previous else { return }
      guard value > previous else { continue }
      last[worker] = (value, distinct + 1)
      surprise *= distinct + 1
    }
    guard surprise >= 120 else { return }
    throw DataError(
      "the times of \(name) grow from row to row like those of a clock",
      remedy: "record how long each job took, or start and end; duration=\(column.index + 1) takes them as "
        + "durations all the same", place: place)
  }
}

/// Finds rows that count a job more than once: its own beside those of its steps, in either order, and those
/// of Slurm's steps `batch` and `extern` beside others.
private struct JobSteps {
  private var jobs = Set<String>()
  private var stepped = Set<String>()
  private var shadowed = Set<String>()

  mutating func see(_ cell: TableCell) throws(DataError) {
    let id = cell.string
    let hasRoom = jobs.count + stepped.count < 1 << 20
    guard let dot = id.firstIndex(of: ".") else {
      if stepped.contains(id) { throw Self.twice(cell, "is a job whose steps have rows of their own") }
      if hasRoom { jobs.insert(id) }
      return
    }
    let job = String(id[..<dot])
    let isShadow = ["batch", "extern"].contains(id[id.index(after: dot)...])
    if jobs.contains(job) { throw Self.twice(cell, "is a step of a job that has a row of its own") }
    if shadowed.contains(job) || (isShadow && stepped.contains(job)) {
      throw Self.twice(cell, "is a second row of its job")
    }
    guard hasRoom else { return }
    stepped.insert(job)
    if isShadow { shadowed.insert(job) }
  }

  private static func twice(_ cell: TableCell, _ problem: String) -> DataError {
    cell.error(
      "\(cell.quoted) \(problem)", "leave the rows of steps out: sacct -X does; job=none counts every row")
  }
}
