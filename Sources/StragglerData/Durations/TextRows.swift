// SPDX-License-Identifier: Apache-2.0

/// A cell of a table in text.
struct TextCell {
  var line: Int
  /// From 1, in characters.
  var column: Int
  /// Without blanks and quotation marks around it.
  var text: ArraySlice<UInt8>

  /// For messages: at most 24 characters, control characters as "?".
  var quoted: String {
    let shown = String(decoding: text.prefix(120), as: UTF8.self)
    let safe = shown.unicodeScalars.prefix(24).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
    return "\"" + safe.joined() + (shown.unicodeScalars.count > 24 ? "…\"" : "\"")
  }

  func error(_ problem: String, _ remedy: String) -> DataError {
    DataError(problem, remedy: remedy, place: .text(line: line, column: column))
  }
}

/// Splits a text into rows of cells; comments and blank lines are left out.
///
/// The separator is the first found, on the first row, of semicolon, tab and comma; otherwise blanks
/// separate.
struct TextRows {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 0
  private var separator: UInt8?

  private static let newline = UInt8(ascii: "\n")
  private static let return_ = UInt8(ascii: "\r")
  private static let blank = UInt8(ascii: " ")

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next row that has cells. O(length of the rows passed).
  mutating func next() throws(DataError) -> [TextCell]? {
    while position < bytes.count {
      line += 1
      let start = position
      while position < bytes.count, bytes[position] != Self.newline, bytes[position] != Self.return_ {
        position += 1
      }
      var row = bytes[start..<position]
      if position + 1 < bytes.count, bytes[position] == Self.return_, bytes[position + 1] == Self.newline {
        position += 1
      }
      position += 1
      if let comment = row.firstIndex(of: UInt8(ascii: "#")) { row = row[..<comment] }
      guard row.contains(where: { !Self.isBlank($0) }) else { continue }
      return try cells(of: row)
    }
    return nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == blank || byte == UInt8(ascii: "\t") }

  private mutating func cells(of row: ArraySlice<UInt8>) throws(DataError) -> [TextCell] {
    if separator == nil {
      let marks = [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: ",")]
      separator = marks.first { row.contains($0) } ?? Self.blank
    }
    var cells: [TextCell] = []
    var column = 1
    var start = row.startIndex
    var index = row.startIndex
    while true {
      if index == row.endIndex || isSeparator(row[index]) {
        guard cells.makeRoom(for: 1) else { throw DataError.outOfMemory }
        add(row[start..<index], at: column, to: &cells)
        if index == row.endIndex { return cells }
        column += Self.characters(in: row[start...index])
        start = index + 1
      }
      index += 1
    }
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    byte == separator || (separator == Self.blank && Self.isBlank(byte))
  }

  private func add(_ part: ArraySlice<UInt8>, at column: Int, to cells: inout [TextCell]) {
    let text = part.drop(while: Self.isBlank)
    let end = text.lastIndex { !Self.isBlank($0) }
    // Several blanks separate once.
    guard let end else {
      if separator != Self.blank { cells.append(TextCell(line: line, column: column, text: part.prefix(0))) }
      return
    }
    var cell = TextCell(line: line, column: column + text.startIndex - part.startIndex, text: text[...end])
    let quote = UInt8(ascii: "\"")
    if cell.text.count >= 2, cell.text.first == quote, cell.text.last == quote {
      cell.text = cell.text.dropFirst().dropLast()
    }
    cells.append(cell)
  }

  private static func characters(in part: ArraySlice<UInt8>) -> Int {
    part.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
  }
}
