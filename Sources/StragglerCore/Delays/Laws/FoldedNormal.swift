// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// |N| with a normal N of mean mu and standard deviation sigma.
  public static func normal(mu: Double, sigma: Double) -> Delay {
    Delay(library: FoldedNormalLaw(mu: mu, sigma: sigma))
  }
}

struct FoldedNormalLaw: LibraryLaw {
  static var name: StaticText { "normal" }
  static var summary: StaticText {
    "the absolute value of a normal number with mean mu and standard deviation sigma"
  }
  static var code: LawCode { { Self.answer($0) } }

  var mu = 0.0, sigma = 0.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.finite("mu", &mu)
    parameters.nonnegative("sigma", &sigma)
  }

  /// Whether the law equals its center in double precision.
  private var isConstant: Bool { sigma <= mu.magnitude * 0x1p-60 }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { (mu + sigma * stream.normal()).magnitude }

  func cdf(_ t: Double) -> Double {
    if isConstant { return t >= mu.magnitude ? 1 : 0 }
    let center = mu.magnitude / sigma
    let half = t / sigma
    // Over a narrow interval around 0 the difference would cancel: Taylor's series of the density instead.
    let width = 2 * half
    if width * max(1, center) < 0.05 {
      let square = center * center
      let w2 = width * width
      let series = 1 + w2 * ((square - 1) / 24 + w2 * ((square * square - 6 * square + 3) / 1920))
      return Special.normalDensity(center) * width * series
    }
    return Special.normalCDF(half - center) - Special.normalCDF(-half - center)
  }

  /// P(η > t).
  private func survival(_ t: Double) -> Double {
    let center = mu.magnitude / sigma
    return Special.normalCDF(center - t / sigma) + Special.normalCDF(-center - t / sigma)
  }

  private func density(_ t: Double) -> Double {
    let center = mu.magnitude / sigma
    return (Special.normalDensity(t / sigma - center) + Special.normalDensity(t / sigma + center)) / sigma
  }

  func quantile(_ p: Double) -> Double {
    if isConstant { return mu.magnitude }
    if p == 0 || p == 1 { return p == 0 ? 0 : .infinity }
    let isTail = p > 0.5
    let target = Elementary.log(isTail ? 1 - p : p)
    let size = mu.magnitude
    let start = max(size + sigma * Special.normalQuantile(p), sigma * Special.normalQuantile(0.5 + 0.5 * p))
    return LogNewton.solve(
      start: Elementary.log(start), lowest: -745, highest: 710, increasing: !isTail
    ) { u in
      let t = Elementary.exp(u)
      let value = isTail ? survival(t) : cdf(t)
      return (Elementary.log(value) - target, (isTail ? -1 : 1) * t * density(t) / value)
    }
  }

  var mean: Double {
    if isConstant { return mu.magnitude }
    let center = mu.magnitude / sigma
    return 2 * sigma * Special.normalDensity(center) + mu.magnitude * Special.erf(center * Special.rootHalf)
  }

  func partialMean(_ t: Double) -> Double {
    if isConstant { return t >= mu.magnitude ? mu.magnitude : 0 }
    // Close to 0 the closed form cancels.
    if t < sigma || t < 0.5 * mu.magnitude { return Quadrature.integral(from: 0, to: t) { $0 * density($0) } }
    let (m, center) = (mu.magnitude, mu.magnitude / sigma)
    let (below, above) = (t / sigma - center, t / sigma + center)
    let shares = Special.normalCDF(below) - Special.normalCDF(-center)
    let mirrored = Special.normalCDF(-center) - Special.normalCDF(-above)
    let densities =
      2 * Special.normalDensity(center) - Special.normalDensity(below) - Special.normalDensity(above)
    return m * (shares - mirrored) + sigma * densities
  }

  func elasticity(_ t: Double, _: Double) -> Double { isConstant ? 0 : t * density(t) / cdf(t) }

  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    if isConstant { return ConstantLaw(seconds: mu.magnitude).clip(for: gain, near: start) }
    let center = max(mu.magnitude, sigma)
    return gain.highestPeak(
      center: Elementary.log(center), width: sigma / center, near: start, cdf: { t, _ in cdf(t) },
      elasticity: { elasticity($0, $1) })
  }

  func logDensity(_ t: Double) -> Double {
    guard t >= 0 else { return -.infinity }
    let z = (t - mu.magnitude) / sigma
    let folded = Elementary.log1p(Elementary.exp(-2 * (t / sigma) * (mu.magnitude / sigma)))
    return -0.5 * z * z - Special.logRootTwoPi - Elementary.log(sigma) + folded
  }
  var isWithinTwiceItsMean: Bool { true }
  func atSpeed(_ c: Double) -> FoldedNormalLaw? { FoldedNormalLaw(mu: mu / c, sigma: sigma / c) }
}
