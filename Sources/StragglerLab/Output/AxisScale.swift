// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// Where numbers are on an axis: from 0 at its lower end to 1 at its upper end.
struct AxisScale: Equatable {
  let lower: Double
  let upper: Double
  let isLogarithmic: Bool
  /// 2^`shift` brings the axis near 1, so that neither the largest nor the smallest doubles overflow on the
  /// way.
  private let shift: Int
  private let origin: Double
  private let length: Double

  /// An axis over the given numbers, of which those that it cannot show are left aside.
  ///
  /// An axis of a single number, or of none, gets some room around it; a linear one also where its numbers
  /// differ by less than 10⁻¹² of their size. With padding (1/32 of the axis) the numbers keep off its ends,
  /// but a linear axis does not cross zero for that.
  init(over numbers: some Sequence<Double>, isLogarithmic: Bool, isPadded: Bool, keepsZero: Bool = true) {
    var low = Double.infinity
    var high = -Double.infinity
    for number in numbers where number.isFinite && !(isLogarithmic && number <= 0) {
      low = min(low, number)
      high = max(high, number)
    }
    if low > high {
      low = isLogarithmic ? 0.1 : 0
      high = 1
    }
    (low, high) =
      isLogarithmic
      ? Self.roomy(logarithmic: low, high, isPadded) : Self.roomy(low, high, isPadded, keepsZero)
    self.init(from: low, to: high, isLogarithmic: isLogarithmic)
  }

  /// The axis from `lower` to `upper`: finite, different, and above zero if logarithmic.
  init(from lower: Double, to upper: Double, isLogarithmic: Bool) {
    self.lower = lower
    self.upper = upper
    self.isLogarithmic = isLogarithmic
    shift = isLogarithmic ? 0 : -Self.exponent(of: max(lower.magnitude, upper.magnitude))
    origin = Self.coordinate(lower, isLogarithmic, shift)
    length = Self.coordinate(upper, isLogarithmic, shift) - origin
  }

  /// An axis of that many categories at 0, 1, 2, …
  init(categories count: Int) {
    self.init(from: -0.5, to: Double(max(count, 1)) - 0.5, isLogarithmic: false)
  }

  /// The axis up to the next labelled tick, where that is no more than 1/50 of a linear axis away.
  ///
  /// Runs that stop at 1000 s have their last point a little before.
  func rounded() -> AxisScale {
    guard !isLogarithmic, let grid = DecimalGrid(from: lower, to: upper, limit: 9) else { return self }
    let next = grid.value(grid.multiples.upperBound + 1)
    guard next.isFinite, next / 2 - upper / 2 <= (upper / 2 - lower / 2) / 50 else { return self }
    return AxisScale(from: lower, to: next, isLogarithmic: false)
  }

  /// The place of a number, between −1 and 2; NaN where it has none.
  func position(_ number: Double) -> Double {
    let place = place(number)
    return place.isNaN ? .nan : min(max(place, -1), 2)
  }

  /// The same, as far as a million axes from either end, and −1 for what is too small for a logarithm.
  func place(_ number: Double) -> Double {
    if isLogarithmic, number <= 0 { return -1 }
    let place = (Self.coordinate(number, isLogarithmic, shift) - origin) / length
    return place.isNaN ? .nan : min(max(place, -1e6), 1e6)
  }

  private static func coordinate(_ number: Double, _ isLogarithmic: Bool, _ shift: Int) -> Double {
    isLogarithmic ? Elementary.log2(number) : Double(sign: .plus, exponent: shift, significand: number)
  }

  private static func exponent(of number: Double) -> Int {
    number.isNormal ? Int(number.exponent) : -1022
  }

  /// Linear axes are never shorter than this.
  private static let shortest = 1e-300

  private static func roomy(_ low: Double, _ high: Double, _ isPadded: Bool, _ keepsZero: Bool) -> (
    Double, Double
  ) {
    let largest = max(low.magnitude, high.magnitude)
    // Halves, since the difference of two doubles may overflow.
    let halfSpan = high / 2 - low / 2
    if halfSpan < max(largest * 0.5e-12, shortest / 2) {
      let room = largest == 0 ? 1 : max(largest * 0.1, shortest)
      return (finite(low - room), finite(high + room))
    }
    let room = isPadded ? halfSpan / 16 : 0
    // Zero is worth a small part of the axis.
    let low = keepsZero && low > 0 && low / 2 < halfSpan / 8 ? 0 : low
    let paddedLow = low - room
    let paddedHigh = high + room
    return (
      low >= 0 && paddedLow < 0 ? 0 : finite(paddedLow), high <= 0 && paddedHigh > 0 ? 0 : finite(paddedHigh)
    )
  }

  private static func finite(_ number: Double) -> Double {
    min(max(number, -Double.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }

  private static func roomy(logarithmic low: Double, _ high: Double, _ isPadded: Bool) -> (Double, Double) {
    if high / low < 1.000_000_000_1 {
      return (max(low / 3, .leastNonzeroMagnitude), finite(high * 3))
    }
    var room = 1.0
    if isPadded {
      // The 32nd root of the ratio, which itself may overflow.
      room = high.squareRoot() / low.squareRoot()
      for _ in 0..<4 { room.formSquareRoot() }
    }
    return (max(low / room, .leastNonzeroMagnitude), finite(high * room))
  }
}
