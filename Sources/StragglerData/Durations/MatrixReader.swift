// SPDX-License-Identifier: Apache-2.0

/// Gathers durations from a table in which every cell is one: a column, or a row, for each worker.
struct MatrixReader {
  private let matrix: RecordOptions.Matrix
  private let skipsMissing: Bool
  private let width: Int
  private let firstLine: Int
  /// The columns that hold durations, each with the unit of its title.
  private var columns: [(index: Int, times: TimeColumn)] = []
  /// The column with the name of a row's worker.
  private var nameColumn: Int?
  private var hasTitles = false
  private var unused: [String] = []
  /// Whether the first cells have counted the rows so far, from 0 or 1.
  private var firstCells: [Int]? = []

  private var values: [Double] = []
  private var workers: [Int] = []
  private var ids = WorkerIDs()
  private var rowCount = 0
  private var failed = 0
  private var skipped = 0

  /// Titles of columns that number the rows.
  private static let indexTitles: Set<String> = [
    "", "step", "iteration", "iter", "epoch", "index", "batch", "round", "sample", "job", "time", "timestamp",
    "date",
  ]

  init(_ row: [TableCell], _ matrix: RecordOptions.Matrix, _ options: RecordOptions) throws(DataError) {
    if let given = options.columns.keys.min() {
      throw DataError("\(given)= has no meaning beside columns=", remedy: "leave one of the two out")
    }
    self.matrix = matrix
    skipsMissing = options.skipsMissing
    width = row.count
    firstLine = row[0].line
    hasTitles = !row.contains { $0.looksLikeValue }
    let startsWithName =
      matrix == .samples
      && (hasTitles
        ? TableRole.worker.titles.union(TableRole.worker.weakTitles).contains(Title(row[0]).key)
        : !row[0].looksLikeValue)
    // A row of samples that begins with its worker's name has values in the other cells.
    if matrix == .samples, !hasTitles || startsWithName { nameColumn = startsWithName ? 0 : nil }
    for (index, cell) in row.enumerated() where index != nameColumn {
      let title = Title(cell)
      if hasTitles, Self.indexTitles.contains(title.key), matrix == .worker || index == 0 {
        unused.append(title.text.isEmpty ? "column \(index + 1)" : title.text)
        continue
      }
      let named = hasTitles ? title.bracket.flatMap { TimeUnit($0) } ?? Self.suffix(title) : nil
      columns.append((index, TimeColumn(options.unit ?? named)))
      if matrix == .worker {
        let name = title.bracket.flatMap { TimeUnit($0) } == nil ? title.text : title.base
        _ = try ids.index(of: Self.named(hasTitles ? name : String(columns.count), like: cell))
      }
    }
    guard !columns.isEmpty else { throw RecordedDurations.noDurations }
    guard matrix == .samples || ids.count == columns.count else {
      throw row[0].error("two columns have the same title", "give every worker a title of its own")
    }
    if !hasTitles { try read(row) }
  }

  /// The unit that a title of several words ends in, of those with more than one letter.
  private static func suffix(_ title: Title) -> TimeUnit? {
    title.words.count > 1 && title.words.last?.count ?? 0 > 1 ? title.unit : nil
  }

  private static func named(_ name: String, like cell: TableCell) -> TableCell {
    TableCell(line: cell.line, column: cell.column, text: ArraySlice(name.utf8))
  }

  mutating func read(_ row: [TableCell]) throws(DataError) {
    guard row.count == width else {
      let cell = row.count > width ? row[width] : row[row.count - 1]
      throw cell.error(
        "this row has \(row.count) \(row.count == 1 ? "cell" : "cells"), "
          + "that of line \(firstLine) has \(width)",
        "every row needs the same number of cells")
    }
    guard values.makeRoom(for: row.count), workers.makeRoom(for: row.count) else {
      throw DataError.outOfMemory
    }
    rowCount += 1
    var owner = 0
    if matrix == .samples {
      owner = try ids.index(of: nameColumn.map { row[$0] } ?? Self.named(String(rowCount), like: row[0]))
      guard ids.count == rowCount else {
        throw row[0].error(
          "there are two rows of worker \(row[0].quoted)", "write a row a worker, or a duration a row")
      }
    }
    if nameColumn != 0, let first = columns.first, first.index == 0, row[0].isWholeNumber {
      firstCells?.append(Int(row[0].string) ?? -1)
    } else {
      firstCells = nil
    }
    for (position, column) in columns.enumerated() {
      let cell = row[column.index]
      guard let seconds = try duration(cell, &columns[position].times) else {
        skipped += 1
        continue
      }
      if seconds == .infinity { failed += 1 }
      values.append(seconds == 0 ? 0 : seconds)
      workers.append(matrix == .samples ? owner : position)
    }
  }

  /// The duration in a cell; nil where it is missing and may be.
  private func duration(_ cell: TableCell, _ times: inout TimeColumn) throws(DataError) -> Double? {
    let remedy = "write a duration in seconds, or inf for a failure; missing=skip leaves such cells out"
    if cell.isMissing {
      if skipsMissing { return nil }
      throw cell.error(
        cell.text.isEmpty ? "an empty cell" : "a duration cannot be \(cell.lowercased)", remedy)
    }
    let seconds =
      if let infinity = cell.infinity { infinity } else { try times.seconds(cell, "a duration").value }
    if seconds < 0 {
      if skipsMissing { return nil }
      throw cell.error("a duration cannot be negative: \(cell.quoted)", remedy)
    }
    guard seconds.isFinite || cell.infinity != nil else {
      throw cell.error("\(cell.quoted) is too large for a number", "write inf for a failure")
    }
    return seconds
  }

  func finish(comments: Int) throws(DataError) -> RecordedDurations {
    guard !values.isEmpty else { throw RecordedDurations.noDurations }
    if !hasTitles || matrix == .samples, let cells = firstCells, cells.count >= 3, let start = cells.first,
      start <= 1, cells.enumerated().allSatisfy({ $0.element == start + $0.offset })
    {
      throw DataError(
        "the first column counts the rows, and would be taken for durations",
        remedy: "take it out, or give it the title worker or step", place: .text(line: firstLine, column: 1))
    }
    var record = try RecordedDurations(values: values, workers: workers, ids: ids)
    // Numbers that count columns or rows have no gap.
    let by = matrix == .worker ? "columns" : "rows"
    var items = [
      TableReading.Item("workers", record.workerNames.count, by: nameColumn == nil ? [] : ["column 1"]),
      TableReading.Item("durations", values.count, unit: TimeColumn.unitNames(columns.map(\.times))),
    ]
    if failed > 0 { items.append(TableReading.Item("failed", failed, by: ["inf"])) }
    if skipped > 0 { items.append(TableReading.Item("cells skipped", skipped)) }
    var notes = ["\(by) are workers"] + ids.ordered.notes
    if comments > 0 { notes.append("comments behind \(comments) \(comments == 1 ? "row" : "rows") left out") }
    record.reading = TableReading(items, unused: unused, notes: notes)
    return record
  }
}
