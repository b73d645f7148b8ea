// SPDX-License-Identifier: Apache-2.0

/// Reads tables of numbers in text: a row a line, with semicolons, tabs, `|`, commas or blanks between, and
/// perhaps a line of titles before.
enum NumberTable {
  /// The table in `bytes`. O(count). Throws for rows of unequal length and for what is no finite number.
  static func parse(_ bytes: [UInt8]) throws(DataError) -> NumberArray {
    var table = try TableRows(bytes, "a table of numbers")
    guard let first = try table.next() else {
      throw DataError("holds no rows", remedy: "write a row of numbers on every line")
    }
    // A line in which anything is no number is one of titles.
    let hasTitles = first.contains { number($0) == nil && !$0.isMissing && $0.infinity == nil }
    let titles = hasTitles ? try Self.titles(first) : []
    var values: [Double] = []
    var rows = 0
    var next = hasTitles ? try table.next() : first
    while let row = next {
      guard row.count == first.count else {
        throw row[0].error(
          "this row has \(row.count) cells, and the first has \(first.count)", "give all rows as many cells")
      }
      guard values.makeRoom(for: row.count) else { throw DataError.outOfMemory }
      for cell in row { values.append(try finite(cell)) }
      rows += 1
      next = try table.next()
    }
    guard rows > 0 else {
      throw DataError("holds titles and no rows", remedy: "write a row of numbers on every line")
    }
    if titles.isEmpty, rows > 2, first.count > 2,
      first.indices.allSatisfy({ values[$0] == Double($0) || values[$0] == Double($0 + 1) })
    {
      throw first[0].error(
        "the first row counts 0, 1, 2, …, as numbers of columns do that a table was saved with",
        "remove it, or write titles that are no numbers")
    }
    return NumberArray(shape: [rows, first.count], values: values, titles: titles)
  }

  private static func titles(_ row: [TableCell]) throws(DataError) -> [String] {
    var seen = Set<String>()
    for cell in row {
      guard !cell.text.isEmpty else {
        throw cell.error(
          "a column has no title, as the numbers of rows have not that a table was saved with",
          "remove that column (pandas: index=False), or give it a title")
      }
      guard seen.insert(cell.string).inserted else {
        throw cell.error("two columns have the title \(cell.quoted)", "give each a title of its own")
      }
    }
    return row.map(\.string)
  }

  private static func finite(_ cell: TableCell) throws(DataError) -> Double {
    guard let value = number(cell), value.isFinite else {
      throw cell.error(
        cell.text.isEmpty ? "a number is missing" : "\(cell.quoted) is no finite number",
        "write a number such as 1 or 0.25")
    }
    return value
  }

  /// The number in `cell`, infinite where it is too large; nil where it is none.
  private static func number(_ cell: TableCell) -> Double? {
    guard cell.text.count <= 400 else { return nil }
    var text = cell.text
    if text.first == UInt8(ascii: "+") { text = text.dropFirst() }
    let isDecimal = text.allSatisfy { byte in
      (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }
    guard isDecimal, let first = text.first, first != UInt8(ascii: "+") else { return nil }
    return LIBSVMWords(text, line: 1).number(text.startIndex..<text.endIndex)
  }
}
