// SPDX-License-Identifier: Apache-2.0

/// Links of a network, read from a table: the nodes `from` and `to`, the seconds of a message, and perhaps
/// the seconds for each coordinate of it.
///
/// With titles the columns are found by them; without, they come in this order. Nodes that are whole numbers
/// 1…n or 0…n−1 mean themselves; others are names, in natural order. Without `isDirected` each row is a link
/// both ways; a row for the way back must then say the same.
public struct RecordedLinks: Equatable, Sendable {
  /// A directed link.
  public struct Row: Equatable, Sendable {
    /// The node that messages come from, from 1.
    public var from: Int
    /// The node that messages go to, from 1.
    public var to: Int
    /// Seconds for a message, whatever its length; not negative.
    public var seconds: Double
    /// Seconds for each coordinate of a message; 0 where the file has no column for it.
    public var perCoordinate: Double
    /// Where it is, from 1.
    public var line: Int
  }

  /// The links, each direction once, in the order of the file.
  public let rows: [Row]
  /// The nodes' names, where they are not all numbers; in natural order.
  public let names: [String]
  /// What was taken from the file.
  public private(set) var reading: TableReading
  private let path: String

  /// Reads the file at `path`, which may be gzip; `columns` names some by their roles: `from`, `to`,
  /// `seconds` and `per_coordinate`. O(size).
  ///
  /// Throws where the file cannot be read or holds no links, where what a column is is not certain, and for
  /// what is no link, at its line and column.
  public static func read(
    _ path: String, isDirected: Bool = false, columns: [String: String] = [:], unit: TimeUnit? = nil
  ) throws(DataError) -> RecordedLinks {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) {
      var links = try parse(bytes, isDirected: isDirected, columns: columns, unit: unit, path: path)
      links.reading.file = path
      return links
    } catch { throw error.about(path) }
  }

  /// Reads the text `bytes`, which errors call `path`. O(length). Throws as `read` does.
  public static func parse(
    _ bytes: [UInt8], isDirected: Bool = false, columns: [String: String] = [:], unit: TimeUnit? = nil,
    path: String = ""
  ) throws(DataError) -> RecordedLinks {
    var rows = try TableRows(bytes, "a list of links")
    let none = DataError("holds no links", remedy: "write a link a line: from,to,seconds")
    guard let first = try rows.next() else { throw none }
    var reader = try LinkReader(first, isDirected: isDirected, columns, unit)
    while let row = try rows.next() { try reader.read(row) }
    guard !reader.rows.isEmpty else { throw none }
    return try reader.finish(path: path)
  }

  fileprivate init(rows: [Row], names: [String], reading: TableReading, path: String) {
    (self.rows, self.names, self.reading, self.path) = (rows, names, reading, path)
  }

  /// Throws where a node is beyond `nodes`, at its line, and where the number of names is another. O(links).
  public func check(nodes: Int) throws(DataError) {
    let remedy = "make as many workers as the file has nodes: workers \(max(names.count, largest))"
    guard names.isEmpty || names.count == nodes else {
      throw DataError(
        "has \(names.count) nodes, and there are \(nodes) workers", remedy: remedy, path: path)
    }
    for row in rows where max(row.from, row.to) > nodes {
      throw DataError(
        "there is no node \(max(row.from, row.to)): there are \(nodes) workers", remedy: remedy, path: path,
        place: .text(line: row.line, column: 1))
    }
  }

  private var largest: Int { rows.reduce(0) { max($0, $1.from, $1.to) } }
}

/// Gathers links row by row.
private struct LinkReader {
  /// Links between indices of `ids`.
  private(set) var rows: [RecordedLinks.Row] = []
  private let isDirected: Bool
  private let columns: TableColumns
  private let width: Int
  private let firstLine: Int
  private var seconds: TimeColumn
  private var perCoordinate: TimeColumn
  private var ids = WorkerIDs()
  /// Where the link between two nodes is among the rows.
  private var known: [Pair: Int] = [:]

  private struct Pair: Hashable {
    let from: Int
    let to: Int
  }

  private static let roles = [TableRole.from, .to, .linkTime, .perCoordinate]

  init(
    _ row: [TableCell], isDirected: Bool, _ given: [String: String], _ unit: TimeUnit?
  ) throws(DataError) {
    self.isDirected = isDirected
    width = row.count
    firstLine = row[0].line
    let hasTitles = !row.contains { $0.looksLikeValue }
    if hasTitles {
      columns = try TableColumns(titles: row, roles: Self.roles, given: given)
    } else if given.isEmpty {
      guard row.count == 3 || row.count == 4 else {
        let cell = row.count > 4 ? row[4] : row[row.count - 1]
        let size = "\(row.count) \(row.count == 1 ? "cell" : "cells")"
        throw cell.error("this row has \(size)", "write a link as from,to,seconds")
      }
      columns = TableColumns(positions: Array(zip(Self.roles, row.indices).map { ($0.0, $0.1) }))
    } else {
      columns = try TableColumns(
        titles: row.map { TableCell(line: $0.line, column: $0.column, text: []) }, roles: Self.roles,
        given: given)
    }
    for role in Self.roles.prefix(3) where columns[role] == nil {
      throw row[0].error(
        "no column is \(role.name); there are \(TableCell.list(row.map(\.string)))",
        "name it \"\(role.name)\", or say which: \(role.name)=TITLE")
    }
    seconds = TimeColumn(unit ?? columns[.linkTime]?.unit)
    perCoordinate = TimeColumn(unit ?? columns[.perCoordinate]?.unit)
    if !hasTitles { try read(row) }
  }

  mutating func read(_ row: [TableCell]) throws(DataError) {
    guard row.count == width else {
      let cell = row.count > width ? row[width] : row[row.count - 1]
      let size = "\(row.count) \(row.count == 1 ? "cell" : "cells")"
      throw cell.error(
        "this row has \(size), that of line \(firstLine) has \(width)", "write a link as from,to,seconds")
    }
    guard let fromColumn = columns[.from], let toColumn = columns[.to], let time = columns[.linkTime] else {
      return
    }
    let (from, to) = (try node(row[fromColumn.index]), try node(row[toColumn.index]))
    guard from != to else {
      let name = row[toColumn.index]
      throw name.error("a link from node \(name.string) to itself", "leave it out: a node has what it has")
    }
    var link = RecordedLinks.Row(
      from: from, to: to, seconds: try Self.time(row[time.index], &seconds), perCoordinate: 0,
      line: row[0].line)
    if let column = columns[.perCoordinate] {
      link.perCoordinate = try Self.time(row[column.index], &perCoordinate)
    }
    if let index = known[Pair(from: from, to: to)] {
      let old = rows[index]
      let isSame = old.seconds == link.seconds && old.perCoordinate == link.perCoordinate
      // The way back of a link that goes both ways may be written out.
      if !isDirected, isSame { return }
      throw row[0].error(
        "the link from \(row[fromColumn.index].string) to \(row[toColumn.index].string) is on line "
          + "\(old.line) already",
        isDirected ? "give each link once" : "give each link once, or say directed=true")
    }
    guard rows.makeRoom(for: 2), known.hasRoom else { throw DataError.outOfMemory }
    add(link)
    guard !isDirected else { return }
    (link.from, link.to) = (to, from)
    add(link)
  }

  private mutating func add(_ link: RecordedLinks.Row) {
    known[Pair(from: link.from, to: link.to)] = rows.count
    rows.append(link)
  }

  private mutating func node(_ cell: TableCell) throws(DataError) -> Int {
    guard !cell.isMissing else { throw cell.error("the node is missing", "name both ends of a link") }
    if ExactDecimal.isDecimal(cell.text) {
      guard cell.isWholeNumber, let number = Int(cell.string), number <= 1 << 30 else {
        throw cell.error("\(cell.quoted) is not a node", "nodes are numbered 1, 2, 3, …, or have names")
      }
    }
    return try ids.index(of: cell)
  }

  private static func time(_ cell: TableCell, _ column: inout TimeColumn) throws(DataError) -> Double {
    let remedy = "write the seconds that a message takes, or inf for no link"
    if cell.isMissing {
      throw cell.error(
        cell.text.isEmpty ? "an empty cell is not a time" : "the time of a link cannot be \(cell.lowercased)",
        remedy)
    }
    let value = if let infinity = cell.infinity { infinity } else { try column.seconds(cell, "a time").value }
    if value < 0 { throw cell.error("the time of a link cannot be negative: \(cell.quoted)", remedy) }
    guard value.isFinite || cell.infinity != nil else {
      throw cell.error("\(cell.quoted) is too large for a number", remedy)
    }
    return value == 0 ? 0 : value
  }

  /// The links with the nodes in their order.
  func finish(path: String) throws(DataError) -> RecordedLinks {
    let order = ids.ordered
    let numbers = order.names.compactMap { Int($0) }
    let areNumbers = numbers.count == order.names.count && (order.isNumbered || !order.gap.isEmpty)
    // Numbers from 0 on count from 0.
    let shift = numbers.first == 0 ? 1 : 0
    let nodes = order.newIndex.map { areNumbers ? numbers[$0] + shift : $0 + 1 }
    let renamed = rows.map { row in
      var row = row
      (row.from, row.to) = (nodes[row.from], nodes[row.to])
      return row
    }
    let ends = [columns[.from], columns[.to]].compactMap { $0?.name }
    let times = [columns[.linkTime], columns[.perCoordinate]].compactMap { $0?.name }
    let unit = TimeColumn.unitNames([seconds, perCoordinate])
    let items = [
      TableReading.Item("nodes", order.names.count, by: ends),
      TableReading.Item("links", rows.count, by: times, unit: unit),
    ]
    var notes = order.notes
    if areNumbers, shift == 1 { notes.append("nodes count from 0: node 0 is worker 1") }
    return RecordedLinks(
      rows: renamed, names: areNumbers ? [] : order.names,
      reading: TableReading(items, unused: columns.unused, notes: notes), path: path)
  }
}
