// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

@Suite struct ExpressionTests {
  @Test(
    arguments: [
      ("1", 1), ("1e-4", 1e-4), ("1.5e+3", 1500), (".5", 0.5), ("3.", 3), ("0.1", 0.1), ("2^-10", 1.0 / 1024),
      ("99999999999999999999", 1e20), ("inf", .infinity), ("-inf", -.infinity), ("true+true", 2),
      ("false", 0),
      ("1+2*3", 7), ("(1+2)*3", 9), ("2^3^2", 512), ("-2^2", -4), ("(-2)^2", 4), ("2^-1^2", 0.5),
      ("2*-3", -6),
      ("8/4/2", 1), ("8-4-2", 2), ("1-2+3", 2), ("--3", 3), ("+3", 3), ("- 3 + 1", -2), ("6/2*3", 9),
      ("1<2", 1), ("2<=1", 0), ("1+1==2", 1), ("1!=1", 0), ("3>2 and 2>1", 1), ("0 or 0", 0), ("not 0", 1),
      ("not 1==2", 1), ("not 0 and 0", 0), ("1 or 0 and 0", 1), ("not not 5", 1), ("1 and nan", 0),
      ("sqrt(16)", 4), ("abs(-2)", 2), ("floor(-1.5)", -2), ("ceil(1.2)", 2), ("round(2.5)", 3),
      ("round(-2.5)", -3),
      ("min(3,1,2)", 1), ("max(3)", 3), ("max(1, 5, 2, 4)", 5), ("log2(1024)", 10), ("log10(1000)", 3),
      ("log(1)", 0),
      ("exp(0)", 1), ("10^3", 1000), ("1+3*(4==4)*25", 76), ("0.25+0.75*(3-2*floor(3/2))", 1), ("4^0.5", 2),
      ("1/0", .infinity), ("x^2+y", 11),
    ] as [(String, Double)])
  func hasTheValue(_ text: String, _ expected: Double) throws {
    #expect(try number(text, ["x": .number(3), "y": .number(2)]) == expected)
  }

  @Test func isNoNumberWhereNoneIs() throws {
    for text in ["nan", "0/0", "sqrt(-1)", "log(-1)", "inf-inf", "min(1,nan)", "max(nan,1)"] {
      #expect(try number(text).isNaN, "\(text)")
    }
  }

  @Test func joinsAndComparesTexts() throws {
    let variables = ["m": Value.text("rennala"), "k": .number(3)]
    #expect(try value("\"run-\" + m + '-' + k + \".csv\"", variables) == .text("run-rennala-3.csv"))
    #expect(try value("m == \"rennala\"", variables) == .number(1))
    #expect(try value("\"a\" < \"b\" and \"b\" <= \"b\"") == .number(1))
    #expect(try value("m == k", variables) == .number(0))
    #expect(try value("\"tab\\t\\\"q\\\" \\\\ \\n\"") == .text("tab\t\"q\" \\ \n"))
  }

  @Test(
    arguments: [
      ("1 +", 4, "the expression ends too early"), ("", 1, "the expression ends too early"),
      ("1 2", 3, "an operator is expected here, not '2'"),
      ("(1 2)", 4, "an operator is expected here, not '2'"),
      ("(1", 1, "'(' is never closed"), ("*3", 1, "a number or a name is expected here, not '*'"),
      ("1 = 2", 3, "'=' has no place in an expression"), ("a && b", 3, "'&&' has no place in an expression"),
      ("2 ** 3", 3, "'**' has no place in an expression"), ("1 − 2", 3, "'−' has no place in an expression"),
      ("1e999", 1, "'1e999' is too large for a number"), ("2i", 2, "'i' follows a number"),
      ("0x10", 2, "'x10' follows a number"), ("1e", 2, "'e' follows a number"),
      ("1 < 2 < 3", 7, "comparisons do not chain"), ("foo(1)", 1, "there is no function 'foo'"),
      ("sqrt(1,2)", 1, "sqrt takes one argument, not 2"),
      ("max()", 1, "max takes one argument or more, not 0"),
      ("sqrt(1,)", 8, "a number or a name is expected here, not ')'"),
      ("1 + lognormal(0,1)", 5, "lognormal is a distribution and has no place in an expression"),
      ("1 + gap", 5, "there is no variable 'gap'"), ("-\"a\"", 1, "a number is needed here, not a text"),
      ("3 * \"a\"", 3, "a number is needed here, not a text"),
      ("sqrt(\"a\")", 1, "a number is needed here, not a text"),
      ("[1]", 1, "a number or a name is expected here, not '['"),
      ("5 % 3", 3, "'%' has no place in an expression"),
    ] as [(String, Int, String)])
  func saysWhatIsWrongAndWhere(_ text: String, _ column: Int, _ message: String) {
    let error = #expect(throws: Diagnostic.self) { try value(text) }
    #expect(error?.message == message)
    #expect(error?.position.column == column)
  }

  @Test(
    arguments: [
      ("1 = 2", "did you mean ==?"), ("srqt(2)", "did you mean sqrt?"), ("tiem", "did you mean time?"),
      ("2i", "did you mean 2*i?"), ("1 – 2", "did you mean -?"), ("a≤b", "did you mean <=?"),
    ] as [(String, String)])
  func saysWhatWasMeant(_ text: String, _ remedy: String) {
    let error = #expect(throws: Diagnostic.self) { try value(text, ["time": .number(1), "a": .number(1)]) }
    #expect(error?.remedy == remedy)
  }

  @Test func printsNumbersThatReadBack() throws {
    var state: UInt64 = 7
    for _ in 0..<10_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Double(bitPattern: state)
      guard number.isFinite else { continue }
      #expect(NumberFormat.number(NumberFormat.text(number)) == number)
    }
    #expect(NumberFormat.text(60) == "60")
    #expect(NumberFormat.text(-0.5) == "-0.5")
    #expect(NumberFormat.text(.infinity) == "inf")
    #expect(NumberFormat.text(.nan) == "nan")
  }

  @Test func readsNumbersAndNothingElse() {
    #expect(NumberFormat.number("-1e3") == -1000)
    #expect(NumberFormat.number("+2") == 2)
    #expect(NumberFormat.number("-inf") == -.infinity)
    for text in ["", "-", "abc", "1 2", "1x", "--1", "1e999", "1+1", "x.csv", "0x10", "'1'"] {
      #expect(NumberFormat.number(text) == nil, "\(text)")
    }
  }

  @Test func listsItsVariables() throws {
    let expression = try ExpressionParser.expression(SourceText(name: "", "gap<1 and time>gap*inf").all)
    #expect(expression.variables == ["gap", "time"])
  }
}
