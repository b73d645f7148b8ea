import StragglerCore
import Testing

@Suite struct DelayLawTests {
  private func index(_ name: StaticText) -> Int? {
    (0..<DelayLaws.count).first { DelayLaws.description($0)?.name == name }
  }

  /// The names and parameters that the command language promises.
  @Test func table() {
    let promised: [(StaticText, StaticText)] = [
      ("constant", "c"), ("uniform", "a b"), ("exponential", "rate"), ("gamma", "shape scale"),
      ("weibull", "shape scale"), ("pareto", "minimum alpha"), ("lognormal", "mu sigma"),
      ("logcauchy", "mu gamma"),
      ("logt", "mu sigma dof"), ("levy", "mu c"), ("poisson", "lambda"), ("normal", "mu sigma"),
      ("infbernoulli", "q"), ("markov", "up down"),
    ]
    #expect(DelayLaws.count == promised.count)
    for (name, parameters) in promised {
      let description = index(name).flatMap { DelayLaws.description($0) }
      #expect(description?.parameters == parameters)
      #expect(description?.parameterCount == "\(parameters.value)".split(separator: " ").count)
    }
    #expect(DelayLaws.description(-1) == nil && DelayLaws.description(DelayLaws.count) == nil)
  }

  @Test func make() throws {
    for number in 0..<DelayLaws.count {
      let delay = try #require(try DelayLaws.make(number, SIMD4(0.5, 0.75, 3, 0)))
      let description = try #require(DelayLaws.description(number))
      #expect(delay.parts.law.name == description.name)
      let values = SIMD4(0.5, 0.75, 3, 0)
      for position in 0..<description.parameterCount {
        #expect(delay.parts.values[position] == values[position])
      }
      #expect(throws: DelayError.self) { try DelayLaws.make(number, SIMD4(repeating: .nan)) }
    }
    #expect(try DelayLaws.make(99, .zero) == nil)
    guard
      case .logt(let mu, let sigma, let dof)? = try DelayLaws.make(#require(index("logt")), SIMD4(1, 2, 3, 0))
    else { throw DelayError(law: "logt", parameter: "", expected: "a logt") }
    #expect(mu == 1 && sigma == 2 && dof == 3)
  }
}
