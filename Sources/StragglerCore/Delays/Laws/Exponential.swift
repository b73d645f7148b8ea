struct ExponentialLaw: NumericDelayLaw {
  static var name: StaticText { "exponential" }
  static var parameters: StaticText { "rate" }
  static var parameterCount: Int { 1 }
  static var summary: StaticText { "memoryless, with mean 1/rate" }

  let rate: Double

  init(rate: Double) { self.rate = rate }
  init(_ values: SIMD4<Double>) { rate = values[0] }
  var values: SIMD4<Double> { SIMD4(rate, 0, 0, 0) }
  var delay: Delay { .exponential(rate: rate) }
  var problem: DelayError? { requirePositive(rate, "rate") }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { -Elementary.log(stream.uniform()) / rate }
  func cdf(_ t: Double) -> Double { -Elementary.expm1(-rate * t) }
  func quantile(_ p: Double) -> Double { -Elementary.log1p(-p) / rate }
  var mean: Double { 1 / rate }
  func partialMean(_ t: Double) -> Double { Special.regularizedGammaP(2, rate * t) / rate }

  func elasticity(_ t: Double, _: Double) -> Double {
    let x = rate * t
    return x > 0 ? x / Elementary.expm1(x) : 1
  }
}
