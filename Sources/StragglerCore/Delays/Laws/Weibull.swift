// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// P(η > t) = e^(−(t/scale)^shape).
  public static func weibull(shape: Double, scale: Double) -> Delay {
    Delay(library: WeibullLaw(shape: shape, scale: scale))
  }
}

struct WeibullLaw: LibraryLaw {
  static var name: StaticText { "weibull" }
  static var summary: StaticText { "Weibull: scale times an exponential number to the power 1/shape" }
  static var code: LawCode { { Self.answer($0) } }

  var shape = 1.0, scale = 1.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.positive("shape", &shape)
    parameters.positive("scale", &scale)
  }

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

  func logDensity(_ t: Double) -> Double {
    guard t > 0 else { return -.infinity }
    let log = Elementary.log(t)
    let ratio = log - Elementary.log(scale)
    return Elementary.log(shape) + shape * ratio - log - Elementary.exp(shape * ratio)
  }
  var isWithinTwiceItsMean: Bool { shape >= 1 }
  func atSpeed(_ c: Double) -> WeibullLaw? { WeibullLaw(shape: shape, scale: scale / c) }
}
