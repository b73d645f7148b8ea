struct UniformLaw: NumericDelayLaw {
  static var name: StaticText { "uniform" }
  static var parameters: StaticText { "a b" }
  static var parameterCount: Int { 2 }
  static var summary: StaticText { "uniform between a and b" }

  let a, b: Double

  init(a: Double, b: Double) { (self.a, self.b) = (a, b) }
  init(_ values: SIMD4<Double>) { self.init(a: values[0], b: values[1]) }
  var values: SIMD4<Double> { SIMD4(a, b, 0, 0) }
  var delay: Delay { .uniform(a: a, b: b) }
  var problem: DelayError? {
    requireNonNegative(a, "a")
      ?? (b >= a && b < .infinity ? nil : refuse("b", "a finite number of at least a"))
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
}
