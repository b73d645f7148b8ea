// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// Φ(x) = P(N ≤ x) of the standard normal, accurate to some 10⁻¹⁵ relative in the lower tail too.
  public static func normalCDF(_ x: Double) -> Double {
    if x.magnitude < 0.6 { return 0.5 + 0.5 * erf(x * rootHalf) }
    let tail = 0.5 * gaussian(x, over: 2) * scaledErfc(x.magnitude * rootHalf)
    return x > 0 ? 1 - tail : tail
  }

  /// The density of the standard normal.
  public static func normalDensity(_ x: Double) -> Double {
    gaussian(x, over: 2) * (inverseRootPi * rootHalf)
  }

  /// φ(x)/Φ(x), the reverse hazard rate of the standard normal; about −x in the lower tail, where both
  /// vanish.
  static func normalReverseHazard(_ x: Double) -> Double {
    if x <= 0 { return (2 * inverseRootPi * rootHalf) / scaledErfc(-x * rootHalf) }
    return normalDensity(x) / normalCDF(x)
  }

  /// Φ⁻¹(p): −∞ at 0, ∞ at 1. Relative error 10⁻¹⁵. Source: Wichura, algorithm AS 241 (PPND16), 1988.
  public static func normalQuantile(_ p: Double) -> Double {
    let q = p - 0.5
    if q.magnitude <= 0.425 { return q * centralRatio(0.180625 - q * q) }
    guard p > 0 && p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    let r = (-Elementary.log(q < 0 ? p : 1 - p)).squareRoot()
    let value = r <= 5 ? middleRatio(r - 1.6) : tailRatio(r - 5)
    return q < 0 ? -value : value
  }

  private static func centralRatio(_ r: Double) -> Double {
    let r2 = r * r
    let r4 = r2 * r2
    let above =
      (3.3871328727963666080 + r * 133.14166789178437745)
      + r2 * (1971.5909503065514427 + r * 13731.693765509461125)
    let aboveHigh =
      (45921.953931549871457 + r * 67265.770927008700853)
      + r2 * (33430.575583588128105 + r * 2509.0809287301226727)
    let below = (1 + r * 42.313330701600911252) + r2 * (687.18700749205790830 + r * 5394.1960214247511077)
    let belowHigh =
      (21213.794301586595867 + r * 39307.895800092710610)
      + r2 * (28729.085735721942674 + r * 5226.4952788528545610)
    return (above + r4 * aboveHigh) / (below + r4 * belowHigh)
  }

  private static func middleRatio(_ r: Double) -> Double {
    let r2 = r * r
    let r4 = r2 * r2
    let above =
      (1.42343711074968357734 + r * 4.63033784615654529590)
      + r2 * (5.76949722146069140550 + r * 3.64784832476320460504)
    let aboveHigh =
      (1.27045825245236838258 + r * 0.241780725177450611770)
      + r2 * (0.0227238449892691845833 + r * 0.000774545014278341407640)
    let below = (1 + r * 2.05319162663775882187) + r2 * (1.67638483018380384940 + r * 0.689767334985100004550)
    let belowHigh =
      (0.148103976427480074590 + r * 0.0151986665636164571966)
      + r2 * (0.000547593808499534494600 + r * 1.05075007164441684324e-9)
    return (above + r4 * aboveHigh) / (below + r4 * belowHigh)
  }

  private static func tailRatio(_ r: Double) -> Double {
    let r2 = r * r
    let r4 = r2 * r2
    let above =
      (6.65790464350110377720 + r * 5.46378491116411436990)
      + r2 * (1.78482653991729133580 + r * 0.296560571828504891230)
    let aboveHigh =
      (0.0265321895265761230930 + r * 0.00124266094738807843860)
      + r2 * (0.0000271155556874348757815 + r * 2.01033439929228813265e-7)
    let below =
      (1 + r * 0.599832206555887937690) + r2 * (0.136929880922735805310 + r * 0.0148753612908506148525)
    let belowHigh =
      (0.000786869131145613259100 + r * 0.0000184631831751005468180)
      + r2 * (1.42151175831644588870e-7 + r * 2.04426310338993978564e-15)
    return (above + r4 * aboveHigh) / (below + r4 * belowHigh)
  }
}

extension RandomStream {
  /// A standard normal number, by inversion: one 64-bit draw.
  public mutating func normal() -> Double { Special.normalQuantile(uniform()) }
}
