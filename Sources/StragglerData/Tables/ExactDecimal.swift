// SPDX-License-Identifier: Apache-2.0

/// A decimal number as it is written: digits · 10^exponent.
///
/// Units are converted and differences taken before anything is rounded: 1200 ms are the same number as
/// 1.2 s, and so is what lies between 10.0 and 11.2.
struct ExactDecimal: Equatable {
  var digits: Int
  var exponent: Int

  init(_ digits: Int, exponent: Int = 0) {
    self.digits = digits
    self.exponent = exponent
  }

  /// The number that all of `text` is: digits with at most one point, and an exponent; nil for anything else,
  /// and for more digits than an `Int` has.
  init?(_ text: ArraySlice<UInt8>) {
    guard Self.isDecimal(text) else { return nil }
    var (digits, exponent, hasPoint) = (0, 0, false)
    var rest = text
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    while let byte = rest.first, byte | 0x20 != UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if byte == UInt8(ascii: ".") {
        hasPoint = true
        continue
      }
      let (tens, overflow) = digits.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = tens.addingReportingOverflow(Int(byte - 0x30))
      guard !overflow, !overflows else { return nil }
      digits = sum
      if hasPoint { exponent -= 1 }
    }
    if !rest.isEmpty {
      guard let written = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), written.magnitude < 1000
      else { return nil }
      exponent += written
    }
    self.init(isNegative ? -digits : digits, exponent: exponent)
  }

  /// Whether `text` is a decimal number: neither hexadecimal nor a word.
  static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    func takeDigits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    func takeSign() {
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    }
    takeSign()
    var count = takeDigits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      count += takeDigits()
    }
    guard count > 0 else { return false }
    if let first = rest.first, first | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      takeSign()
      guard takeDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// The nearest double.
  var value: Double { Double("\(digits)e\(exponent)") ?? .nan }

  /// It with as many more zeros that the exponents agree; nil where that is too long.
  private func scaled(to exponent: Int) -> ExactDecimal? {
    var result = self
    guard result.exponent - exponent <= 40 else {
      return result.digits == 0 ? .init(0, exponent: exponent) : nil
    }
    while result.exponent > exponent {
      let (tens, overflow) = result.digits.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      result = ExactDecimal(tens, exponent: result.exponent - 1)
    }
    return result
  }

  /// The product with a whole number; nil where it is too long.
  func multiplied(by factor: Int) -> ExactDecimal? {
    let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
    return overflow ? nil : ExactDecimal(product, exponent: exponent)
  }

  /// The sum; nil where it is too long.
  func plus(_ other: ExactDecimal) -> ExactDecimal? {
    let common = min(exponent, other.exponent)
    guard let first = scaled(to: common), let second = other.scaled(to: common) else { return nil }
    let (sum, overflow) = first.digits.addingReportingOverflow(second.digits)
    return overflow ? nil : ExactDecimal(sum, exponent: common)
  }

  /// The difference; nil where it is too long.
  func minus(_ other: ExactDecimal) -> ExactDecimal? {
    plus(ExactDecimal(-other.digits, exponent: other.exponent))
  }
}
