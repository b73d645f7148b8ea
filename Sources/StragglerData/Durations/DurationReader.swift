// SPDX-License-Identifier: Apache-2.0

/// Gathers durations row by row.
struct DurationReader {
  private var values: [Double] = []
  private var workers: [Int] = []
  private var indices: [String: Int] = [:]
  private var names: [String] = []
  private var layout: Layout?

  /// Which columns count.
  private struct Layout {
    var width: Int
    var line: Int
    /// nil: all of them.
    var duration: Int?
    var worker: Int?
  }

  private static let howToWrite = "write a duration in seconds, or inf for a failure"

  mutating func read(_ row: [TextCell]) throws(DataError) {
    guard let layout else { return try begin(row) }
    guard values.makeRoom(for: row.count), workers.makeRoom(for: 1), names.makeRoom(for: 1), indices.hasRoom
    else {
      throw DataError.outOfMemory
    }
    guard row.count == layout.width else {
      let cell = row.count > layout.width ? row[layout.width] : row[row.count - 1]
      let size = "\(row.count) \(row.count == 1 ? "cell" : "cells")"
      throw cell.error(
        "this row has \(size), that of line \(layout.line) has \(layout.width)",
        "every row needs the same number of cells")
    }
    if let worker = layout.worker { workers.append(try index(of: row[worker])) }
    if let duration = layout.duration {
      values.append(try Self.duration(row[duration]))
    } else {
      for cell in row { values.append(try Self.duration(cell)) }
    }
  }

  mutating func finish() throws(DataError) -> RecordedDurations {
    guard !values.isEmpty else {
      throw DataError("holds no durations", remedy: "\(Self.howToWrite), one a line")
    }
    guard layout?.worker != nil else { return RecordedDurations(values: values) }
    sortNames()
    return RecordedDurations(values: values, workers: workers, workerNames: names)
  }

  /// Reads the first row: a header where none of its cells is a number.
  private mutating func begin(_ row: [TextCell]) throws(DataError) {
    var layout = Layout(width: row.count, line: row[0].line)
    defer { self.layout = layout }
    guard values.makeRoom(for: row.count), AvailableMemory.has(row.count, times: 64) else {
      throw DataError.outOfMemory
    }
    if row.contains(where: { Self.looksLikeNumber($0) }) {
      for cell in row { values.append(try Self.duration(cell)) }
      return
    }
    let titles = row.map { String(decoding: $0.text, as: UTF8.self).lowercased() }
    layout.worker = titles.firstIndex(of: "worker")
    layout.duration = titles.firstIndex(of: "duration")
    for title in ["duration", "worker"] where titles.count(where: { $0 == title }) > 1 {
      let second = titles.lastIndex(of: title) ?? 0
      throw row[second].error("a second column named \(title)", "give it another name")
    }
    if layout.duration == nil {
      let others = row.indices.filter { $0 != layout.worker }
      guard others.count == 1 else {
        let list = row.prefix(20).map(\.quoted).joined(separator: ", ") + (row.count > 20 ? ", …" : "")
        throw row[0].error(
          "no column is named duration; there \(row.count == 1 ? "is" : "are") \(list)",
          "name the column of the durations \"duration\"")
      }
      // A single word could be a header or a typing error.
      layout.duration = others[0]
    }
  }

  private mutating func index(of cell: TextCell) throws(DataError) -> Int {
    guard !cell.text.isEmpty else { throw cell.error("the worker is missing", "give every row a worker") }
    let name = String(decoding: cell.text, as: UTF8.self)
    if let index = indices[name] { return index }
    indices[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// Brings names that are all whole numbers into ascending order.
  private mutating func sortNames() {
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count else { return }
    let order = names.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    var newIndex = [Int](repeating: 0, count: names.count)
    for (new, old) in order.enumerated() { newIndex[old] = new }
    workers = workers.map { newIndex[$0] }
    names = order.map { names[$0] }
  }

  // MARK: Numbers

  private static func looksLikeNumber(_ cell: TextCell) -> Bool {
    guard let first = cell.text.first else { return false }
    return word(cell) != nil || (0x30...0x39).contains(first)
      || first == UInt8(ascii: "-") || first == UInt8(ascii: "+") || first == UInt8(ascii: ".")
  }

  private static func duration(_ cell: TextCell) throws(DataError) -> Double {
    guard !cell.text.isEmpty else { throw cell.error("an empty cell", howToWrite) }
    guard let value = number(cell) ?? word(cell) else {
      throw cell.error("\(cell.quoted) is not a number", howToWrite)
    }
    if value.isNaN { throw cell.error("a duration cannot be nan", "write inf for a failure") }
    if value < 0 { throw cell.error("a duration cannot be negative: \(cell.quoted)", howToWrite) }
    if value == .infinity, word(cell) == nil {
      throw cell.error("\(cell.quoted) is too large for a number", "write inf for a failure")
    }
    // Minus zero is zero.
    return value == 0 ? 0 : value
  }

  /// `inf`, `infinity` and `nan` in any case and with any sign.
  static func word(_ cell: TextCell) -> Double? {
    guard cell.text.count <= 9 else { return nil }
    switch String(decoding: cell.text, as: UTF8.self).lowercased() {
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    case "nan", "+nan", "-nan": return .nan
    default: return nil
    }
  }

  /// A decimal number, correctly rounded; infinite where it is too large.
  static func number(_ cell: TextCell) -> Double? {
    let isDecimal = cell.text.allSatisfy { byte in
      // Digits, "+", "-", ".", "e" and "E": neither hexadecimal numbers nor words.
      (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }
    guard isDecimal else { return nil }
    return Double(String(decoding: cell.text, as: UTF8.self))
  }
}
