// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// Uniform between a and b.
  public static func uniform(a: Double, b: Double) -> Delay {
    Delay(library: UniformLaw(a: a, b: b))
  }
}

struct UniformLaw: LibraryLaw {
  static var name: StaticText { "uniform" }
  static var summary: StaticText { "uniform between a and b" }
  static var code: LawCode { { Self.answer($0) } }

  var a = 0.0, b = 1.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.nonnegative("a", &a)
    let a = a
    parameters.number("b", &b, expected: "a finite number of at least a") { $0 >= a && $0 < .infinity }
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { a + (b - a) * stream.uniform() }
  func cdf(_ t: Double) -> Double { t >= b ? 1 : t <= a ? 0 : (t - a) / (b - a) }
  func quantile(_ p: Double) -> Double { p == 1 ? b : a + (b - a) * p }
  var mean: Double { a + (b - a) / 2 }

  func partialMean(_ t: Double) -> Double {
    let top = min(t, b)
    return cdf(t) * (a / 2 + top / 2)
  }

  func elasticity(_ t: Double, _: Double) -> Double { t >= b ? 0 : t > a ? t / (t - a) : .infinity }

  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    if a == b { return ConstantLaw(seconds: a).clip(for: gain, near: start) }
    return gain.peak(upTo: b, near: start) { t, _ in t > a ? t / (t - a) : .infinity }
  }

  func logDensity(_ t: Double) -> Double { t >= a && t <= b ? -Elementary.log(b - a) : -.infinity }
  var largestFinite: Double { b }
  var isWithinTwiceItsMean: Bool { true }
  func atSpeed(_ c: Double) -> UniformLaw? { UniformLaw(a: a / c, b: b / c) }
}
