// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// P(η > t) = (minimum/t)^alpha from the minimum on.
  public static func pareto(minimum: Double, alpha: Double) -> Delay {
    Delay(library: ParetoLaw(minimum: minimum, alpha: alpha))
  }
}

struct ParetoLaw: LibraryLaw {
  static var name: StaticText { "pareto" }
  static var summary: StaticText { "Pareto: beyond t with probability (minimum/t)^alpha" }
  static var code: LawCode { { Self.answer($0) } }

  var minimum = 1.0, alpha = 1.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.positive("minimum", &minimum)
    parameters.positive("alpha", &alpha)
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    minimum * Elementary.exp(-Elementary.log(stream.uniform()) / alpha)
  }

  func cdf(_ t: Double) -> Double {
    t <= minimum ? 0 : -Elementary.expm1(-alpha * logRatio(t))
  }

  /// ln(t/minimum), also close to the minimum.
  private func logRatio(_ t: Double) -> Double {
    let excess = (t - minimum) / minimum
    return excess < 1 ? Elementary.log1p(excess) : Elementary.log(t) - Elementary.log(minimum)
  }

  func quantile(_ p: Double) -> Double { minimum * Elementary.exp(-Elementary.log1p(-p) / alpha) }
  var mean: Double { alpha > 1 ? minimum * (alpha / (alpha - 1)) : .infinity }

  func partialMean(_ t: Double) -> Double {
    guard t > minimum else { return 0 }
    let log = logRatio(t)
    let exponent = (alpha - 1) * log
    // (1 − e^(−x))/x tends to 1.
    let share = exponent.magnitude < 1e-300 ? 1 : -Elementary.expm1(-exponent) / exponent
    return minimum * alpha * (log * share)
  }

  func elasticity(_ t: Double, _: Double) -> Double {
    t > minimum ? alpha / Elementary.expm1(alpha * logRatio(t)) : .infinity
  }

  func logDensity(_ t: Double) -> Double {
    guard t >= minimum else { return -.infinity }
    let log = Elementary.log(t)
    return Elementary.log(alpha) + alpha * (Elementary.log(minimum) - log) - log
  }
  func atSpeed(_ c: Double) -> ParetoLaw? { ParetoLaw(minimum: minimum / c, alpha: alpha) }
}
