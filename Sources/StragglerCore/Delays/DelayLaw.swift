/// A law as `Delay` uses it: one type, one file.
///
/// To add a law: such a type, a case of `Delay` with its line in `visit`, and its line in `DelayLaws.visit`.
/// `cdf` and `partialMean` see 0 ≤ t ≤ 10³⁰⁸ only and `quantile` 0 ≤ p ≤ 1 only; values above 10³⁰⁸ that
/// `sample` and `quantile` return are taken for +∞.
protocol DelayLaw: BitwiseCopyable, Sendable {
  /// The name in the command language.
  static var name: StaticText { get }
  /// The names of the parameters, separated by spaces.
  static var parameters: StaticText { get }
  static var parameterCount: Int { get }
  /// One line for `help`.
  static var summary: StaticText { get }

  /// The parameters in the order of their names; the rest is zero.
  var values: SIMD4<Double> { get }
  /// What is wrong with the parameters.
  var problem: DelayError? { get }
  /// Whether the durations of a worker's jobs are independent of each other and of when the jobs start. Where
  /// they are not, `cdf` and related functions give how often durations occur, not the order in which they
  /// do.
  var isIndependent: Bool { get }

  func sample(_ stream: inout Stream, job: Int) -> Double
  func cdf(_ t: Double) -> Double
  func quantile(_ p: Double) -> Double
  var mean: Double { get }
  func partialMean(_ t: Double) -> Double

  /// d ln F/d ln t at t = eˣ; 0 where only atoms make F rise. Where F = 0 it is not used.
  func elasticity(_ t: Double, _ x: Double) -> Double

  /// The time to allot to a trial that makes `gain` largest, found from `start` where given; see
  /// `ClippingGain`.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double
}

/// A law that is made from numbers.
protocol NumericDelayLaw: DelayLaw {
  /// The law with `values` for its parameters, in the order of their names.
  init(_ values: SIMD4<Double>)
  /// The law as a case of `Delay`.
  var delay: Delay { get }
}

extension DelayLaw {
  var isIndependent: Bool { true }

  func elasticity(_ t: Double, _ x: Double) -> Double { 0 }

  /// For laws whose gain has one peak.
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    gain.peak(near: start) { elasticity($0, $1) }
  }

  func refuse(_ parameter: StaticText, _ expected: StaticText) -> DelayError {
    DelayError(law: Self.name, parameter: parameter, expected: expected)
  }

  /// nil where `value` is positive and finite.
  func requirePositive(_ value: Double, _ parameter: StaticText) -> DelayError? {
    value > 0 && value < .infinity ? nil : refuse(parameter, "a positive number")
  }

  /// nil where `value` is finite and not negative.
  func requireNonNegative(_ value: Double, _ parameter: StaticText) -> DelayError? {
    value >= 0 && value < .infinity ? nil : refuse(parameter, "a number that is not negative")
  }

  func requireFinite(_ value: Double, _ parameter: StaticText) -> DelayError? {
    value.isFinite ? nil : refuse(parameter, "a finite number")
  }
}

/// A law that can be made from numbers, as front ends show it: parsing, help and completion come from here.
public struct DelayDescription: Sendable {
  /// The name in the command language, such as `lognormal`.
  public let name: StaticText
  /// The names of the parameters, separated by spaces.
  public let parameters: StaticText
  /// How many parameters it has, from 0 to 4.
  public let parameterCount: Int
  /// What the law is, in one line for `help`.
  public let summary: StaticText
}

/// Every law that is made from numbers, in the order of `help`. (`trace` is made from a `Recording`.)
public enum DelayLaws {
  static func visit<Visitor: DelayLawVisitor>(_ visitor: inout Visitor) {
    visitor.visit(ConstantLaw.self)
    visitor.visit(UniformLaw.self)
    visitor.visit(ExponentialLaw.self)
    visitor.visit(GammaLaw.self)
    visitor.visit(WeibullLaw.self)
    visitor.visit(ParetoLaw.self)
    visitor.visit(LognormalLaw.self)
    visitor.visit(LogCauchyLaw.self)
    visitor.visit(LogTLaw.self)
    visitor.visit(LevyLaw.self)
    visitor.visit(PoissonLaw.self)
    visitor.visit(FoldedNormalLaw.self)
    visitor.visit(InfBernoulliLaw.self)
    visitor.visit(MarkovLaw.self)
  }

  /// How many there are.
  public static var count: Int {
    var visitor = Search(index: -1, values: .zero)
    visit(&visitor)
    return visitor.count
  }

  /// Law number `index`; nil where there is none.
  public static func description(_ index: Int) -> DelayDescription? {
    var visitor = Search(index: index, values: .zero)
    visit(&visitor)
    return visitor.description
  }

  /// Law number `index` with `values` for its parameters, in their order; those after the last one are not
  /// read. Throws what is wrong with them; nil where there is no such law.
  public static func make(_ index: Int, _ values: SIMD4<Double>) throws(DelayError) -> Delay? {
    var visitor = Search(index: index, values: values)
    visit(&visitor)
    try visitor.delay?.validate()
    return visitor.delay
  }

  private struct Search: DelayLawVisitor {
    let index: Int
    let values: SIMD4<Double>
    var count = 0
    var description: DelayDescription?
    var delay: Delay?

    init(index: Int, values: SIMD4<Double>) {
      self.index = index
      self.values = values
    }

    mutating func visit<Law: NumericDelayLaw>(_ law: Law.Type) {
      if count == index {
        description = Law.description
        delay = Law(values).delay
      }
      count += 1
    }
  }
}

protocol DelayLawVisitor {
  mutating func visit<Law: NumericDelayLaw>(_ law: Law.Type)
}

extension DelayLaw {
  static var description: DelayDescription {
    DelayDescription(
      name: name, parameters: parameters, parameterCount: parameterCount, summary: summary)
  }
}

extension Delay {
  /// The law and its parameters, to write the delay as a command. Of a recording the parameters are left out.
  public var parts: (law: DelayDescription, values: SIMD4<Double>) { visit(Parts()) }

  private struct Parts: DelayVisitor {
    func visit<Law: DelayLaw>(_ law: Law, _: inout Void) -> (law: DelayDescription, values: SIMD4<Double>) {
      (Law.description, law.values)
    }
  }
}
