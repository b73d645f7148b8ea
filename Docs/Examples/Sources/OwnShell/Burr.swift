import StragglerCore

/// Burr's law: P(η > t) = (1 + (t/scale)^c)^(−k).
struct Burr: DelayLaw {
  static var name: StaticText { "burr" }
  static var summary: StaticText { "Burr: beyond t with probability (1 + (t/scale)^c)^(-k)" }
  static var code: LawCode { { Self.answer($0) } }

  var c = 1.0, k = 2.0, scale = 1.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.positive("c", &c)
    parameters.positive("k", &k)
    parameters.positive("scale", &scale)
  }

  func cdf(_ t: Double) -> Double {
    -Elementary.expm1(-k * Elementary.log1p(Elementary.pow(t / scale, c)))
  }

  func quantile(_ p: Double) -> Double {
    scale * Elementary.pow(Elementary.expm1(-Elementary.log1p(-p) / k), 1 / c)
  }

  /// k · scale · B(k − 1/c, 1 + 1/c).
  var mean: Double {
    guard c * k > 1 else { return .infinity }
    return k * scale
      * Elementary.exp(
        Special.logGamma(k - 1 / c) + Special.logGamma(1 + 1 / c) - Special.logGamma(k + 1))
  }
}
