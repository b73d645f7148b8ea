struct GammaLaw: NumericDelayLaw {
  static var name: StaticText { "gamma" }
  static var parameters: StaticText { "shape scale" }
  static var parameterCount: Int { 2 }
  static var summary: StaticText { "gamma, with mean shape·scale" }

  let shape, scale: Double

  init(shape: Double, scale: Double) { (self.shape, self.scale) = (shape, scale) }
  init(_ values: SIMD4<Double>) { self.init(shape: values[0], scale: values[1]) }
  var values: SIMD4<Double> { SIMD4(shape, scale, 0, 0) }
  var delay: Delay { .gamma(shape: shape, scale: scale) }
  var problem: DelayError? { requirePositive(shape, "shape") ?? requirePositive(scale, "scale") }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { scale * stream.gamma(shape: shape) }
  func cdf(_ t: Double) -> Double { Special.regularizedGammaP(shape, t / scale) }
  func quantile(_ p: Double) -> Double { scale * Special.gammaQuantile(p, shape: shape) }
  var mean: Double { shape * scale }
  func partialMean(_ t: Double) -> Double { mean * Special.regularizedGammaP(shape + 1, t / scale) }

  func elasticity(_ t: Double, _: Double) -> Double { Special.gammaElasticity(shape, t / scale) }
}

extension RandomStream {
  /// A gamma number with scale 1. Source: Marsaglia and Tsang (2000).
  mutating func gamma(shape: Double) -> Double {
    if shape < 1 {
      // G(a) = G(a + 1)·U^(1/a), in logarithms since the power may underflow.
      let larger = gamma(shape: shape + 1)
      return Elementary.exp(Elementary.log(larger) + Elementary.log(uniform()) / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    // An attempt succeeds with probability above 0.95; the bound is for parameters that are not numbers.
    var attempts = 0
    while attempts < 1_000 {
      attempts += 1
      let z = normal()
      let root = 1 + c * z
      guard root > 0 else { continue }
      let v = root * root * root
      let u = uniform()
      let z2 = z * z
      if u < 1 - 0.0331 * z2 * z2 { return d * v }
      if Elementary.log(u) < 0.5 * z2 + d * (1 - v + Elementary.log(v)) { return d * v }
    }
    return d
  }
}
