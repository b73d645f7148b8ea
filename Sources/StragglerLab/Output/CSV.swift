// SPDX-License-Identifier: Apache-2.0

/// Comma-separated values (RFC 4180), with a line feed after every row.
///
/// Numbers read back exactly; those that are none are `nan`, `inf` and `-inf`. A text that a spreadsheet
/// would take for a formula has an apostrophe before it, which spreadsheets do not show.
public enum CSV {
  /// A header line and one line per row.
  public static func document(header: [String], rows: [[Cell]]) -> String {
    var text = line(header.map(Cell.text))
    for row in rows { write(row, into: &text) }
    return text
  }

  /// One row with its line feed.
  public static func line(_ row: [Cell]) -> String {
    var text = ""
    write(row, into: &text)
    return text
  }

  /// Appends one row with its line feed.
  public static func write(_ row: [Cell], into text: inout String) {
    for (index, cell) in row.enumerated() {
      if index > 0 { text += "," }
      switch cell {
      case .text(let field): write(field, isAlone: row.count == 1, into: &text)
      case .integer(let integer): text += String(integer)
      case .number(let number): text += NumberText.exact(number)
      case .missing: break
      }
    }
    text += "\n"
  }

  /// Whether a spreadsheet computes what begins so: `=`, `+`, `-` and `@`, also of full width, and after a
  /// tab or a carriage return, which some drop.
  private static func isFormula(_ field: String) -> Bool {
    guard let first = field.unicodeScalars.first else { return false }
    return ["=", "+", "-", "@", "\t", "\r", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"].contains(first)
  }

  private static func write(_ field: String, isAlone: Bool, into text: inout String) {
    let field = isFormula(field) ? "'" + field : field
    // An empty field that is its whole row would read as no row at all.
    var needsQuotes = isAlone && field.isEmpty || field.utf8.first == 0x20 || field.utf8.last == 0x20
    for byte in field.utf8 {
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): needsQuotes = true
      // Separators where the comma is the decimal point.
      case UInt8(ascii: ";"), UInt8(ascii: "\t"): needsQuotes = true
      default: break
      }
    }
    guard needsQuotes else {
      text += field
      return
    }
    text += "\""
    for scalar in field.unicodeScalars {
      if scalar == "\"" { text += "\"" }
      text.unicodeScalars.append(scalar)
    }
    text += "\""
  }
}
