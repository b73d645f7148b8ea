struct InfBernoulliLaw: NumericDelayLaw {
  static var name: StaticText { "infbernoulli" }
  static var parameters: StaticText { "q" }
  static var parameterCount: Int { 1 }
  static var summary: StaticText { "infinite with probability q, otherwise 0" }

  let q: Double

  init(q: Double) { self.q = q }
  init(_ values: SIMD4<Double>) { q = values[0] }
  var values: SIMD4<Double> { SIMD4(q, 0, 0, 0) }
  var delay: Delay { .infbernoulli(q: q) }
  var problem: DelayError? { q >= 0 && q <= 1 ? nil : refuse("q", "a probability, from 0 to 1") }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { stream.uniform() < q ? .infinity : 0 }
  func cdf(_ t: Double) -> Double { 1 - q }
  func quantile(_ p: Double) -> Double { q < 1 && p <= 1 - q ? 0 : .infinity }
  var mean: Double { q > 0 ? .infinity : 0 }
  func partialMean(_ t: Double) -> Double { 0 }
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double { 0 }
}
