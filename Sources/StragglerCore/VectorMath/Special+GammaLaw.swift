// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// The x with P(shape, x) = p; 0 where it is too small for a double.
  static func gammaQuantile(_ p: Double, shape: Double) -> Double {
    guard p > 0 && p < 1 && shape > 0 else { return p == 0 ? 0 : p == 1 ? .infinity : .nan }
    // Wilson and Hilferty's cube of a normal number, or for small x the first term of the series.
    let root = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * shape.squareRoot())
    let leading = (Elementary.log(p) + logGamma(shape + 1)) / shape
    if leading < -700 { return leading < -745 ? 0 : Elementary.exp(leading) }
    let start = root > 0.2 ? Elementary.log(shape) + 3 * Elementary.log(root) : leading
    let isTail = p > 0.5
    let target = Elementary.log(isTail ? 1 - p : p)
    return LogNewton.solve(start: start, lowest: -745, highest: 710, increasing: !isTail) { u in
      let x = Elementary.exp(u)
      if !isTail { return (Elementary.log(regularizedGammaP(shape, x)) - target, gammaElasticity(shape, x)) }
      let q = regularizedGammaQ(shape, x)
      return (Elementary.log(q) - target, -shape * gammaFactor(shape, x) / q)
    }
  }

  /// d ln P(a, x)/d ln x, from a at 0 down to 0.
  static func gammaElasticity(_ a: Double, _ x: Double) -> Double {
    if x < a + 1 && a < 200 { return a / gammaSeries(a, x) }
    return a * gammaFactor(a, x) / regularizedGammaP(a, x)
  }

  /// ∫₀ˣ t^(a−1) e^(−t) dt, also where Γ(a) overflows.
  static func lowerGamma(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x < a + 1 && a < 1e6 { return Elementary.exp(a * Elementary.log(x) - x) / a * gammaSeries(a, x) }
    return gamma(a) * regularizedGammaP(a, x)
  }
}
