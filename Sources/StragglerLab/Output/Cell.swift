// SPDX-License-Identifier: Apache-2.0

/// One entry of a table, whatever it is written as.
public enum Cell: Equatable, Sendable {
  /// A text, at the left of its column.
  case text(String)
  /// A whole number, written out.
  case integer(Int)
  /// A number: exact in CSV and JSON, with fewer digits in text.
  case number(Double)
  /// No value: empty in CSV, null in JSON, a dash in text.
  case missing

  /// The entry as a JSON value.
  public var json: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .integer(let integer): .integer(integer)
    case .number(let number): .number(number)
    case .missing: .null
    }
  }

  /// Whether the entry is in a column of numbers.
  var isNumeric: Bool {
    if case .text = self { false } else { true }
  }

  /// The entry with numbers that read back exactly.
  var exact: String {
    guard case .number(let number) = self else { return brief(digits: 6) }
    // A whole number needs no point.
    return number.magnitude < 1e15
      ? Int(exactly: number).map { String($0) } ?? NumberText.exact(number)
      : NumberText.exact(number)
  }

  /// The entry for people, numbers with about `digits` significant digits.
  func brief(digits: Int) -> String {
    switch self {
    case .text(let text): TerminalText.clean(text)
    case .integer(let integer): String(integer)
    case .number(let number): NumberText.brief(number, digits: digits)
    case .missing: "-"
    }
  }
}
