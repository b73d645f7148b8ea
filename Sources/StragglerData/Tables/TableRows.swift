// SPDX-License-Identifier: Apache-2.0

/// Splits a text into rows of cells; comments and blank lines are left out.
///
/// The separator is the first found, on the first row, of semicolon, tab, `|` and comma; otherwise blanks
/// separate. A cell may be in quotation marks, in which two stand for one. `#` begins a comment at the
/// beginning of a line and after a blank, but not within a cell or quotation marks. A byte-order mark and any
/// kind of line end are accepted.
struct TableRows {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 0
  private var separator: UInt8?
  /// How many rows had a comment behind them.
  private(set) var commentCount = 0
  /// The last comment on a line of its own before the first row, without `#`.
  private(set) var leadingComment: TableCell?

  private static let newline = UInt8(ascii: "\n")
  private static let return_ = UInt8(ascii: "\r")
  private static let blank = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")
  private static let quote = UInt8(ascii: "\"")
  private static let hash = UInt8(ascii: "#")

  /// The rows of `bytes`, which are to be `what`: "a list of durations". Throws for what is recognised as
  /// another kind of file.
  init(_ bytes: [UInt8], _ what: String) throws(DataError) {
    if let kind = FileKind.recognise(bytes) {
      throw DataError("is \(kind.name), not \(what)", remedy: kind.remedy)
    }
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next row that has cells. O(length of the rows passed).
  ///
  /// Throws where it is not UTF-8, or a quotation mark is not closed on its line.
  mutating func next() throws(DataError) -> [TableCell]? {
    while position < bytes.count {
      line += 1
      let start = position
      while position < bytes.count, bytes[position] != Self.newline, bytes[position] != Self.return_ {
        position += 1
      }
      let row = bytes[start..<position]
      // A cell may be two bytes of the row, and takes many times that.
      guard row.count < 1 << 20 || AvailableMemory.has(16 * row.count) else { throw DataError.outOfMemory }
      if position + 1 < bytes.count, bytes[position] == Self.return_, bytes[position + 1] == Self.newline {
        position += 1
      }
      position += 1
      guard let first = row.firstIndex(where: { $0 != Self.blank && $0 != Self.tab }) else { continue }
      try checkText(row)
      if row[first] == Self.hash {
        if separator == nil { leadingComment = TableCell(line: line, column: 1, text: row[(first + 1)...]) }
        continue
      }
      guard separator == nil else { return try cells(of: row) }
      separator = Self.separator(of: row)
      return joiningUnits(try cells(of: row))
    }
    return nil
  }

  /// The cells of `comment` as if it were a row, all at its place.
  func cells(ofComment comment: TableCell) -> [TableCell] {
    var rows = self
    let cells = (try? rows.cells(of: comment.text)) ?? []
    return cells.map { TableCell(line: comment.line, column: comment.column, text: $0.text) }
  }

  /// Titles between which blanks stand, with a unit in brackets at the title that it is behind.
  private func joiningUnits(_ titles: [TableCell]) -> [TableCell] {
    guard separator == Self.blank, !titles.contains(where: \.looksLikeValue) else { return titles }
    var joined: [TableCell] = []
    for title in titles {
      let isUnit =
        (title.text.first == 0x28 && title.text.last == 0x29)
        || (title.text.first == 0x5B && title.text.last == 0x5D)
      guard isUnit, let last = joined.popLast() else {
        joined.append(title)
        continue
      }
      joined.append(
        TableCell(line: last.line, column: last.column, text: last.text + [Self.blank] + title.text))
    }
    return joined
  }

  private func checkText(_ row: ArraySlice<UInt8>) throws(DataError) {
    let place = DataError.Place.text(line: line, column: 1)
    if row.contains(0) {
      throw DataError(
        "this line holds zero bytes, as text in UTF-16 does", remedy: "save the table as text in UTF-8",
        place: place)
    }
    if row.contains(where: { $0 >= 0x80 }), String(validating: row, as: UTF8.self) == nil {
      throw DataError(
        "this line is not text in UTF-8", remedy: "save the table in UTF-8: iconv -f LATIN1 -t UTF-8",
        place: place)
    }
  }

  /// The separator of the first row.
  private static func separator(of row: ArraySlice<UInt8>) -> UInt8 {
    let marks = [UInt8(ascii: ";"), tab, UInt8(ascii: "|"), UInt8(ascii: ",")]
    var found = Set<UInt8>()
    var (isQuoted, startsCell) = (false, true)
    var previous = blank
    for byte in row {
      if isQuoted {
        isQuoted = byte != quote
      } else if byte == quote, startsCell {
        isQuoted = true
      } else if byte == hash, previous == blank || previous == tab {
        break
      } else if marks.contains(byte) {
        found.insert(byte)
      }
      startsCell = byte == blank || marks.contains(byte)
      previous = byte
    }
    return marks.first { found.contains($0) } ?? blank
  }

  private func isSeparator(_ byte: UInt8) -> Bool {
    byte == separator || (separator == Self.blank && byte == Self.tab)
  }

  /// Whether blanks around a cell are dropped for `byte`.
  private func isBlank(_ byte: UInt8) -> Bool {
    byte == Self.blank || (byte == Self.tab && separator != byte)
  }

  private mutating func cells(of row: ArraySlice<UInt8>) throws(DataError) -> [TableCell] {
    var cells: [TableCell] = []
    var index = row.startIndex
    while true {
      while index < row.endIndex, isBlank(row[index]) { index += 1 }
      if startsComment(at: index, in: row) { break }
      if index == row.endIndex {
        // Blanks at the end separate nothing; another separator is followed by an empty cell.
        if separator != Self.blank || cells.isEmpty { cells.append(cell(row[index..<index], at: index, row)) }
        return cells
      }
      guard cells.makeRoom(for: 1) else { throw DataError.outOfMemory }
      cells.append(
        row[index] == Self.quote ? try quotedCell(&index, in: row) : plainCell(&index, in: row))
      while index < row.endIndex, isBlank(row[index]), !isSeparator(row[index]) { index += 1 }
      if index == row.endIndex { return cells }
      if startsComment(at: index, in: row) { break }
      guard isSeparator(row[index]) else { throw textAfterQuote(cells[cells.count - 1]) }
      index += 1
    }
    commentCount += 1
    return cells
  }

  private func startsComment(at index: Int, in row: ArraySlice<UInt8>) -> Bool {
    index < row.endIndex && row[index] == Self.hash && index > row.startIndex && isBlank(row[index - 1])
  }

  private func plainCell(_ index: inout Int, in row: ArraySlice<UInt8>) -> TableCell {
    let start = index
    var end = index
    while index < row.endIndex, !isSeparator(row[index]), !startsComment(at: index, in: row) {
      if !isBlank(row[index]) { end = index + 1 }
      index += 1
    }
    return cell(row[start..<end], at: start, row)
  }

  /// A cell in quotation marks, of which the first is at `index`; moves behind the last.
  private func quotedCell(_ index: inout Int, in row: ArraySlice<UInt8>) throws(DataError) -> TableCell {
    let start = index
    var text: [UInt8] = []
    var isClosed = false
    index += 1
    while index < row.endIndex, !isClosed {
      let byte = row[index]
      index += 1
      if byte == Self.quote {
        isClosed = index == row.endIndex || row[index] != Self.quote
        if isClosed { break }
        index += 1
      }
      text.append(byte)
    }
    let closed = cell(row[start..<index], at: start, row)
    guard isClosed else {
      throw closed.error(
        "the quotation mark is not closed on its line", "close it, or write two for one within a cell")
    }
    if index < row.endIndex, !isBlank(row[index]), !isSeparator(row[index]) {
      throw textAfterQuote(closed)
    }
    var result = closed
    let blanks = [Self.blank, Self.tab]
    let trimmed = text.drop { blanks.contains($0) }
    let last = trimmed.lastIndex { !blanks.contains($0) }
    result.text = last.map { trimmed[...$0] } ?? []
    return result
  }

  private func textAfterQuote(_ cell: TableCell) -> DataError {
    cell.error(
      "something follows the closing quotation mark",
      "put all of the cell in quotation marks, and two for one within it")
  }

  private func cell(_ text: ArraySlice<UInt8>, at index: Int, _ row: ArraySlice<UInt8>) -> TableCell {
    // Columns count characters.
    let column = row[..<index].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    return TableCell(line: line, column: column, text: text)
  }
}
