// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct DelayLawTests {
  /// What a law says of itself, and what is made of numbers.
  private struct Found {
    let parts: LawParts
    let make: (SIMD4<Double>) throws(DelayError) -> Delay
  }

  private struct Collector: DelayLawVisitor {
    var laws: [Found] = []
    mutating func visit<Law: DelayLaw>(_ law: Law.Type) {
      laws.append(Found(parts: LawParts(law)) { (values) throws(DelayError) in try Delay(Law(values)) })
    }
  }

  private static func laws() -> [Found] {
    var collector = Collector()
    DelayLaws.visit(&collector)
    return collector.laws
  }

  private func names(_ parameters: LawParameters) -> String {
    (0..<parameters.count).compactMap { parameters[$0].map { "\($0.name.value)" } }.joined(separator: " ")
  }

  /// The names and parameters that the command language promises.
  @Test func table() {
    let promised = [
      ("constant", "c"), ("uniform", "a b"), ("exponential", "rate"), ("gamma", "shape scale"),
      ("weibull", "shape scale"), ("pareto", "minimum alpha"), ("lognormal", "mu sigma"),
      ("logcauchy", "mu gamma"), ("logt", "mu sigma dof"), ("levy", "mu c"), ("poisson", "lambda"),
      ("normal", "mu sigma"), ("infbernoulli", "q"), ("markov", "up down"),
    ]
    let found = Self.laws().map { ("\($0.parts.name.value)", names($0.parts.parameters)) }
    #expect(found.map(\.0) == promised.map(\.0) && found.map(\.1) == promised.map(\.1))
  }

  /// Numbers arrive at the parameters in their order, and wrong ones are refused.
  @Test func lawsAreMadeOfNumbers() throws {
    for law in Self.laws() {
      let values = SIMD4(0.5, 0.75, 3, 0)
      let parts = try law.make(values).parts
      #expect(parts.name == law.parts.name && parts.parameters.count == law.parts.parameters.count)
      for index in 0..<parts.parameters.count { #expect(parts.parameters.values[index] == values[index]) }
      #expect(throws: DelayError.self) { try law.make(SIMD4(repeating: .nan)) }
    }
  }

  /// A parameter that is named is bound, read, described and checked; a fourth one is refused.
  @Test func parametersAreNamedOnce() throws {
    let error = #expect(throws: DelayError.self) { try Delay(FourNumbers()) }
    #expect(error?.expected == "at most 24 bytes, three numbers")
    let named = #expect(throws: DelayError.self) { try Delay(FourNames()) }
    #expect(named?.parameter == "d")
    let wrong = #expect(throws: DelayError.self) { try Delay(Burr(c: 1, k: -1, scale: 2)) }
    #expect(wrong == DelayError(law: "burr", parameter: "k", expected: "a positive number"))
  }

  private struct FourNumbers: DelayLaw {
    static var name: StaticText { "four" }
    static var summary: StaticText { "" }
    static var code: LawCode { { Self.answer($0) } }
    var numbers = SIMD4<Double>.zero
    mutating func parameters(_ parameters: inout LawParameters) {}
    func cdf(_ t: Double) -> Double { 1 }
  }

  private struct FourNames: DelayLaw {
    static var name: StaticText { "four" }
    static var summary: StaticText { "" }
    static var code: LawCode { { Self.answer($0) } }
    var a = 1.0
    mutating func parameters(_ parameters: inout LawParameters) {
      for name in ["a", "b", "c", "d"] as [StaticText] { parameters.positive(name, &a) }
    }
    func cdf(_ t: Double) -> Double { 1 }
  }
}

/// Burr's law with nothing but its distribution function.
struct Burr: DelayLaw {
  static var name: StaticText { "burr" }
  static var summary: StaticText { "Burr: beyond t with probability (1 + (t/scale)^c)^(-k)" }
  static var code: LawCode { { Self.answer($0) } }
  var (c, k, scale) = (1.0, 1.0, 1.0)
  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.positive("c", &c)
    parameters.positive("k", &k)
    parameters.positive("scale", &scale)
  }
  func cdf(_ t: Double) -> Double { -Elementary.expm1(-k * Elementary.log1p(Elementary.pow(t / scale, c))) }
}
