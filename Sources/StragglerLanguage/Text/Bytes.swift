// SPDX-License-Identifier: Apache-2.0

/// Classes of ASCII characters.
extension UInt8 {
  static func ascii(_ character: Unicode.Scalar) -> UInt8 { UInt8(ascii: character) }

  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  /// Whether a name may begin with it: a letter or `_`.
  var beginsName: Bool {
    let lower = self | 0x20
    return (lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")) || self == UInt8(ascii: "_")
  }

  var continuesName: Bool { beginsName || isDigit }

  /// Whether it is white space within a line. A carriage return counts: it ends lines on some systems.
  var isBlank: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r") || self == 0x0B
      || self == 0x0C
  }

  var isNewline: Bool { self == UInt8(ascii: "\n") }
}
