struct ConstantLaw: NumericDelayLaw {
  static var name: StaticText { "constant" }
  static var parameters: StaticText { "c" }
  static var parameterCount: Int { 1 }
  static var summary: StaticText { "always c seconds; inf for workers that never answer" }

  let seconds: Double

  init(seconds: Double) { self.seconds = seconds }
  init(_ values: SIMD4<Double>) { seconds = values[0] }
  var values: SIMD4<Double> { SIMD4(seconds, 0, 0, 0) }
  var delay: Delay { .constant(seconds) }
  var problem: DelayError? { seconds >= 0 ? nil : refuse("c", "a number that is not negative, or inf") }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { seconds }
  func cdf(_ t: Double) -> Double { t >= seconds ? 1 : 0 }
  func quantile(_ p: Double) -> Double { seconds }
  var mean: Double { seconds }
  func partialMean(_ t: Double) -> Double { t >= seconds ? seconds : 0 }
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    gain.ceiling > seconds ? seconds : 0
  }
}
