// SPDX-License-Identifier: Apache-2.0

/// A table as text: a header, a rule, and one line per row.
///
/// Columns of numbers are at the right, others at the left. Without a width all is there, and numbers read
/// back exactly. A table that is too wide first loses digits, then its long texts are shortened, then columns
/// go, the last first: put what matters most to the left. What was left out is named below. Lines never
/// exceed the width.
///
///     method   gamma  time_mean
///     ───────  ─────  ─────────
///     rennala    0.5    12.0451
public struct TextTable: Sendable {
  /// The names of the columns.
  public var header: [String]
  /// One cell per column; rows that are shorter end in missing cells.
  public var rows: [[Cell]]

  /// A table with as many columns as `header` has names.
  public init(header: [String], rows: [[Cell]] = []) {
    self.header = header
    self.rows = rows
  }

  /// The lines of the table, each with its line feed.
  ///
  /// - Parameters:
  ///   - width: the cells of a line, taken as at least 20; nil for no limit.
  ///   - digits: the significant digits of numbers where there is a width, and room: 3 or more.
  ///   - ascii: keeps to ASCII for the rule and the marks of omission.
  public func text(width: Int? = 80, digits: Int = 6, ascii: Bool = false) -> String {
    guard let width = width.map({ max($0, 20) }) else {
      return lines(of: columns(digits: nil), rule: ascii ? "-" : "─", leftOut: [], width: .max, mark: "…")
    }
    var shownDigits = max(digits, 3)
    var columns = columns(digits: shownDigits)
    while Self.width(of: columns) > width, shownDigits > 3 {
      shownDigits -= 1
      columns = self.columns(digits: shownDigits)
    }
    let mark: Character = ascii ? "~" : "…"
    // A long text gives way before a column does, down to what a name needs.
    for limit in [40, 30, 20] where Self.width(of: columns) > width {
      for index in columns.indices where !columns[index].isNumeric {
        columns[index].shorten(to: limit, mark: mark)
      }
    }
    var leftOut: [String] = []
    while columns.count > 1, Self.width(of: columns) > width {
      leftOut.append(columns.removeLast().entries[0])
    }
    if Self.width(of: columns) > width { columns[0].shorten(to: width, mark: mark) }
    return lines(of: columns, rule: ascii ? "-" : "─", leftOut: leftOut, width: width, mark: mark)
  }

  /// The table in Markdown, columns of numbers at the right.
  public func markdown(digits: Int = 6, notes: [String] = []) -> String {
    let columns = columns(digits: max(digits, 3))
    guard !columns.isEmpty else { return "" }
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    var text = ""
    for row in 0...rows.count {
      text += line(columns.map { Self.markdown($0.entries[row]) })
      if row == 0 { text += line(columns.map { $0.isNumeric ? "---:" : "---" }) }
    }
    for note in notes { text += "\n" + Self.markdown(note) + "\n" }
    return text
  }

  /// A text that Markdown shows as it is: nothing in it is a link, code, markup of HTML or another cell.
  private static func markdown(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var escaped = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\\", "|", "`", "[", "]", "<", ">", "*", "~", "&", "!", "#", "$": escaped.append("\\")
      // Within a word it is no markup.
      case "_"
      where index == 0 || index == scalars.count - 1 || !isWord(scalars[index - 1], scalars[index + 1]):
        escaped.append("\\")
      default: break
      }
      escaped.append(scalar)
    }
    return String(escaped)
  }

  private static func isWord(_ before: Unicode.Scalar, _ after: Unicode.Scalar) -> Bool {
    [before, after].allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil }
  }

  private struct Column {
    /// The header, then the rows.
    var entries: [String]
    let isNumeric: Bool
    var width: Int

    init(entries: [String], isNumeric: Bool) {
      self.entries = entries
      self.isNumeric = isNumeric
      width = entries.reduce(0) { max($0, TerminalText.width($1)) }
    }

    mutating func shorten(to limit: Int, mark: Character) {
      self = Column(
        entries: entries.map { TerminalText.shortened($0, to: limit, mark: mark) }, isNumeric: isNumeric)
    }
  }

  private static let gap = 2

  private static func width(of columns: [Column]) -> Int {
    columns.reduce(0) { $0 + $1.width } + gap * max(0, columns.count - 1)
  }

  /// With exact numbers where `digits` is nil.
  private func columns(digits: Int?) -> [Column] {
    header.indices.map { index in
      var entries = [TerminalText.clean(header[index])]
      var isNumeric = !rows.isEmpty
      for row in rows {
        let cell = index < row.count ? row[index] : .missing
        entries.append(digits.map { cell.brief(digits: $0) } ?? cell.exact)
        if !cell.isNumeric { isNumeric = false }
      }
      return Column(entries: entries, isNumeric: isNumeric)
    }
  }

  private func lines(
    of columns: [Column], rule: Character, leftOut: [String], width: Int, mark: Character
  ) -> String {
    guard !columns.isEmpty else { return "" }
    let gap = String(repeating: " ", count: Self.gap)
    var text = ""
    for row in 0...rows.count {
      let entries = columns.map { TerminalText.padded($0.entries[row], to: $0.width, atLeft: $0.isNumeric) }
      text += TerminalText.trimmed(entries.joined(separator: gap)) + "\n"
      if row == 0 {
        text += columns.map { String(repeating: rule, count: $0.width) }.joined(separator: gap) + "\n"
      }
    }
    guard !leftOut.isEmpty else { return text }
    let names = leftOut.reversed().joined(separator: ", ")
    return text + TerminalText.shortened("(no room for: \(names))", to: width, mark: mark) + "\n"
  }
}
