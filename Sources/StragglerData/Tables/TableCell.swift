// SPDX-License-Identifier: Apache-2.0

/// A cell of a table in text.
struct TableCell {
  /// From 1.
  var line: Int
  /// From 1, in characters.
  var column: Int
  /// Without blanks and quotation marks around it.
  var text: ArraySlice<UInt8>

  /// The text, which is UTF-8: `TableRows` refuses rows that are not.
  var string: String { String(decoding: text, as: UTF8.self) }

  /// The text in lower case.
  var lowercased: String { string.lowercased() }

  /// For messages: at most 24 characters, control characters as "?".
  var quoted: String { Self.quoted(String(decoding: text.prefix(120), as: UTF8.self)) }

  /// `text` in quotes: at most 24 characters, control characters as "?".
  static func quoted(_ text: String) -> String {
    let scalars = text.unicodeScalars
    let safe = scalars.prefix(24).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
    return "\"" + safe.joined() + (scalars.count > 24 ? "…\"" : "\"")
  }

  /// Some texts in quotes, the first twelve of them.
  static func list(_ texts: [String]) -> String {
    texts.prefix(12).map { quoted($0) }.joined(separator: ", ") + (texts.count > 12 ? ", …" : "")
  }

  func error(_ problem: String, _ remedy: String) -> DataError {
    DataError(problem, remedy: remedy, place: .text(line: line, column: column))
  }

  /// What stands where a value is missing: nothing, `NA`, `nan`, `null`.
  var isMissing: Bool {
    guard text.count <= 4 else { return false }
    return ["", "na", "n/a", "nan", "+nan", "-nan", "null"].contains(lowercased)
  }

  /// Plus or minus infinity, for the words `inf` and `infinity` in any case.
  var infinity: Double? {
    guard text.count <= 9 else { return nil }
    switch lowercased {
    case "inf", "+inf", "infinity", "+infinity": return .infinity
    case "-inf", "-infinity": return -.infinity
    default: return nil
    }
  }

  /// Whether it begins as a number does, or is a word for one: titles do not.
  var looksLikeValue: Bool {
    guard let first = text.first else { return false }
    return (0x30...0x39).contains(first) || "+-.".utf8.contains(first) || infinity != nil
      || (isMissing && !text.isEmpty)
  }

  /// Whether it is digits and nothing else.
  var isWholeNumber: Bool { !text.isEmpty && text.allSatisfy { (0x30...0x39).contains($0) } }
}
