struct LogCauchyLaw: NumericDelayLaw {
  static var name: StaticText { "logcauchy" }
  static var parameters: StaticText { "mu gamma" }
  static var parameterCount: Int { 2 }
  static var summary: StaticText { "the logarithm is Cauchy with median mu and scale gamma; no mean" }

  let mu, gamma: Double

  init(mu: Double, gamma: Double) { (self.mu, self.gamma) = (mu, gamma) }
  init(_ values: SIMD4<Double>) { self.init(mu: values[0], gamma: values[1]) }
  var values: SIMD4<Double> { SIMD4(mu, gamma, 0, 0) }
  var delay: Delay { .logcauchy(mu: mu, gamma: gamma) }
  var problem: DelayError? { requireFinite(mu, "mu") ?? requireNonNegative(gamma, "gamma") }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { quantile(stream.uniform()) }

  func cdf(_ t: Double) -> Double {
    if gamma == 0 { return t >= Elementary.exp(mu) ? 1 : 0 }
    return Self.standardCDF((Elementary.log(t) - mu) / gamma)
  }

  /// ½ + atan(z)/π, accurate in the lower tail.
  private static func standardCDF(_ z: Double) -> Double {
    z < -1 ? Elementary.atan(-1 / z) / .pi : 0.5 + Elementary.atan(z) / .pi
  }

  func quantile(_ p: Double) -> Double {
    if gamma == 0 { return Elementary.exp(mu) }
    if p == 0 || p == 1 { return p == 0 ? 0 : .infinity }
    return Elementary.exp(mu - gamma / Elementary.tanPi(p))
  }

  var mean: Double { gamma == 0 ? Elementary.exp(mu) : .infinity }

  func partialMean(_ t: Double) -> Double {
    if gamma == 0 { return t >= mean ? mean : 0 }
    return Quadrature.partialMeanOfExponential(upTo: t, center: mu, scale: gamma) { z in
      1 / (.pi * (1 + z * z))
    }
  }

  func elasticity(_: Double, _ x: Double) -> Double {
    let z = (x - mu) / gamma
    return gamma == 0 ? 0 : 1 / (.pi * gamma * (1 + z * z) * Self.standardCDF(z))
  }

  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    if gamma == 0 { return ConstantLaw(seconds: mean).clip(for: gain, near: start) }
    return gain.highestPeak(
      center: mu, width: gamma, near: start, cdf: { _, x in Self.standardCDF((x - mu) / gamma) },
      elasticity: { elasticity($0, $1) })
  }
}
