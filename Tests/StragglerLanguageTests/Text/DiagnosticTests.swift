// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

@Suite struct DiagnosticTests {
  @Test func showsTheLineWithACaretUnderThePlace() throws {
    let error = try #require(diagnostic("seed 1\nworkers 5 tua=2\n"))
    #expect(
      error.rendered == """
        <test>:2:11: error: workers has no key 'tua'
        workers 5 tua=2
                  ^
        did you mean tau=?
        """)
  }

  @Test func keepsTabsSoThatTheCaretIsAligned() throws {
    let error = try #require(diagnostic("\tworkers\t5 tua=2"))
    let lines = error.rendered.split(separator: "\n")
    #expect(lines[0].hasPrefix("<test>:1:12: error:"))
    #expect(lines[2] == "\t       \t  ^")
  }

  @Test func countsCharactersAndNotBytes() throws {
    let error = try #require(diagnostic("echo \"größe\"; sead 1"))
    #expect(error.position == (1, 15))
  }

  @Test func tellsPlacesOfTextsThatArePartsOfOthers() {
    let text = SourceText(name: "<stdin>", "seed x", firstLine: 7)
    #expect(Diagnostic("no", at: Place(text, 5..<6)).rendered == "<stdin>:7:6: error: no\nseed x\n     ^")
  }

  @Test func cutsLongLines() throws {
    let error = try #require(
      diagnostic(
        "echo " + String(repeating: "1 ", count: 5_000) + "; sead 1 " + String(repeating: "y", count: 5_000)))
    let lines = error.rendered.split(separator: "\n")
    #expect(lines[1].count <= 165)
    #expect(lines[1].dropFirst(lines[2].count - 1).hasPrefix("sead"))
  }

  @Test func standsAtTheEndOfALineThatEndsTooEarly() throws {
    let error = try #require(diagnostic("let x =\r\nseed 1"))
    #expect(error.rendered == "<test>:1:8: error: an expression is expected after let x =\nlet x =\n       ^")
  }

  @Test func showsNoControlCharacters() throws {
    let error = try #require(diagnostic("sead \u{1B}[31m"))
    #expect(!error.rendered.contains("\u{1B}"))
  }

  @Test func namesOfFilesPlayNoTricks() {
    let name = "a\u{1B}]0;b\u{7}\n\u{9B}31m\u{202E}.csv"
    let text = SourceText(name: name, "seed x")
    let shown = Diagnostic("\(name) is missing", remedy: "write \(name)", at: text.all).rendered
    #expect(shown.split(separator: "\n").count == 4)
    #expect(
      !shown.unicodeScalars.contains { $0 != "\n" && ($0.value < 32 || (0x7F...0x9F).contains($0.value)) })
    #expect(
      !shown.unicodeScalars.contains("\u{202E}") && shown.contains("a\u{FFFD}]0;b\u{FFFD}\u{FFFD}\u{FFFD}31m")
    )
  }

  @Test func terminalsAreShownColoursAndNothingElse() {
    let text = "\u{1B}[1;31mred\u{1B}[0m\tplain\n\u{1B}[2J\u{1B}[31\u{1B}]0;t\u{7}\r"
    #expect(
      TerminalSafety.colored(text)
        == "\u{1B}[1;31mred\u{1B}[0m\tplain\n\u{FFFD}[2J\u{FFFD}[31\u{FFFD}]0;t\u{FFFD}\u{FFFD}")
  }
}
