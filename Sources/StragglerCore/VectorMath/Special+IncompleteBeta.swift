// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// I_x(a, b), the distribution function of the beta law with a, b > 0 at x in 0…1.
  ///
  /// Relative error 10⁻¹⁴, 10⁻¹³ where a or b is in the thousands. O(√max(a, b)) operations, at most 10⁵.
  public static func regularizedBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    guard a > 0 && b > 0 && a < .infinity && b < .infinity && x >= 0 && x <= 1 else { return .nan }
    if x == 0 || x == 1 { return x }
    return incompleteBeta(
      a, b, x, 1 - x, log: (Elementary.log(x), Elementary.log1p(-x)), logBeta: logBeta(a, b))
  }

  /// I_x(a, b) for 0 < x < 1 with y = 1 − x the logarithms of both, each known in full precision,
  /// and ln B(a, b).
  static func incompleteBeta(
    _ a: Double, _ b: Double, _ x: Double, _ y: Double, log: (x: Double, y: Double), logBeta: Double
  ) -> Double {
    let factor = Elementary.exp(a * log.x + b * log.y - logBeta)
    if b <= 1 && x < 0.6 { return min(1, factor / a * betaSeries(a, b, x)) }
    if a <= 1 && y < 0.6 { return max(0, 1 - factor / b * betaSeries(b, a, y)) }
    // Left of the mean the fraction converges fast, right of it the one of the mirrored law.
    if x * (a + b + 2) < a + 1 { return min(1, factor * betaFraction(a, b, x) / a) }
    return max(0, 1 - factor * betaFraction(b, a, y) / b)
  }

  /// Σ x^k (a + b)…(a + b + k − 1)/((a + 1)…(a + k)), for b ≤ 1, where every term is less than x times the
  /// last.
  private static func betaSeries(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var (sum, term, k) = (1.0, 1.0, 0.0)
    while term > sum * 0x1p-54 {
      term *= x * ((a + b + k) / (a + 1 + k))
      sum += term
      k += 1
    }
    return sum
  }

  /// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var (value, n) = (d, 1.0)
    while n < 50_000 {
      let even = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      value *= c * d
      let odd = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      value *= c * d
      if (c * d - 1).magnitude < 0x1p-52 { break }
      n += 1
    }
    return value
  }
}
