// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// +∞ with probability q, otherwise 0.
  public static func infbernoulli(q: Double) -> Delay {
    Delay(library: InfBernoulliLaw(q: q))
  }
}

struct InfBernoulliLaw: LibraryLaw {
  static var name: StaticText { "infbernoulli" }
  static var summary: StaticText { "infinite with probability q, otherwise 0" }
  static var code: LawCode { { Self.answer($0) } }

  var q = 0.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.probability("q", &q)
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double { stream.uniform() < q ? .infinity : 0 }
  func cdf(_ t: Double) -> Double { 1 - q }
  func quantile(_ p: Double) -> Double { q < 1 && p <= 1 - q ? 0 : .infinity }
  var mean: Double { q > 0 ? .infinity : 0 }
  func partialMean(_ t: Double) -> Double { 0 }
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double { 0 }

  var largestFinite: Double { 0 }
  var isDiscrete: Bool { true }
  func atSpeed(_ c: Double) -> InfBernoulliLaw? { self }
}
