// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// ln η is normal with mean mu and standard deviation sigma.
  public static func lognormal(mu: Double, sigma: Double) -> Delay {
    Delay(library: LognormalLaw(mu: mu, sigma: sigma))
  }
}

struct LognormalLaw: LibraryLaw {
  static var name: StaticText { "lognormal" }
  static var summary: StaticText { "the logarithm is normal with mean mu and standard deviation sigma" }
  static var code: LawCode { { Self.answer($0) } }

  var mu = 0.0, sigma = 0.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.finite("mu", &mu)
    parameters.nonnegative("sigma", &sigma)
  }

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

  func logDensity(_ t: Double) -> Double {
    guard t > 0 else { return -.infinity }
    let log = Elementary.log(t)
    let z = (log - mu) / sigma
    return -0.5 * z * z - Special.logRootTwoPi - Elementary.log(sigma) - log
  }
  func atSpeed(_ c: Double) -> LognormalLaw? { LognormalLaw(mu: mu - Elementary.log(c), sigma: sigma) }
}
