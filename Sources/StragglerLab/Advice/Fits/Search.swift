// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Searches over one variable that always end.
enum Search {
  /// The root of an increasing function between `low` and `high`, where its signs differ: Newton's method,
  /// with bisection wherever a step would leave the bracket or does not halve it soon enough.
  ///
  /// Without a change of sign it is the end with the smaller value. At most 200 evaluations.
  static func root(
    from low: Double, to high: Double, near start: Double, _ f: (Double) -> (value: Double, slope: Double)
  ) -> Double {
    var (low, high) = (low, high)
    var x = min(max(start, low), high)
    var width = high - low
    for evaluation in 0..<200 {
      let (value, slope) = f(x)
      if value == 0 || value.isNaN { return x }
      if value < 0 { low = x } else { high = x }
      var next = x - value / slope
      // A bracket that has not shrunk to a half in three steps is halved.
      let isSlow = evaluation % 3 == 2 && high - low > 0.5 * width
      if evaluation % 3 == 2 { width = high - low }
      if !(next > low && next < high) || isSlow { next = low + 0.5 * (high - low) }
      if (next - x).magnitude <= 2 * x.magnitude.ulp || next == low && x == low { return next }
      x = next
    }
    return x
  }

  /// Where a function with one peak is largest, by golden section, to about 10⁻⁸ of the interval.
  static func peak(
    from low: Double, to high: Double, evaluations: Int = 40, _ f: (Double) -> Double
  ) -> Double {
    let golden = 0.6180339887498949
    var (a, b) = (low, high)
    var (left, right) = (b - golden * (b - a), a + golden * (b - a))
    var (atLeft, atRight) = (f(left), f(right))
    for _ in 2..<max(3, evaluations) {
      if atLeft >= atRight {
        (b, right, atRight) = (right, left, atLeft)
        left = b - golden * (b - a)
        atLeft = f(left)
      } else {
        (a, left, atLeft) = (left, right, atRight)
        right = a + golden * (b - a)
        atRight = f(right)
      }
    }
    return atLeft >= atRight ? left : right
  }
}
