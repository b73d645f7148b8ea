// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLab

@Suite struct TerminalPlotTests {
  func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test func fitsTheTerminal() {
    for (width, height) in [(80, 20), (40, 8), (132, 40)] {
      for ascii in [false, true] {
        let text = TerminalPlot(width: width, height: height, ascii: ascii).text(OutputSamples.curves())
        let lines = lines(text)
        #expect(lines.allSatisfy { TerminalText.width($0) <= width })
        #expect(lines.dropLast(5).count <= height && lines.count > height)
        if ascii { #expect(text.utf8.allSatisfy { $0 < 0x80 }) }
        #expect(text.contains("simulated time (s)") && text.contains("curves"))
      }
    }
  }

  @Test func namesEverySeries() {
    let text = TerminalPlot().text(OutputSamples.curves())
    for (index, letter) in ["A", "B", "C", "D", "E"].enumerated() {
      #expect(text.contains("\(letter) method \(index)"))
      // In the picture too.
      #expect(lines(text).prefix(17).contains { $0.dropFirst(6).contains(letter) })
    }
  }

  @Test func colours() {
    let plot = OutputSamples.curves()
    let plain = TerminalPlot().text(plot)
    let painted = TerminalPlot(color: true).text(plot)
    #expect(!plain.contains("\u{1B}"))
    var stripped = ""
    var isCode = false
    for character in painted {
      if character == "\u{1B}" { isCode = true }
      if !isCode { stripped.append(character) }
      if isCode, character == "m" { isCode = false }
    }
    #expect(stripped == plain)
    for line in lines(painted) where line.contains("\u{1B}") { #expect(line.hasSuffix("\u{1B}[0m")) }
  }

  /// A rising diagonal sets one dot in every column of dots, from the lowest to the highest.
  @Test func drawsALine() {
    var canvas = DotCanvas(columns: 10, rows: 5, isBraille: true)
    DotCanvas.visitLine(from: canvas.dot(x: 0, y: 0), to: canvas.dot(x: 1, y: 1)) { x, y in
      canvas.set(x: x, y: y, owner: 0)
    }
    let rows = (0..<5).map { canvas.text(row: $0, mark: { _ in "*" }, paint: { _ in "" }) }
    #expect(rows == ["        ⡠⠊", "      ⡠⠊", "    ⡠⠊", "  ⡠⠊", "⡠⠊"])
  }

  @Test func degenerateDataDoNotTrap() {
    for plot in OutputSamples.degenerate() {
      for (width, height, ascii) in [(80, 20, false), (Int.min, Int.min, true)] {
        let text = TerminalPlot(width: width, height: height, ascii: ascii).text(plot)
        #expect(lines(text).allSatisfy { TerminalText.width($0) <= max(width, 40) })
        #expect(!text.unicodeScalars.contains("\u{1B}"))
      }
    }
    #expect(TerminalPlot().text(OutputSamples.plot([])).contains("no points to draw"))
    #expect(TerminalPlot().text(OutputSamples.plot([("a", [(1, 1)])])).contains("●"))
  }

  @Test func missingValuesBreakTheCurve() throws {
    let plot = OutputSamples.plot([("a", [(1, 3), (2, .infinity), (3, 5)])])
    let rows = lines(TerminalPlot().text(plot)).dropFirst()
    #expect(rows.first?.contains("▲") == true)
    let picture = rows.prefix(16).joined()
    #expect(picture.count { $0 == "●" } == 2)
    #expect(!picture.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
    #expect(TerminalPlot(ascii: true).text(plot).contains("^"))
  }
}
