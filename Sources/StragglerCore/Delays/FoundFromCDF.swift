// SPDX-License-Identifier: Apache-2.0

/// What is found of a law from its distribution function F alone.
enum FoundFromCDF {
  /// The smallest t with F(t) ≥ p, for p = 0 with F(t) > 0, by halving the numbers up to 10³⁰⁸; ∞ where there
  /// is none, and for p = 1.
  static func quantile(_ p: Double, _ cdf: (Double) -> Double) -> Double {
    func isReached(_ t: Double) -> Bool { p > 0 ? cdf(t) >= p : cdf(t) > 0 }
    guard p < 1, isReached(Delay.longest) else { return .infinity }
    if isReached(0) { return 0 }
    var (below, above) = (0.0.bitPattern, Delay.longest.bitPattern)
    while above - below > 1 {
      let middle = below + (above - below) / 2
      if isReached(Double(bitPattern: middle)) { above = middle } else { below = middle }
    }
    return Double(bitPattern: above)
  }

  /// E[η; η ≤ t] = ∫₀ᵗ (F(t) − F(s)) ds to nine digits; for t = ∞ the mean, infinite where F stays below 1.
  /// NaN where F does not resolve it: with atoms, and where the part beyond the (1 − 2⁻⁴⁴)-quantile counts.
  ///
  /// That part is estimated from the tail's exponent between the last two of the quantiles that are resolved.
  static func partialMean(_ t: Double, quantile: (Double) -> Double, _ cdf: (Double) -> Double) -> Double {
    let total = cdf(min(t, Delay.longest))
    if t == .infinity, total < 1 - 0x1p-40 { return .infinity }
    let (far, last) = (quantile(total * (1 - 0x1p-34)), quantile(total * (1 - 0x1p-44)))
    let top = min(t, last)
    guard top > 0 else { return 0 }
    let value = Quadrature.settledIntegral(from: 0, to: top) { total - cdf($0) }
    guard t > last, last > far else { return value }
    // 1 − F falls by 2¹⁰ from `far` to `last`.
    let exponent = 10 * Elementary.log(2) / Elementary.log(last / far)
    let rest = last * 0x1p-44 / (exponent - 1)
    return exponent > 1 && rest <= 1e-9 * value ? value : .nan
  }

  /// d ln F/d ln t at t = eˣ, to some nine digits.
  static func elasticity(_ x: Double, _ cdf: (Double) -> Double) -> Double {
    let step = 0x1p-17
    let (above, below) = (cdf(Elementary.exp(x + step)), cdf(Elementary.exp(x - step)))
    return below > 0 ? (Elementary.log(above) - Elementary.log(below)) / (2 * step) : .infinity
  }

  /// The best of 0 and 64 quantiles, and then uphill from there; with `start`, uphill from there only.
  static func clip(
    for gain: ClippingGain, near start: ClippingStart?, quantile: (Double) -> Double,
    _ cdf: (Double) -> Double
  ) -> Double {
    var best = (t: 0.0, gain: gain.at(0, cdf(0)))
    func consider(_ t: Double) {
      let value = t < gain.ceiling && t <= Delay.longest ? gain.at(t, cdf(t)) : 0
      if value > best.gain { best = (t, value) }
    }
    if let start {
      consider(start.time)
    } else {
      for step in 1...64 { consider(quantile(Double(step) / 64)) }
    }
    let peakStart = best.t > 0 ? ClippingStart(time: best.t, change: start?.spread ?? 1) : nil
    consider(gain.peak(near: peakStart) { _, x in elasticity(x, cdf) })
    return best.t
  }
}
