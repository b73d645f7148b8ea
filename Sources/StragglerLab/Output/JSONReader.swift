// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
  /// The value that is all of `text` (RFC 8259); nil where it is none, or is nested deeper than `depth`.
  ///
  /// Numbers without point and exponent that fit are integers. O(length)
  public init?(parsing text: some Sequence<UInt8>, depth: Int = 64) {
    var reader = JSONReader(bytes: Array(text))
    guard let value = reader.value(depth: depth), reader.isAtEnd else { return nil }
    self = value
  }

  /// The value of the first member of that name; nil where there is none, or this is no object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == name }?.value
  }

  /// The number as it was written: null is NaN, and "inf" and "-inf" are the infinities. Nil for all else.
  public var number: Double? {
    switch self {
    case .null: .nan
    case .integer(let integer): Double(integer)
    case .number(let number): number
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }
}

/// Reads JSON from bytes.
private struct JSONReader {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D { position += 1 }
  }

  /// Whether nothing but blanks follows.
  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return byte == nil
    }
  }

  /// Skips `text` if it comes next.
  private mutating func take(_ text: StaticString) -> Bool {
    let wanted = Array("\(text)".utf8)
    guard bytes[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  mutating func value(depth: Int) -> JSONValue? {
    skipBlanks()
    guard depth > 0, let byte else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return object(depth: depth - 1)
    case UInt8(ascii: "["): return array(depth: depth - 1)
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    default: return number()
    }
  }

  private mutating func array(depth: Int) -> JSONValue? {
    var values: [JSONValue] = []
    position += 1
    skipBlanks()
    if take("]") { return .array([]) }
    while let value = value(depth: depth) {
      values.append(value)
      skipBlanks()
      if take("]") { return .array(values) }
      guard take(",") else { return nil }
    }
    return nil
  }

  private mutating func object(depth: Int) -> JSONValue? {
    var members: [JSONValue.Member] = []
    position += 1
    skipBlanks()
    if take("}") { return .object([]) }
    while true {
      skipBlanks()
      guard byte == UInt8(ascii: "\""), let key = string() else { return nil }
      skipBlanks()
      guard take(":"), let value = value(depth: depth) else { return nil }
      members.append(JSONValue.Member(key, value))
      skipBlanks()
      if take("}") { return .object(members) }
      guard take(",") else { return nil }
    }
  }

  private mutating func number() -> JSONValue? {
    let start = position
    while let byte, (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) {
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let first = text.utf8.first(where: { $0 != 0x2D }), (0x30...0x39).contains(first) else {
      return nil
    }
    if let integer = Int(text) { return .integer(integer) }
    return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
  }

  private mutating func string() -> String? {
    var text: [UInt8] = []
    position += 1
    while let byte, byte >= 0x20 {
      position += 1
      if byte == UInt8(ascii: "\"") { return String(validating: text, as: UTF8.self) }
      if byte != UInt8(ascii: "\\") {
        text.append(byte)
      } else {
        guard let scalar = escape() else { return nil }
        text += Array(String(scalar).utf8)
      }
    }
    return nil
  }

  /// What follows a backslash.
  private mutating func escape() -> Unicode.Scalar? {
    guard let byte else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let unit = unit() else { return nil }
      guard (0xD800...0xDBFF).contains(unit) else { return Unicode.Scalar(unit) }
      guard take("\\u"), let low = self.unit(), (0xDC00...0xDFFF).contains(low) else { return nil }
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  /// Four hexadecimal figures.
  private mutating func unit() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    let figures = String(decoding: bytes[position..<position + 4], as: UTF8.self)
    guard figures.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }) else { return nil }
    position += 4
    return UInt32(figures, radix: 16)
  }
}
