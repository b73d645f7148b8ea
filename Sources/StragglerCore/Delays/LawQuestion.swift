// SPDX-License-Identifier: Apache-2.0

/// What a `Delay` can ask its law, with the fields of the call that it needs.
@usableFromInline
enum LawQuestion: UInt8, BitwiseCopyable, Sendable {
  /// η of job `number`; `start` and `work` are NaN where they are not known.
  case sample
  /// P(η ≤ x), E[η; η ≤ x], ln of the density at x.
  case cdf, partialMean, logDensity
  /// The x-quantile.
  case quantile
  case mean
  /// At t = x with ln t = y.
  case elasticity
  /// For τ = x and T = y, near the time `start` where it is a number, with the spread `work`.
  case clip
  /// Within x seconds, with an upload of y seconds, of `work` trials.
  case successShare
  /// The name and the parameters.
  case parts
  /// The same, with what is wrong with the law.
  case check
  /// The numbers of the law for jobs of `work` seconds.
  case during
  /// 1 and the numbers of the law at the speed x, or 0.
  case atSpeed
  /// 1 or 0; `isSame` as the law with the bytes of `other`.
  case isSame
  case isIndependent, dependsOnWork, isSure, isDiscrete, isWithinTwiceItsMean
  case largestFinite, outagePoints
}

/// What front ends show of a law.
public struct LawParts: Sendable {
  /// The name in the command language, such as `lognormal`.
  public let name: StaticText
  /// What the law is, in one line for `help`.
  public let summary: StaticText
  /// Its parameters, with their names, ranges and values.
  public let parameters: LawParameters

  /// The law of a type, with the parameters of its `init()`.
  public init<Law: DelayLaw>(_ type: Law.Type) { self.init(Law()) }

  init<Law: DelayLaw>(_ law: Law) {
    (name, summary) = (Law.name, Law.summary)
    var (law, parameters) = (law, LawParameters())
    law.parameters(&parameters)
    self.parameters = parameters
  }

  /// What is wrong with the parameters.
  var fault: DelayError? {
    parameters.fault.map { DelayError(law: name, parameter: $0.name, expected: $0.expected) }
  }
}

extension DelayLaw {
  /// The law with `values` for its parameters, in their order.
  public init(_ values: SIMD4<Double>) {
    self.init()
    var parameters = LawParameters(values)
    self.parameters(&parameters)
  }

  /// The answer of a law of which only the requirements of `DelayLaw` are known.
  @usableFromInline
  static func answer(_ call: inout LawCall) {
    let law = call.numbers.law(Self.self)
    switch call.question {
    case .sample, .logDensity: call.answer = .nan
    case .cdf: call.answer = law.cdf(call.x)
    case .partialMean: call.answer = law.partialMean(call.x)
    case .quantile: call.answer = law.quantile(call.x)
    case .mean: call.answer = law.mean
    case .elasticity: call.answer = FoundFromCDF.elasticity(call.y) { law.cdf($0) }
    case .clip:
      call.answer = FoundFromCDF.clip(
        for: call.gain, near: call.clippingStart, quantile: { law.quantile($0) }
      ) { law.cdf($0) }
    case .successShare: call.answer = law.cdf(call.x)
    case .parts: call.parts = LawParts(law)
    case .check:
      call.parts = LawParts(law)
      call.answer = law.mean
    case .during: break
    case .atSpeed: call.answer = 0
    case .isSame: call.answer = call.numbers == call.other ? 1 : 0
    case .isIndependent: call.answer = law.isIndependent ? 1 : 0
    case .dependsOnWork, .isSure, .isDiscrete, .isWithinTwiceItsMean: call.answer = 0
    case .largestFinite: call.answer = law.quantile(1)
    case .outagePoints: call.answer = 0
    }
  }
}

extension LibraryLaw {
  /// The answer of a law of the library.
  static func answerAsLibrary(_ call: inout LawCall) {
    let law = call.numbers.law(Self.self)
    switch call.question {
    case .logDensity: call.answer = law.logDensity(call.x)
    case .elasticity: call.answer = law.elasticity(call.x, call.y)
    case .clip: call.answer = law.clip(for: call.gain, near: call.clippingStart)
    case .successShare:
      call.answer = law.successShare(within: call.x, upload: call.y, of: call.work)
    case .check:
      call.parts = LawParts(law)
      call.answer = 0
    case .during: if let numbers = LawNumbers(law.during(call.work)) { call.numbers = numbers }
    case .atSpeed:
      call.answer = 0
      guard let numbers = law.atSpeed(call.x).flatMap({ LawNumbers($0) }) else { return }
      (call.numbers, call.answer) = (numbers, 1)
    case .isSame: call.answer = law.isSame(as: call.other.law(Self.self)) ? 1 : 0
    case .dependsOnWork: call.answer = law.dependsOnWork ? 1 : 0
    case .isSure: call.answer = law.isSure ? 1 : 0
    case .isDiscrete: call.answer = law.isDiscrete ? 1 : 0
    case .isWithinTwiceItsMean: call.answer = law.isWithinTwiceItsMean ? 1 : 0
    case .largestFinite: call.answer = law.largestFinite
    case .outagePoints: call.answer = law.outagePoints
    case .sample, .cdf, .partialMean, .quantile, .mean, .parts, .isIndependent: answer(&call)
    }
  }
}

extension LawCall {
  fileprivate var gain: ClippingGain { ClippingGain(tau: x, time: y) }
  fileprivate var clippingStart: ClippingStart? {
    start.isNaN ? nil : ClippingStart(time: start, spread: work)
  }
}
