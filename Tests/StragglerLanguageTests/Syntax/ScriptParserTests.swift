// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

@Suite struct ScriptParserTests {
  @Test(
    arguments: [
      ("", []), (" ;; \n;", []), ("# only a comment", []),
      (
        "problem quadratic dim=50 noise=0; workers 7 tau=sqrt(i)",
        [
          "problem ‹quadratic› ‹dim=50› ‹noise=0›", "workers ‹7› ‹tau=sqrt(i)›",
        ]
      ),
      ("run gradnorm2<1e-4 steps=10", ["run ‹gradnorm2<1e-4› ‹steps=10›"]),
      ("echo \"a # b; c\" 'x y' # c", ["echo ‹\"a # b; c\"› ‹'x y'›"]),
      ("echo don't stop", ["echo ‹don't› ‹stop›"]),
      ("echo \"a \\\" b\" c", ["echo ‹\"a \\\" b\"› ‹c›"]),
      (
        "workers 5 tau=max( 1, i ) delay=uniform(0, 1)",
        ["workers ‹5› ‹tau=max( 1, i )› ‹delay=uniform(0, 1)›"]
      ),
      ("workers \\\n  5 \\  \r\n tau=2\nstats", ["workers ‹5› ‹tau=2›", "stats"]),
      ("let x=1; let y = 2 * (x + 1)  # c", ["let x = ‹1›", "let y = ‹2 * (x + 1)›"]),
      ("expect gap < 1 and time==3", ["expect ‹gap < 1 and time==3›"]),
      ("for k in 1..3 { seed k; run steps=1 }", ["for k in ‹1..3› {seed ‹k›; run ‹steps=1›}"]),
      ("for k in [1, 2]\n{\n  stats\n\n  stats }; stats", ["for k in ‹[1, 2]› {stats; stats}", "stats"]),
      (
        "for a in 0 .. 1 by 0.5{for b in [x,y]{echo a b}}",
        [
          "for a in ‹0 .. 1 by 0.5› {for b in ‹[x,y]› {echo ‹a› ‹b›}}"
        ]
      ),
      (
        "problem network data=mnist folder=../data/mnist",
        ["problem ‹network› ‹data=mnist› ‹folder=../data/mnist›"]
      ),
      (
        "if a > 1 and b == \"{\" { if c { stats }; let d = 1 }\ndefault e = 2",
        [
          "if ‹a > 1 and b == \"{\"› {if ‹c› {stats}; let d = ‹1›}", "default e = ‹2›",
        ]
      ),
      ("log C:\\temp\\x.csv", ["log ‹C:\\temp\\x.csv›"]),
    ] as [(String, [String])])
  func readsStatements(_ text: String, _ expected: [String]) throws { #expect(try shapes(text) == expected) }

  @Test(
    arguments: [
      ("seed 1; }", 1, 9, "'}' closes no block"),
      ("for k in 1..3", 1, 14, "for has no block"),
      ("if 1 > 0", 1, 9, "if has no block"),
      ("if 1 > 0 {\n stats\n", 1, 10, "the block is never closed"),
      ("if { stats }", 1, 4, "an expression is expected after if"),
      ("if x = 2 { stats }", 1, 6, "'=' has no place in an expression"),
      ("default x", 1, 10, "'=' is expected here"),
      ("default x = ", 1, 13, "an expression is expected after default x ="),
      ("for k in 1..3 {\n stats\n", 1, 15, "the block is never closed"),
      ("for k in { }", 1, 10, "a list is expected here"),
      ("for k 1..3 { }", 1, 7, "for needs in after its variable"),
      ("for 3 in 1..3 { }", 1, 5, "for needs the name of a variable"),
      ("for not in 1..3 { }", 1, 5, "not is a word of the language and cannot name a variable"),
      ("for k in 5 { }", 1, 10, "a list is expected here"),
      ("for k in [1,[2]] { }", 1, 13, "a list holds no lists"),
      ("for k in 1...3 { }", 1, 11, "'...' has no place in an expression"),
      ("stats { }", 1, 7, "a block has no place here"),
      ("{ stats }", 1, 1, "a block has no place here"),
      ("let 2 = 3", 1, 5, "let needs the name of a variable"),
      ("let x", 1, 6, "'=' is expected here"),
      ("let x == 3", 1, 7, "'=' is expected here"),
      ("let x = ", 1, 9, "an expression is expected after let x ="),
      ("let inf = 2", 1, 5, "inf is a word of the language and cannot name a variable"),
      ("expect", 1, 7, "an expression is expected after expect"),
      ("expect (1", 1, 8, "'(' is never closed"),
      ("workers 5 tau=(1\nstats", 1, 15, "'(' is never closed"),
      ("workers 5 tau=1)", 1, 16, "')' closes nothing"),
      ("workers 5 tau=(1]", 1, 17, "']' does not close '('"),
      ("echo \"abc", 1, 6, "the string has no end"),
    ] as [(String, Int, Int, String)])
  func saysWhatIsWrongAndWhere(_ text: String, _ line: Int, _ column: Int, _ message: String) throws {
    let error = try #require(diagnostic(text))
    #expect(error.message == message)
    #expect(error.position == (line, column))
  }

  @Test func goesOnBehindAStatementInError() throws {
    let text =
      "echo (1\nseed 1; let = 3; stats\nfor k in 1..2 { let ) \n { seed 2 } }\nseed 4; echo \"x\nseed 5 \\\n"
    var parser = table.parser(of: SourceText(name: "", text))
    var names: [String] = []
    while true {
      do {
        guard let statement = try parser.next() else { break }
        names.append(statement.place.text)
      } catch { names.append("!") }
    }
    #expect(names == ["!", "seed 1", "!", "stats", "!", "seed 4", "!", "seed 5"])
  }

  @Test(
    arguments: [
      ("for k in 1..3 {", .brace), ("for k in 1..3", .line), ("for k in 1..3 {\nstats\n}", .nothing),
      ("seed 1 \\", .line), ("if 1", .line), ("if 1 {\nseed 1 \\", .brace),
      ("seed 1 \\\n", .nothing), ("# comment \\", .nothing), ("seed (1", .nothing), ("", .nothing),
      ("for a in 1..2 { for b in 1..2 { }", .brace), ("}", .nothing), ("fo k in 1..3 {", .brace),
      ("for a in 1..2 { for b in 1..2", .line),
    ] as [(String, ScriptParser.Need)])
  func knowsWhatALongerTextNeeds(_ text: String, _ need: ScriptParser.Need) {
    #expect(table.parser(of: SourceText(name: "", text), abbreviations: true).need() == need)
  }

  @Test func refusesEndlessNesting() throws {
    let blocks = String(repeating: "for k in 1..2 { ", count: 100_000)
    #expect(try #require(diagnostic(blocks)).message == "this is nested too deeply")
    for open in ["(", "[", "sqrt(", "-", "not ", "2^"] {
      let deep = String(repeating: open, count: 100_000)
      #expect(try #require(diagnostic("let x = \(deep)1")).message == "this is nested too deeply", "\(open)")
    }
    let deepest = String(repeating: "(", count: 199) + "1" + String(repeating: ")", count: 199)
    #expect(diagnostic("let x = \(deepest)") == nil)
    #expect(diagnostic("let x = 1" + String(repeating: "+1", count: 100_000)) == nil)
  }

  /// What a history keeps of a block does the same.
  @Test func blocksStandOnOneLine() {
    for (text, line) in [
      (
        "for k in [1, 2] {\n  echo k # twice\n\n  echo \"a # b\"\n}\n",
        "for k in [1, 2] { echo k; echo \"a # b\"; }"
      ),
      ("for k in 1..2\n{ echo k; echo 1\n}", "for k in 1..2 { echo k; echo 1; }"),
      ("workers 3 \\\n  tau=i\n", "workers 3 tau=i"), ("echo 'a;b' \\ \n c", "echo 'a;b' c"),
      ("if 1 {\n if 0 {\n quit } }", "if 1 { if 0 { quit } }"), ("echo \"open\nquit", "echo \"open; quit"),
    ] {
      #expect(ScriptParser.onOneLine(text) == line)
    }
  }
}
