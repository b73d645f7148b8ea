// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLab

@Suite struct TextTableTests {
  func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  @Test func alignsColumns() {
    let table = TextTable(
      header: ["method", "gamma", "time_mean"],
      rows: [
        [.text("rennala"), .number(0.5), .number(12.0451234)],
        [.text("asynchronous"), .number(0.03125), .missing],
      ])
    #expect(
      table.text() == """
        method          gamma  time_mean
        ────────────  ───────  ─────────
        rennala           0.5    12.0451
        asynchronous  0.03125          -

        """)
    #expect(table.text(ascii: true).utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func narrowTablesLoseDigitsThenTextsThenColumns() {
    let names = (0..<8).map { "column\($0)" }
    let row: [Cell] = [.text("first")] + (1..<8).map { .number(Double($0) * 1.23456789) }
    let table = TextTable(header: names, rows: [row])
    for width in 20...100 {
      let lines = lines(table.text(width: width))
      #expect(lines.allSatisfy { TerminalText.width($0) <= width })
      #expect(lines[0].hasPrefix("column0"))
      #expect(lines.count == (width < 70 ? 4 : 3))
    }
    #expect(table.text(width: 30).contains("(no room for: "))
    let long = TextTable(
      header: ["name", "x"], rows: [[.text(String(repeating: "é", count: 200)), .number(1)]])
    #expect(lines(long.text(width: 60)).allSatisfy { TerminalText.width($0) <= 60 })
    #expect(long.text(width: 60).contains("…") && lines(long.text(width: 60))[0].hasSuffix("x"))
  }

  @Test func digitsAreDroppedBeforeColumns() {
    let row: [Cell] = (0..<9).map { _ in .number(1.0 / 3) }
    let table = TextTable(header: Array(repeating: "a", count: 9), rows: [row])
    #expect(table.text(width: 88).contains("0.333333"))
    let narrow = table.text(width: 70)
    #expect(narrow.contains("0.3333") && !narrow.contains("0.33333") && !narrow.contains("no room"))
  }

  @Test func controlCharactersDoNotBreakLines() {
    let table = TextTable(header: ["a\nb"], rows: [[.text("x\u{1B}[31m\ty\r\n")]])
    #expect(lines(table.text()).count == 3)
    #expect(!table.text().unicodeScalars.contains("\u{1B}"))
  }

  @Test func emptyAndRagged() {
    #expect(TextTable(header: []).text() == "")
    #expect(TextTable(header: ["a"]).text() == "a\n─\n")
    #expect(
      TextTable(header: ["a", "b"], rows: [[.integer(1)], [.integer(1), .integer(2), .integer(3)]]).text()
        == "a  b\n─  ─\n1  -\n1  2\n")
    for number in OutputSamples.extremes {
      _ = TextTable(header: ["x"], rows: [[.number(number)]]).text(width: -5, digits: -5)
    }
  }

  @Test func widthsOfText() {
    #expect(TerminalText.width("‖∇f(x)‖²") == 8)
    #expect(TerminalText.width("漢字") == 4)
    #expect(TerminalText.shortened("abcdef", to: 4) == "abc…")
    #expect(TerminalText.width(TerminalText.shortened("漢字漢字", to: 4)) <= 4)
    #expect(TerminalText.shortened("abc", to: 0) == "")
    #expect(TerminalText.ascii("‖∇f(x)‖² − f*").utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func markdownShowsTextsAsTheyAre() {
    let table = TextTable(
      header: ["time_mean", "_a_"], rows: [[.text("[x](y)|`z`\\<b>*c*&amp;\n#"), .text("a_1 ~~d~~ ![e]")]])
    #expect(
      table.markdown() == """
        | time_mean | \\_a\\_ |
        | --- | --- |
        | \\[x\\](y)\\|\\`z\\`\\\\\\<b\\>\\*c\\*\\&amp; \\# | a_1 \\~\\~d\\~\\~ \\!\\[e\\] |

        """)
  }
}
