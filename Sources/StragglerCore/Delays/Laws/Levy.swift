// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// mu + c/N² with a standard normal N.
  public static func levy(mu: Double, c: Double) -> Delay {
    Delay(library: LevyLaw(mu: mu, c: c))
  }
}

struct LevyLaw: LibraryLaw {
  static var name: StaticText { "levy" }
  static var summary: StaticText { "mu + c/N² with a standard normal N; no mean" }
  static var code: LawCode { { Self.answer($0) } }

  var mu = 0.0, c = 0.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.nonnegative("mu", &mu)
    parameters.nonnegative("c", &c)
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    let z = stream.normal()
    return mu + c / (z * z)
  }

  /// s with P(η ≤ t) = erfc(s).
  private func argument(_ t: Double) -> Double { (0.5 * (c / (t - mu))).squareRoot() }

  func cdf(_ t: Double) -> Double {
    if c == 0 { return t >= mu ? 1 : 0 }
    return t > mu ? Special.erfc(argument(t)) : 0
  }

  func quantile(_ p: Double) -> Double {
    let z = Special.normalQuantile(0.5 * p)
    return c == 0 ? mu : mu + c / (z * z)
  }

  var mean: Double { c == 0 ? mu : .infinity }

  /// Of c/N² it is c·e^(−s²)(1/(s√π) − e^(s²) erfc(s)), whose difference becomes a series where s is large.
  func partialMean(_ t: Double) -> Double {
    if c == 0 { return t >= mu ? mu : 0 }
    guard t > mu else { return 0 }
    let s = argument(t)
    let difference: Double
    if s > 6 {
      let r = 0.5 / (s * s)
      var (sum, term, n) = (1.0, 1.0, 3.0)
      while n < 40 && term.magnitude > 1e-17 {
        term *= -n * r
        sum += term
        n += 2
      }
      difference = r * sum * Special.inverseRootPi / s
    } else {
      difference = Special.inverseRootPi / s - Special.scaledErfc(s)
    }
    return mu * cdf(t) + c * Special.gaussian(s, over: 1) * difference
  }

  func elasticity(_ t: Double, _: Double) -> Double {
    guard t > mu else { return .infinity }
    let s = argument(t)
    return c == 0 ? 0 : s * Special.inverseRootPi / Special.scaledErfc(s) * (t / (t - mu))
  }

  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    if c == 0 { return ConstantLaw(seconds: mu).clip(for: gain, near: start) }
    return gain.peak(near: start) { elasticity($0, $1) }
  }

  func logDensity(_ t: Double) -> Double {
    guard t > mu else { return -.infinity }
    let x = t - mu
    return 0.5 * Elementary.log(c) - Special.logRootTwoPi - 0.5 * c / x - 1.5 * Elementary.log(x)
  }
  func atSpeed(_ speed: Double) -> LevyLaw? { LevyLaw(mu: mu / speed, c: c / speed) }
}
