// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// Density ∝ t^(shape−1) e^(−t/scale).
  public static func gamma(shape: Double, scale: Double) -> Delay {
    Delay(library: GammaLaw(shape: shape, scale: scale))
  }
}

struct GammaLaw: LibraryLaw {
  static var name: StaticText { "gamma" }
  static var summary: StaticText { "gamma, with mean shape·scale" }
  static var code: LawCode { { Self.answer($0) } }

  var shape = 1.0, scale = 1.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.positive("shape", &shape)
    parameters.positive("scale", &scale)
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { scale * stream.gamma(shape: shape) }
  func cdf(_ t: Double) -> Double { Special.regularizedGammaP(shape, t / scale) }
  func quantile(_ p: Double) -> Double { scale * Special.gammaQuantile(p, shape: shape) }
  var mean: Double { shape * scale }
  func partialMean(_ t: Double) -> Double { mean * Special.regularizedGammaP(shape + 1, t / scale) }

  func elasticity(_ t: Double, _: Double) -> Double { Special.gammaElasticity(shape, t / scale) }

  func logDensity(_ t: Double) -> Double {
    guard t > 0 else { return -.infinity }
    return (shape - 1) * Elementary.log(t) - t / scale - Special.logGamma(shape) - shape
      * Elementary.log(scale)
  }
  var isWithinTwiceItsMean: Bool { shape >= 1 }
  func atSpeed(_ c: Double) -> GammaLaw? { GammaLaw(shape: shape, scale: scale / c) }
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
