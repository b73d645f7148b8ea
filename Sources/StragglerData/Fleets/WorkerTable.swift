// SPDX-License-Identifier: Apache-2.0

/// A table with a row a worker, as text: which columns count is up to the caller.
///
/// Rows with ids come in the order of these: whole numbers 1…n or 0…n−1 mean themselves, others are names, in
/// natural order. Rows without are the workers in turn.
public struct WorkerTable: Equatable, Sendable {
  /// A column that the caller looks for.
  public struct Field: Sendable {
    /// Its title, with `_` for blanks; also what keys and errors call it.
    public var name: String
    /// Whether it holds times in seconds, so that a unit is converted, and may be `inf`.
    public var isTime: Bool
    /// Whether it holds texts that the caller reads.
    public var isText: Bool

    /// A column of texts, or of numbers, which may be times.
    public init(_ name: String, isTime: Bool = false, isText: Bool = false) {
      (self.name, self.isTime, self.isText) = (name, isTime, isText)
    }
  }

  /// What a column holds, a value a worker.
  public enum Values: Equatable, Sendable {
    /// A number for each row.
    case numbers([Double])
    /// A text for each row.
    case texts([Text])
  }

  /// A text and where it is.
  public struct Text: Equatable, Sendable {
    /// The cell without quotation marks.
    public var text: String
    /// From 1.
    public var line: Int
    /// From 1, in characters.
    public var column: Int

    /// The text of a cell at a line and column, both from 1.
    public init(text: String, line: Int, column: Int) {
      (self.text, self.line, self.column) = (text, line, column)
    }
  }

  /// How many workers there are.
  public let count: Int
  /// Their names, in order; empty without a column for them, and where they are 1…n.
  public let names: [String]
  /// The columns that were asked for and are there.
  public let values: [String: Values]
  /// What was taken.
  public private(set) var reading: TableReading

  /// Reads the columns `fields` of the file at `path`, which may be gzip; `worker` names the column of the
  /// workers where its title does not, or `none`; `unit` is that of the times without one. O(size).
  ///
  /// Throws where the file cannot be read, has no titles or rows, names a worker twice, or where a cell
  /// is not what its column holds, at line and column.
  public static func read(
    _ path: String, _ fields: [Field], worker: String? = nil, unit: TimeUnit? = nil
  ) throws(DataError) -> WorkerTable {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) {
      var table = try parse(bytes, fields, worker: worker, unit: unit)
      table.reading.file = path
      return table
    } catch { throw error.about(path) }
  }

  /// Reads the numbers of the column with that title, in seconds where the title ends in a unit. O(size).
  /// Throws as `read` does.
  public static func read(_ path: String, title: String) throws(DataError) -> WorkerTable {
    let parsed = Title(TableCell(line: 1, column: 1, text: ArraySlice(title.utf8)))
    let field = Field(title, isTime: parsed.unit != nil)
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) { return try parse(bytes, [field], columns: [title: title]) } catch {
      throw error.about(path)
    }
  }

  /// Reads the text `bytes` as `read` does. O(length)
  public static func parse(
    _ bytes: [UInt8], _ fields: [Field], worker: String? = nil, unit: TimeUnit? = nil
  ) throws(DataError) -> WorkerTable {
    try parse(bytes, fields, columns: worker.map { [TableRole.worker.name: $0] } ?? [:], unit: unit)
  }

  private static func parse(
    _ bytes: [UInt8], _ fields: [Field], columns: [String: String], unit: TimeUnit? = nil
  ) throws(DataError) -> WorkerTable {
    var rows = try TableRows(bytes, "a table of workers")
    let none = DataError(
      "holds no workers", remedy: "write titles such as name,tau,delay, and a row for every worker")
    guard let titles = try rows.next() else { throw none }
    if let value = titles.first(where: \.looksLikeValue) {
      throw value.error(
        "\(value.quoted) stands where the titles are expected", "begin with a row of titles: name,tau,delay")
    }
    var reader = try WorkerTableReader(titles, fields, given: columns, unit: unit)
    while let row = try rows.next() { try reader.read(row) }
    guard reader.count > 0 else { throw none }
    return try reader.finish(comments: rows.commentCount)
  }

  fileprivate init(count: Int, names: [String], values: [String: Values], reading: TableReading) {
    (self.count, self.names, self.values, self.reading) = (count, names, values, reading)
  }
}

/// Gathers a table of workers row by row.
private struct WorkerTableReader {
  private let fields: [WorkerTable.Field]
  private let roles: [TableRole]
  private let columns: TableColumns
  private let width: Int
  private let firstLine: Int
  private var times: [TimeColumn]
  private var numbers: [[Double]]
  private var texts: [[WorkerTable.Text]]
  private var ids = WorkerIDs()
  private(set) var count = 0

  init(
    _ titles: [TableCell], _ fields: [WorkerTable.Field], given: [String: String], unit: TimeUnit?
  ) throws(DataError) {
    self.fields = fields
    width = titles.count
    firstLine = titles[0].line
    let roles = fields.map {
      TableRole(
        name: $0.name, titles: [Title.key($0.name)], isTime: $0.isTime, isNumber: !$0.isTime)
    }
    let columns = try TableColumns(titles: titles, roles: roles + [.worker], given: given)
    guard roles.contains(where: { columns[$0] != nil }) else {
      throw titles[0].error(
        "no column is one of \(TableCell.list(fields.map(\.name))); "
          + "there \(width == 1 ? "is" : "are") \(TableCell.list(titles.map(\.string)))",
        "give the columns these titles")
    }
    try columns.refuseLookalikes(.worker, titles, given: given[TableRole.worker.name])
    (self.roles, self.columns) = (roles, columns)
    times = []
    for role in roles { times.append(TimeColumn(unit ?? columns[role]?.unit)) }
    numbers = fields.map { _ in [] }
    texts = fields.map { _ in [] }
  }

  mutating func read(_ row: [TableCell]) throws(DataError) {
    guard row.count == width else {
      let cell = row.count > width ? row[width] : row[row.count - 1]
      throw cell.error(
        "this row has \(row.count) \(row.count == 1 ? "cell" : "cells"), "
          + "that of line \(firstLine) has \(width)",
        "every row needs the same number of cells")
    }
    count += 1
    if let column = columns[.worker] {
      let cell = row[column.index]
      guard !cell.isMissing else { throw cell.error("the worker is missing", "give every row a worker") }
      guard try ids.index(of: cell) == count - 1 else {
        throw cell.error("there are two rows of worker \(cell.quoted)", "write a row for every worker")
      }
    }
    for (index, field) in fields.enumerated() {
      guard let column = columns[roles[index]] else { continue }
      let cell = row[column.index]
      guard !cell.isMissing else {
        throw cell.error(
          "\(cell.text.isEmpty ? "an empty cell" : cell.quoted) is no value for \(field.name)",
          "give every worker one, or leave the column out")
      }
      if field.isText {
        texts[index].append(.init(text: cell.string, line: cell.line, column: cell.column))
      } else {
        numbers[index].append(try number(cell, index))
      }
    }
  }

  private mutating func number(_ cell: TableCell, _ index: Int) throws(DataError) -> Double {
    let field = fields[index]
    let value: Double
    if let infinity = cell.infinity {
      value = infinity
    } else if field.isTime {
      value = try times[index].seconds(cell, "a time for \(field.name)").value
    } else {
      guard ExactDecimal.isDecimal(cell.text), let number = TimeUnit.seconds.seconds(cell.text)?.value else {
        throw cell.error("\(cell.quoted) is not a number for \(field.name)", "write a decimal number: 1.5")
      }
      value = number
    }
    guard value >= 0 else {
      throw cell.error("\(field.name) cannot be negative: \(cell.quoted)", "write a number of at least 0")
    }
    return value == 0 ? 0 : value
  }

  func finish(comments: Int) throws(DataError) -> WorkerTable {
    let order = ids.ordered
    if let missing = order.gap.first {
      throw DataError(
        "the numbers of the workers have a gap: \(missing) is missing",
        remedy: "number them 1…n, give them names, or say worker=none for a row a worker")
    }
    // The row of each worker.
    var rows = Array(0..<count)
    for (old, new) in order.newIndex.enumerated() { rows[new] = old }
    var values: [String: WorkerTable.Values] = [:]
    var items: [TableReading.Item] = [
      .init("workers", count, by: columns[.worker].map { [$0.name] } ?? [])
    ]
    for (index, field) in fields.enumerated() {
      guard let column = columns[roles[index]] else { continue }
      let (own, written) = (numbers[index], texts[index])
      values[field.name] =
        field.isText ? .texts(rows.map { written[$0] }) : .numbers(rows.map { own[$0] })
      items.append(
        .init(
          field.name, by: [column.name], unit: field.isTime ? times[index].unitName ?? "seconds" : nil)
      )
    }
    var notes = order.notes
    if comments > 0 { notes.append("comments behind \(comments) \(comments == 1 ? "row" : "rows") left out") }
    let isPlain = order.names == (1...count).map { String($0) }
    return WorkerTable(
      count: count, names: isPlain ? [] : order.names, values: values,
      reading: TableReading(items, unused: columns.unused, notes: notes))
  }
}
