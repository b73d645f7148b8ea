// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// ln Γ(x) for x > 0; infinite at 0 and ∞, NaN below. Relative error about 10⁻¹⁵, near the zeros 1 and 2
  /// too.
  public static func logGamma(_ x: Double) -> Double {
    guard x > 0 && x < .infinity else { return x == 0 || x == .infinity ? .infinity : .nan }
    if x >= 12 {
      return (x - 0.5) * (Elementary.log(x) - 1) - 0.5 + logRootTwoPi + stirlingCorrection(x)
    }
    if x < 0.5 { return logGammaNearTwo(x) - Elementary.log1p(x) - Elementary.log(x) }
    if x < 1.5 { return logGammaNearTwo(x - 1) - Elementary.log1p(x - 1) }
    var (product, rest) = (1.0, x)
    while rest > 2.5 {
      rest -= 1
      product *= rest
    }
    return logGammaNearTwo(rest - 2) + (product == 1 ? 0 : Elementary.log(product))
  }

  /// Γ(x) for x > 0, infinite above 171.6.
  public static func gamma(_ x: Double) -> Double {
    guard x > 0.5 && x < 12 else { return Elementary.exp(logGamma(x)) }
    var (product, rest) = (1.0, x)
    while rest > 2.5 {
      rest -= 1
      product *= rest
    }
    return product * Elementary.exp(rest < 1.5 ? logGamma(rest) : logGammaNearTwo(rest - 2))
  }

  /// ln Γ(2 + y), |y| ≤ ½: its Taylor series, coefficients 1 − γ and (−1)ᵏ(ζ(k) − 1)/k.
  private static func logGammaNearTwo(_ y: Double) -> Double {
    let y2 = y * y
    let y4 = y2 * y2
    // Four Horner schemes in y⁴ side by side.
    let step = SIMD4(repeating: y4)
    var sum = SIMD4<Double>(5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, 0)
    sum =
      sum * step
      + SIMD4<Double>(
        1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09)
    sum =
      sum * step
      + SIMD4<Double>(
        2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08)
    sum =
      sum * step
      + SIMD4<Double>(
        4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07)
    sum =
      sum * step
      + SIMD4<Double>(
        9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06)
    sum =
      sum * step
      + SIMD4<Double>(
        0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939)
    sum =
      sum * step
      + SIMD4<Double>(0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986)
    let series = (sum[0] + sum[1] * y) + y2 * (sum[2] + sum[3] * y)
    return y * (0.42278433509846713 + y * series)
  }

  /// δ(x) = ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for x ≥ 10, by Stirling's series.
  static func stirlingCorrection(_ x: Double) -> Double {
    let z = 1 / (x * x)
    let tail =
      0.0008417508417508417 + z
      * (-0.0019175269175269176 + z * (0.00641025641025641 - z * 0.029550653594771242))
    return
      (0.08333333333333333 + z
      * (-0.002777777777777778 + z * (0.0007936507936507937 + z * (-0.0005952380952380953 + z * tail)))) / x
  }

  /// μ − ln(1 + μ) for μ > −1, without cancellation near 0.
  static func logDefect(_ mu: Double) -> Double {
    guard mu > -0.2928 && mu < 0.4142 else { return mu - Elementary.log1p(mu) }
    let s = mu / (2 + mu)
    return mu * s - s * (s * s) * Elementary.logQuotient(s * s)
  }

  /// x^a e^(−x)/Γ(a + 1), the common factor of the incomplete gamma functions.
  static func gammaFactor(_ a: Double, _ x: Double) -> Double {
    if a < 10 { return Elementary.exp(a * Elementary.log(x) - x - logGamma(a + 1)) }
    let exponent = -a * logDefect((x - a) / a) - stirlingCorrection(a)
    return Elementary.exp(exponent) * (inverseRootPi * rootHalf) / a.squareRoot()
  }

  /// ln B(a, b) = ln Γ(a)Γ(b)/Γ(a + b) for a, b > 0.
  static func logBeta(_ a: Double, _ b: Double) -> Double {
    let (p, q) = a < b ? (a, b) : (b, a)
    if q < 10 { return logGamma(p) + (logGamma(q) - logGamma(p + q)) }
    let share = p / (p + q)
    let correction = stirlingCorrection(q) - stirlingCorrection(p + q)
    if p < 10 {
      return logGamma(p) + correction + p - p * Elementary.log(p + q) + (q - 0.5) * Elementary.log1p(-share)
    }
    return (logRootTwoPi - 0.5 * Elementary.log(q)) + (stirlingCorrection(p) + correction)
      + (p - 0.5) * Elementary.log(share) + q * Elementary.log1p(-share)
  }
}
