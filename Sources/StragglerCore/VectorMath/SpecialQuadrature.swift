// SPDX-License-Identifier: Apache-2.0

/// Numerical integration of smooth functions.
enum Quadrature {
  /// ∫ f from `a` to `b` by the tanh–sinh rule, to some 10⁻¹³ of ∫|f|. At most 10⁴ evaluations.
  ///
  /// The nodes cluster at both ends, so that a steep rise there does no harm. Source: Takahasi and Mori
  /// (1974).
  static func integral(from a: Double, to b: Double, _ f: (Double) -> Double) -> Double {
    refined(from: a, to: b, f).value
  }

  /// The same for functions that may not be smooth: NaN unless the last refinement has changed the value by
  /// less than 10⁻¹⁰ of it.
  static func settledIntegral(from a: Double, to b: Double, _ f: (Double) -> Double) -> Double {
    let (value, change) = refined(from: a, to: b, f)
    return change <= 1e-10 * value.magnitude ? value : .nan
  }

  private static func refined(
    from a: Double, to b: Double, _ f: (Double) -> Double
  ) -> (value: Double, change: Double) {
    let half = 0.5 * (b - a)
    guard half > 0 else { return (0, 0) }
    var sum = 0.5 * .pi * f(a + half)
    var (step, level, value, change) = (1.0, 0, 0.0, Double.infinity)
    while level < 11 {
      // A level halves the step: only its odd multiples are new.
      var k = 1.0
      while k * step < 3.5 {
        let e = Elementary.exp(k * step)
        let u = Elementary.exp(-0.5 * .pi * (e - 1 / e))
        let distance = half * (2 * u / (1 + u))
        let weight = .pi * (e + 1 / e) * u / ((1 + u) * (1 + u))
        sum += weight * (f(a + distance) + f(b - distance))
        k += level == 0 ? 1 : 2
      }
      let refined = sum * step * half
      change = (refined - value).magnitude
      value = refined
      if level > 4 && change <= 1e-14 * refined.magnitude { break }
      step *= 0.5
      level += 1
    }
    return (value, change)
  }

  /// E[e^X; e^X ≤ t] for X = center + scale·Z, where Z has the given density with one peak at 0.
  ///
  /// With X = center + scale·sinh w both the peak and the tails have width one in w.
  static func partialMeanOfExponential(
    upTo t: Double, center: Double, scale: Double, density: (Double) -> Double
  ) -> Double {
    if t == 0 { return 0 }
    let top = Elementary.log(t)
    // Below both the peak and t by e^(−45) nothing counts.
    let bottom = min(center, top) - 45
    let share = integral(
      from: inverseSinh((bottom - center) / scale), to: inverseSinh((top - center) / scale)
    ) { w in
      let e = Elementary.exp(w)
      let z = 0.5 * (e - 1 / e)
      return Elementary.exp(center - top + scale * z) * density(z) * (0.5 * (e + 1 / e))
    }
    return t * share
  }

  static func inverseSinh(_ z: Double) -> Double {
    let size = z.magnitude
    let value =
      size > 1e8
      ? Elementary.log(size) + Elementary.log(2)
      : Elementary.log1p(size + size * size / (1 + (1 + size * size).squareRoot()))
    return z < 0 ? -value : value
  }
}
