// SPDX-License-Identifier: Apache-2.0

/// A JSON value (RFC 8259) to be written.
///
/// The keys of an object keep their order. Equal keys are written as they come: using each once is up to the
/// caller.
public enum JSONValue: Equatable, Sendable {
  /// One key of an object with its value.
  public struct Member: Equatable, Sendable {
    /// The member's name.
    public let key: String
    /// The member's value.
    public let value: JSONValue

    /// The member `"key": value`.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without point and exponent.
  case integer(Int)
  /// Written so that it reads back exactly; NaN becomes null, and the infinities the strings "inf" and
  /// "-inf".
  case number(Double)
  /// A text; what has to be escaped is, when it is written.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in the order in which they are written.
  case object([Member])

  /// The value on one line, without spaces and without a newline at the end.
  public var line: String {
    var text = ""
    write(into: &text)
    return text
  }

  /// Appends the value to `text`.
  public func write(into text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .integer(let integer): text += String(integer)
    case .number(let number): Self.write(number, into: &text)
    case .string(let string): Self.write(string, into: &text)
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(into: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        Self.write(member.key, into: &text)
        text += ":"
        member.value.write(into: &text)
      }
      text += "}"
    }
  }

  private static func write(_ number: Double, into text: inout String) {
    if number.isNaN {
      text += "null"
    } else if number.isInfinite {
      write(NumberText.exact(number), into: &text)
    } else {
      text += NumberText.exact(number)
    }
  }

  private static func write(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // The rest of these JSON allows; terminals obey them, and JavaScript ends its lines there.
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let figures = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - figures.utf8.count) + figures
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}
