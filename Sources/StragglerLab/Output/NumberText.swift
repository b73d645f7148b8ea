// SPDX-License-Identifier: Apache-2.0

/// Numbers as text, the same on every machine and in every locale.
public enum NumberText {
  /// The shortest text that reads back as exactly this number; `nan`, `inf` and `-inf` for the others.
  public static func exact(_ number: Double) -> String {
    number.isNaN ? "nan" : number.description
  }

  /// A number for people: about `digits` significant digits, without trailing zeros.
  ///
  /// Numbers from 10⁻⁴ on are written out, with all digits before the point, until they need more than
  /// max(`digits`, 6) of these; others are written as `1.25e-7`. What is rounded is the shortest decimal that
  /// reads back exactly, a tie going away from zero: 1.005 with three digits is `1.01`. Zero of either sign
  /// is `0`.
  public static func brief(_ number: Double, digits: Int = 6) -> String {
    guard let exact = DecimalDigits(number) else { return self.exact(number) }
    let plainLimit = max(digits, 6)
    var rounded = exact
    rounded.round(toSignificant: digits)
    guard (-4..<plainLimit).contains(rounded.exponent) else { return rounded.scientific }
    rounded = exact
    rounded.round(toSignificant: max(digits, exact.exponent + 1))
    return rounded.exponent < plainLimit ? rounded.positional : rounded.scientific
  }

  /// A fraction as percent with at most one digit after the point, as `97.5 %`.
  public static func percent(_ fraction: Double) -> String {
    guard fraction.isFinite else { return exact(fraction) }
    return fixed(fraction * 100, decimals: 1) + " %"
  }

  /// A number rounded to `decimals` (0 to 6) digits after the point, without trailing zeros.
  ///
  /// Meant for coordinates: what lies beyond ±10⁹ is moved there, and NaN is 0.
  static func fixed(_ number: Double, decimals: Int = 2) -> String {
    var scale = 1
    for _ in 0..<min(max(decimals, 0), 6) { scale *= 10 }
    let bounded = number.isNaN ? 0 : min(max(number, -1e9), 1e9)
    let units = Int((bounded * Double(scale)).rounded())
    let whole = units.magnitude / UInt(scale)
    var rest = units.magnitude % UInt(scale)
    var text = units < 0 ? "-\(whole)" : "\(whole)"
    if rest == 0 { return text }
    text += "."
    while rest > 0 {
      rest *= 10
      text += String(rest / UInt(scale))
      rest %= UInt(scale)
    }
    return text
  }

  /// A whole number in superscript figures, as the exponent of `10⁻³`.
  static func superscript(_ number: Int) -> String {
    let figures: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    var text = ""
    for byte in String(number).utf8 {
      text.append(byte == UInt8(ascii: "-") ? "⁻" : figures[Int(byte - UInt8(ascii: "0"))])
    }
    return text
  }

  /// A count with its thousands apart, as `12,500`.
  static func grouped(_ number: Int) -> String {
    let figures = Array(String(number.magnitude))
    var text = number < 0 ? "-" : ""
    for (place, figure) in figures.enumerated() {
      if place > 0, (figures.count - place) % 3 == 0 { text += "," }
      text.append(figure)
    }
    return text
  }
}
