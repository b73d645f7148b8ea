// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

@Suite struct ListExpressionTests {
  private func values(_ text: String, _ variables: [String: Value] = [:]) throws -> [String] {
    try ListExpression(parsing: SourceText(name: "", text).all).values(in: Environment(variables)).map(
      \.printed)
  }

  @Test func writesOutRanges() throws {
    #expect(try values("1..4") == ["1", "2", "3", "4"])
    #expect(try values("0..1 by 0.25") == ["0", "0.25", "0.5", "0.75", "1"])
    #expect(try values("0..0.3 by 0.1").count == 4)
    #expect(try values("0..0.3 by 0.1").last == "0.3")
    #expect(try values("10..1 by -4") == ["10", "6", "2"])
    #expect(try values("2..1") == [])
    #expect(try values("m..m*2 by m/2", ["m": .number(4)]) == ["4", "6", "8"])
    #expect(try values("1..1") == ["1"])
  }

  @Test func isLazyAboutLongRanges() throws {
    let list = try ListExpression(parsing: SourceText(name: "", "1..1e15").all).values(in: Environment())
    #expect(list.count == 1_000_000_000_000_000)
    #expect(list[999_999_999_999_999] == .number(1e15))
  }

  @Test func holdsNumbersTextsWordsAndDistributions() throws {
    #expect(try values("[]") == [])
    #expect(try values("[ 1, 2^-3 , \"a, b\"]") == ["1", "0.125", "a, b"])
    #expect(try values("[rennala, asgd-adaptive, max(1,2)]") == ["rennala", "asgd-adaptive", "2"])
    #expect(try values("[k-1, k]", ["k": .number(3)]) == ["2", "3"])
    #expect(try values("[exponential(1), lognormal(0, 2)]") == ["exponential(1)", "lognormal(0, 2)"])
  }

  @Test(
    arguments: [
      "1..inf", "1..2 by 0", "1..nan", "1..1e300", "[1,,2]", "[1,", "1..", "..3", "1..2..3", "[1]x",
      "1..2 by",
    ] as [String])
  func refusesOthers(_ text: String) { #expect(throws: Diagnostic.self) { try values(text) } }
}
