struct WeibullLaw: NumericDelayLaw {
  static var name: StaticText { "weibull" }
  static var parameters: StaticText { "shape scale" }
  static var parameterCount: Int { 2 }
  static var summary: StaticText { "Weibull: scale times an exponential number to the power 1/shape" }

  let shape, scale: Double

  init(shape: Double, scale: Double) { (self.shape, self.scale) = (shape, scale) }
  init(_ values: SIMD4<Double>) { self.init(shape: values[0], scale: values[1]) }
  var values: SIMD4<Double> { SIMD4(shape, scale, 0, 0) }
  var delay: Delay { .weibull(shape: shape, scale: scale) }
  var problem: DelayError? { requirePositive(shape, "shape") ?? requirePositive(scale, "scale") }

  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    scale * Elementary.exp(Elementary.log(-Elementary.log(stream.uniform())) / shape)
  }

  /// (t/scale)^shape, the exponential number.
  private func reduced(_ t: Double) -> Double { Elementary.pow(t / scale, shape) }

  func cdf(_ t: Double) -> Double { -Elementary.expm1(-reduced(t)) }
  func quantile(_ p: Double) -> Double { scale * Elementary.pow(-Elementary.log1p(-p), 1 / shape) }
  var mean: Double { scale * Special.gamma(1 + 1 / shape) }
  func partialMean(_ t: Double) -> Double { scale * Special.lowerGamma(1 + 1 / shape, reduced(t)) }

  func elasticity(_: Double, _ x: Double) -> Double {
    let z = Elementary.exp(shape * (x - Elementary.log(scale)))
    return z > 0 ? shape * (z / Elementary.expm1(z)) : shape
  }
}
