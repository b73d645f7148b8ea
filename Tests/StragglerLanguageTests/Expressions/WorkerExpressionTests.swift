// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

@Suite struct WorkerExpressionTests {
  private func compiled(_ text: String, _ variables: [String: Value] = [:]) throws -> WorkerExpression {
    try WorkerExpression(
      ExpressionParser.expression(SourceText(name: "", text).all), in: Environment(variables))
  }

  @Test func countsWorkersFromOne() throws {
    #expect(try compiled("i").values(of: 1...4, in: 4) == [1, 2, 3, 4])
    #expect(try compiled("i/n").values(of: 2...3, in: 4) == [0.5, 0.75])
    #expect(try compiled("n").values(of: 1...2, in: 9) == [9, 9])
    #expect(try compiled("1+3*(i==4)*25").values(of: 1...4, in: 4) == [1, 1, 1, 76])
  }

  /// The compiled form and the evaluator for variables are two programs: they must agree.
  @Test func agreesWithTheGeneralEvaluator() throws {
    let texts = [
      "sqrt(i)", "1+i-3*floor(i/3)", "max(i, n-i, s)", "-i^2/n", "min(1,2,i)^-(i>2)",
      "not (i==1 or i>3) and s<2",
      "log(i)+exp(-i)*log2(n)-log10(i)+abs(i-n)+ceil(i/2)+round(i/3)", "((i))", "s", "2^i^0.5",
    ]
    for text in texts {
      let values = try compiled(text, ["s": .number(1.5), "i": .number(77)]).values(of: 1...5, in: 5)
      for worker in 1...5 {
        let expected = try number(text, ["i": .number(Double(worker)), "n": .number(5), "s": .number(1.5)])
        #expect(values[worker - 1] == expected, "\(text)")
      }
    }
  }

  @Test func refusesTextsAndUnknownNames() {
    #expect(throws: Diagnostic.self) { try compiled("i+\"a\"") }
    #expect(throws: Diagnostic.self) { try compiled("i+s", ["s": .text("x")]) }
    #expect(throws: Diagnostic.self) { try compiled("j+1") }
  }

  @Test func refusesWhatIsNoNumber() throws {
    let error = #expect(throws: Diagnostic.self) {
      try compiled("log(i-2)").values(of: 1...5, in: FleetFacts(count: 5), named: "tau")
    }
    #expect(error?.message == "tau= is not a number (nan) for worker 1")
  }
}
