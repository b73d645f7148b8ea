// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// Always `seconds`; ∞ for jobs that never end.
  public static func constant(_ seconds: Double) -> Delay {
    Delay(nil, LawNumbers(ConstantLaw(seconds: seconds)) ?? LawNumbers())
  }
}

struct ConstantLaw: LibraryLaw {
  static var name: StaticText { "constant" }
  static var summary: StaticText { "always c seconds; inf for workers that never answer" }
  static var code: LawCode { { Self.answer($0) } }

  var seconds = 0.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.number("c", &seconds, expected: "a number that is not negative, or inf") { $0 >= 0 }
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { seconds }
  func cdf(_ t: Double) -> Double { t >= seconds ? 1 : 0 }
  func quantile(_ p: Double) -> Double { seconds }
  var mean: Double { seconds }
  func partialMean(_ t: Double) -> Double { t >= seconds ? seconds : 0 }
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    gain.ceiling > seconds ? seconds : 0
  }

  var largestFinite: Double { seconds }
  var isWithinTwiceItsMean: Bool { true }
  var isSure: Bool { true }
  var isDiscrete: Bool { true }
  func atSpeed(_ c: Double) -> ConstantLaw? { ConstantLaw(seconds: seconds / c) }
}
