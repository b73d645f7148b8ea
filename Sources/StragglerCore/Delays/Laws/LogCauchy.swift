// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// ln η is Cauchy with median mu and scale gamma.
  public static func logcauchy(mu: Double, gamma: Double) -> Delay {
    Delay(library: LogCauchyLaw(mu: mu, gamma: gamma))
  }
}

struct LogCauchyLaw: LibraryLaw {
  static var name: StaticText { "logcauchy" }
  static var summary: StaticText { "the logarithm is Cauchy with median mu and scale gamma; no mean" }
  static var code: LawCode { { Self.answer($0) } }

  var mu = 0.0, gamma = 0.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.finite("mu", &mu)
    parameters.nonnegative("gamma", &gamma)
  }

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

  func logDensity(_ t: Double) -> Double {
    guard t > 0 else { return -.infinity }
    let log = Elementary.log(t)
    let z = (log - mu) / gamma
    return -Elementary.log1p(z * z) - 2 * Special.logRootPi - Elementary.log(gamma) - log
  }
  func atSpeed(_ c: Double) -> LogCauchyLaw? { LogCauchyLaw(mu: mu - Elementary.log(c), gamma: gamma) }
}
