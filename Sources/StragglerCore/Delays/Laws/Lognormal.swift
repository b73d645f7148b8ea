struct LognormalLaw: NumericDelayLaw {
  static var name: StaticText { "lognormal" }
  static var parameters: StaticText { "mu sigma" }
  static var parameterCount: Int { 2 }
  static var summary: StaticText { "the logarithm is normal with mean mu and standard deviation sigma" }

  let mu, sigma: Double

  init(mu: Double, sigma: Double) { (self.mu, self.sigma) = (mu, sigma) }
  init(_ values: SIMD4<Double>) { self.init(mu: values[0], sigma: values[1]) }
  var values: SIMD4<Double> { SIMD4(mu, sigma, 0, 0) }
  var delay: Delay { .lognormal(mu: mu, sigma: sigma) }
  var problem: DelayError? { requireFinite(mu, "mu") ?? requireNonNegative(sigma, "sigma") }

  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    Elementary.exp(mu + sigma * stream.normal())
  }

  func cdf(_ t: Double) -> Double {
    if sigma == 0 { return t >= Elementary.exp(mu) ? 1 : 0 }
    return Special.normalCDF((Elementary.log(t) - mu) / sigma)
  }

  func quantile(_ p: Double) -> Double {
    sigma == 0 ? Elementary.exp(mu) : Elementary.exp(mu + sigma * Special.normalQuantile(p))
  }

  var mean: Double { Elementary.exp(mu + 0.5 * sigma * sigma) }

  /// E η · Φ(y − sigma) with y = (ln t − mu)/sigma, where E η may overflow and Φ underflow, but not the
  /// product.
  func partialMean(_ t: Double) -> Double {
    if sigma == 0 { return t >= mean ? mean : 0 }
    let y = (Elementary.log(t) - mu) / sigma
    if y > sigma { return mean * Special.normalCDF(y - sigma) }
    return 0.5 * t * Special.gaussian(y, over: 2) * Special.scaledErfc((sigma - y) * Special.rootHalf)
  }

  func elasticity(_: Double, _ x: Double) -> Double {
    sigma == 0 ? 0 : Special.normalReverseHazard((x - mu) / sigma) / sigma
  }

  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    if sigma == 0 { return ConstantLaw(seconds: mean).clip(for: gain, near: start) }
    return gain.peak(near: start) { elasticity($0, $1) }
  }
}
