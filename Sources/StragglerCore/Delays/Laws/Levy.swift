struct LevyLaw: NumericDelayLaw {
  static var name: StaticText { "levy" }
  static var parameters: StaticText { "mu c" }
  static var parameterCount: Int { 2 }
  static var summary: StaticText { "mu + c/N² with a standard normal N; no mean" }

  let mu, c: Double

  init(mu: Double, c: Double) { (self.mu, self.c) = (mu, c) }
  init(_ values: SIMD4<Double>) { self.init(mu: values[0], c: values[1]) }
  var values: SIMD4<Double> { SIMD4(mu, c, 0, 0) }
  var delay: Delay { .levy(mu: mu, c: c) }
  var problem: DelayError? { requireNonNegative(mu, "mu") ?? requireNonNegative(c, "c") }

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
}
