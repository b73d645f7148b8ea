// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// P(η > t) = e^(−rate·t).
  public static func exponential(rate: Double) -> Delay {
    Delay(library: ExponentialLaw(rate: rate))
  }
}

struct ExponentialLaw: LibraryLaw {
  static var name: StaticText { "exponential" }
  static var summary: StaticText { "memoryless, with mean 1/rate" }
  static var code: LawCode { { Self.answer($0) } }

  var rate = 1.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.positive("rate", &rate)
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { -Elementary.log(stream.uniform()) / rate }
  func cdf(_ t: Double) -> Double { -Elementary.expm1(-rate * t) }
  func quantile(_ p: Double) -> Double { -Elementary.log1p(-p) / rate }
  var mean: Double { 1 / rate }
  func partialMean(_ t: Double) -> Double { Special.regularizedGammaP(2, rate * t) / rate }

  func elasticity(_ t: Double, _: Double) -> Double {
    let x = rate * t
    return x > 0 ? x / Elementary.expm1(x) : 1
  }

  func logDensity(_ t: Double) -> Double { t >= 0 ? Elementary.log(rate) - rate * t : -.infinity }
  var isWithinTwiceItsMean: Bool { true }
  func atSpeed(_ c: Double) -> ExponentialLaw? { ExponentialLaw(rate: rate * c) }
}
