// SPDX-License-Identifier: Apache-2.0

/// A finite number in decimal: d₁.d₂d₃… × 10^exponent, with neither leading nor trailing zeros.
///
/// The digits are those of the shortest text that reads back as the same double, so that 0.1 is the digit 1
/// and not the fifty digits of its binary neighbour. Zero is the one digit 0 with exponent 0.
struct DecimalDigits: Equatable {
  private(set) var isNegative = false
  /// Values 0 to 9; never empty.
  private(set) var digits: [UInt8] = [0]
  /// The power of ten that the first digit stands for.
  private(set) var exponent = 0

  /// Nil for infinities and NaN.
  init?(_ number: Double) {
    guard number.isFinite else { return nil }
    guard number != 0 else { return }
    isNegative = number < 0
    var found: [UInt8] = []
    var beforePoint: Int?
    var power = 0
    var powerIsNegative = false
    var isInPower = false
    for byte in number.magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "."): beforePoint = found.count
      case UInt8(ascii: "e"): isInPower = true
      case UInt8(ascii: "-"): powerIsNegative = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if isInPower { power = power * 10 + Int(digit) } else { found.append(digit) }
      default: break
      }
    }
    guard let first = found.firstIndex(where: { $0 != 0 }),
      let last = found.lastIndex(where: { $0 != 0 })
    else { return }
    exponent = (beforePoint ?? found.count) - 1 - first + (powerIsNegative ? -power : power)
    digits = Array(found[first...last])
  }

  /// Keeps the first `count` (at least one) digits. A tie goes away from zero.
  mutating func round(toSignificant count: Int) {
    let count = max(1, count)
    guard digits.count > count else { return }
    let goesUp = digits[count] >= 5
    digits.removeSubrange(count...)
    if goesUp {
      while digits.last == 9 { digits.removeLast() }
      if let last = digits.popLast() {
        digits.append(last + 1)
      } else {
        digits = [1]
        exponent += 1
      }
    }
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
  }

  /// As `-12.5`: no exponent, and a point only before digits.
  var positional: String {
    var text = isNegative ? "-" : ""
    if exponent < 0 {
      text += "0." + String(repeating: "0", count: -exponent - 1)
      for digit in digits { text += String(digit) }
      return text
    }
    for place in 0..<max(digits.count, exponent + 1) {
      if place == exponent + 1 { text += "." }
      text += place < digits.count ? String(digits[place]) : "0"
    }
    return text
  }

  /// The digits as `-1.25`, without the power of ten.
  var mantissa: String {
    var text = isNegative ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place == 1 { text += "." }
      text += String(digit)
    }
    return text
  }

  /// As `-1.25e-7`.
  var scientific: String { "\(mantissa)e\(exponent)" }
}
