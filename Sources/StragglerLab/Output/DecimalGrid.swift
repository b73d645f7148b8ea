// SPDX-License-Identifier: Apache-2.0

/// Evenly spaced decimal numbers: the multiples of 1, 2 or 5 times a power of ten within bounds.
///
/// They are whole numbers with a power of ten until the end, so that neither a value nor its text carries the
/// error of a sum.
struct DecimalGrid: Equatable {
  /// The step is `leading` × 10^`exponent`, `leading` being 1, 2 or 5.
  let leading: Int
  let exponent: Int
  /// The numbers within the bounds, in steps.
  let multiples: ClosedRange<Int>
  /// In how many parts minor ticks divide a step.
  let minorParts: Int
  /// The numbers of the minor ticks, in parts of a step.
  let minorMultiples: ClosedRange<Int>

  /// The finest grid with at most `limit` numbers; nil where the bounds leave none.
  init?(from lower: Double, to upper: Double, limit: Int) {
    let parts = Double(max(1, limit))
    // Divided first, since the difference may overflow.
    let rough = upper / parts - lower / parts
    guard let order = DecimalDigits(rough)?.exponent, rough > 0 else { return nil }
    for step in 0..<6 {
      let leading = [1, 2, 5][step % 3]
      let exponent = order + step / 3
      guard let multiples = Self.multiples(leading, exponent, lower, upper), multiples.count <= limit else {
        continue
      }
      let parts = leading == 2 ? 4 : 5
      let minorLeading = leading == 1 ? 2 : leading == 2 ? 5 : 1
      let minorExponent = leading == 5 ? exponent : exponent - 1
      guard let minor = Self.multiples(minorLeading, minorExponent, lower, upper) else { continue }
      self.leading = leading
      self.exponent = exponent
      self.multiples = multiples
      minorParts = parts
      minorMultiples = minor
      return
    }
    return nil
  }

  private static func multiples(
    _ leading: Int, _ exponent: Int, _ lower: Double, _ upper: Double
  ) -> ClosedRange<Int>? {
    let step = Ticks.value(leading, exponent)
    // The tolerance keeps an end that is a multiple except for rounding.
    let first = (lower / step - 1e-6).rounded(.up)
    let last = (upper / step + 1e-6).rounded(.down)
    guard first <= last, first.magnitude < 1e15, last.magnitude < 1e15 else { return nil }
    return Int(first)...Int(last)
  }

  func value(_ multiple: Int) -> Double { value(units: multiple * leading) }

  /// units × 10^`exponent`.
  func value(units: Int) -> Double { Ticks.value(units, exponent) }

  func minorValue(_ multiple: Int) -> Double {
    leading == 5
      ? Ticks.value(multiple, exponent) : Ticks.value(multiple * (leading == 1 ? 2 : 5), exponent - 1)
  }

  /// A number over 10^`factor`, with as many digits after the point as the step needs.
  func text(_ multiple: Int, factor: Int) -> String { text(units: multiple * leading, factor: factor) }

  /// units × 10^`exponent`, over 10^`factor`.
  func text(units: Int, factor: Int) -> String {
    let place = exponent - factor
    var figures = String(units.magnitude)
    if place >= 0 {
      if units != 0 { figures += String(repeating: "0", count: place) }
    } else {
      let missing = 1 - place - figures.utf8.count
      if missing > 0 { figures = String(repeating: "0", count: missing) + figures }
      figures.insert(".", at: figures.index(figures.endIndex, offsetBy: place))
    }
    return units < 0 ? "-" + figures : figures
  }
}
