// SPDX-License-Identifier: Apache-2.0

/// Links of a network, read from a text file: `from,to,seconds`, and where there is a fourth column, the
/// seconds for each coordinate of a message.
///
/// Nodes count from 1. A first row without numbers is a header; separators, comments, blank lines and line
/// ends are those of `RecordedDurations`. Without `isDirected` each row is a link both ways; a row for the
/// way back must then say the same.
public struct RecordedLinks: Equatable, Sendable {
  /// A directed link.
  public struct Row: Equatable, Sendable {
    /// The node that messages come from, from 1.
    public var from: Int
    /// The node that messages go to, from 1.
    public var to: Int
    /// Seconds for a message, whatever its length; not negative.
    public var seconds: Double
    /// Seconds for each coordinate of a message; 0 where the file has no fourth column.
    public var perCoordinate: Double
    /// Where it is, from 1.
    public var line: Int
  }

  /// The links, each direction once, in the order of the file.
  public let rows: [Row]
  private let path: String

  /// Reads the file at `path`, which may be gzip. O(size).
  ///
  /// Throws where the file cannot be read or holds no links, and for what is no link, at its line and column.
  public static func read(_ path: String, isDirected: Bool = false) throws(DataError) -> RecordedLinks {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) { return try parse(bytes, isDirected: isDirected, path: path) } catch {
      throw error.about(path)
    }
  }

  /// Reads the text `bytes`, which errors call `path`. O(length). Throws where it holds no links, and for
  /// what is none.
  public static func parse(
    _ bytes: [UInt8], isDirected: Bool = false, path: String = ""
  ) throws(DataError) -> RecordedLinks {
    if let kind = FileKind.recognise(bytes) {
      throw DataError("is \(kind.name), not a list of links", remedy: kind.remedy)
    }
    var reader = LinkReader(isDirected: isDirected)
    var rows = TextRows(bytes)
    while let row = try rows.next() { try reader.read(row) }
    guard !reader.rows.isEmpty else {
      throw DataError("holds no links", remedy: "write a link a line: from,to,seconds")
    }
    return RecordedLinks(rows: reader.rows, path: path)
  }

  /// Throws where a node is beyond `nodes`, at its line. O(links).
  public func check(nodes: Int) throws(DataError) {
    for row in rows where max(row.from, row.to) > nodes {
      throw DataError(
        "there is no node \(max(row.from, row.to)): there are \(nodes) workers",
        remedy: "make as many workers as the file has nodes", path: path,
        place: .text(line: row.line, column: 1))
    }
  }
}

/// Gathers links row by row.
private struct LinkReader {
  private(set) var rows: [RecordedLinks.Row] = []
  private let isDirected: Bool
  private var isFirst = true
  /// Where the link between two nodes is among the rows.
  private var known: [Pair: Int] = [:]

  private struct Pair: Hashable {
    let from: Int
    let to: Int
  }

  init(isDirected: Bool) { self.isDirected = isDirected }

  mutating func read(_ row: [TextCell]) throws(DataError) {
    defer { isFirst = false }
    if isFirst, row.allSatisfy({ DurationReader.number($0) == nil && DurationReader.word($0) == nil }) {
      return
    }
    guard row.count == 3 || row.count == 4 else {
      let cell = row.count > 4 ? row[4] : row[row.count - 1]
      let size = "\(row.count) \(row.count == 1 ? "cell" : "cells")"
      throw cell.error("this row has \(size)", "write a link as from,to,seconds")
    }
    let (from, to) = (try node(row[0]), try node(row[1]))
    guard from != to else {
      throw row[1].error("a link from node \(from) to itself", "leave it out: a node has what it has")
    }
    let seconds = try time(row[2])
    let link = RecordedLinks.Row(
      from: from, to: to, seconds: seconds, perCoordinate: row.count == 4 ? try time(row[3]) : 0,
      line: row[0].line)
    if let index = known[Pair(from: from, to: to)] {
      let old = rows[index]
      let isSame = old.seconds == link.seconds && old.perCoordinate == link.perCoordinate
      // The way back of a link that goes both ways may be written out.
      if !isDirected, isSame { return }
      throw row[0].error(
        "the link from \(from) to \(to) is on line \(old.line) already",
        isDirected ? "give each link once" : "give each link once, or say directed=true")
    }
    guard rows.makeRoom(for: 2), known.hasRoom else { throw DataError.outOfMemory }
    add(link)
    guard !isDirected else { return }
    var back = link
    (back.from, back.to) = (to, from)
    add(back)
  }

  private mutating func add(_ link: RecordedLinks.Row) {
    known[Pair(from: link.from, to: link.to)] = rows.count
    rows.append(link)
  }

  private func node(_ cell: TextCell) throws(DataError) -> Int {
    guard let number = DurationReader.number(cell), let node = Int(exactly: number), node >= 1,
      node <= 1 << 30
    else { throw cell.error("\(cell.quoted) is not a node", "nodes are numbered 1, 2, 3, …") }
    return node
  }

  private func time(_ cell: TextCell) throws(DataError) -> Double {
    let remedy = "write the seconds that a message takes, or inf for no link"
    guard let value = DurationReader.number(cell) ?? DurationReader.word(cell) else {
      throw cell.error("\(cell.text.isEmpty ? "an empty cell" : cell.quoted) is not a time", remedy)
    }
    if value.isNaN { throw cell.error("the time of a link cannot be nan", remedy) }
    if value < 0 { throw cell.error("the time of a link cannot be negative: \(cell.quoted)", remedy) }
    return value == 0 ? 0 : value
  }
}
