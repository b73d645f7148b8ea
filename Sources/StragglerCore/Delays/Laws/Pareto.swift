struct ParetoLaw: NumericDelayLaw {
  static var name: StaticText { "pareto" }
  static var parameters: StaticText { "minimum alpha" }
  static var parameterCount: Int { 2 }
  static var summary: StaticText { "Pareto: beyond t with probability (minimum/t)^alpha" }

  let minimum, alpha: Double

  init(minimum: Double, alpha: Double) { (self.minimum, self.alpha) = (minimum, alpha) }
  init(_ values: SIMD4<Double>) { self.init(minimum: values[0], alpha: values[1]) }
  var values: SIMD4<Double> { SIMD4(minimum, alpha, 0, 0) }
  var delay: Delay { .pareto(minimum: minimum, alpha: alpha) }
  var problem: DelayError? { requirePositive(minimum, "minimum") ?? requirePositive(alpha, "alpha") }

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
}
