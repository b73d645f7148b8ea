// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLab

/// The page of a session.
@Suite struct SessionReportTests {
  private static let hostile = "</pre><script>alert('x' & \"y\")</script>\u{0}\u{1B}[31m"

  private func page(_ fill: (inout SessionReport) -> Void) -> String {
    var report = SessionReport()
    fill(&report)
    return report.html(title: "a <title> & 'more'", configuration: ["seed 1"])
  }

  @Test func nothingThatIsShownIsMarkup() {
    let hostile = Self.hostile
    let page = page { report in
      report.add(.text(hostile), command: hostile, configuration: [hostile])
      report.add(
        .table(TextTable(header: [hostile], rows: [[.text(hostile)]]), note: hostile), command: "compare",
        configuration: [hostile])
      report.add(
        .plot(
          Figure(
            Plot(
              title: hostile, x: .init(label: hostile), y: .init(label: hostile),
              series: [.init(name: hostile, points: [.init(x: 1, y: 2), .init(x: 2, y: 3)])]))),
        command: "plot",
        configuration: [hostile])
      report.add(
        .gantt(
          GanttChart(
            workers: 1, from: 0, to: 1, bars: [.init(worker: 0, start: 0, end: 1, fate: .used)]),
          title: hostile), command: "gantt", configuration: [hostile])
    }
    #expect(!page.contains("<script"))
    #expect(!page.contains("\u{0}") && !page.contains("\u{1B}"))
    #expect(page.contains("&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)"))
    #expect(page.contains("<title>a &lt;title&gt; &amp; &#39;more&#39;</title>"))
  }

  @Test func thePageNeedsNothingFromElsewhere() {
    let page = page { report in
      report.add(
        .plot(Figure(OutputSamples.plot([("a", [(1, 2), (2, 1)])]))), command: "plot", configuration: [])
    }
    // The name of SVG's language is no address that is fetched.
    let rest = page.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
    for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<link", "<img", "<iframe"] {
      #expect(!rest.contains(word), "\(word)")
    }
    #expect(page.contains("default-src 'none'"))
    #expect(page.contains("prefers-color-scheme: dark"))
  }

  @Test func everyResultStandsBelowItsCommandAndConfiguration() throws {
    let page = page { report in
      report.add(.text("result one"), command: "run one", configuration: ["seed 1"])
      report.add(.text("result two"), command: "run two", configuration: ["seed 1"])
      report.add(.claim(holds: false), command: "expect three", configuration: ["seed 2"])
      report.add(.claim(holds: true), command: "expect four", configuration: ["seed 2"])
    }
    var from = page.startIndex
    for text in [
      "2 configurations · 1 of 2 expectations held", "<h2>Configuration 1</h2>", "seed 1", "run one",
      "result one",
      "run two", "result two", "<h2>Configuration 2</h2>", "seed 2", "expect three", "does not hold",
      "expect four", "✓ holds", "<h2>Configuration 3</h2>", "seed 1", "</html>",
    ] {
      let place = try #require(page.range(of: text, range: from..<page.endIndex), "\(text)")
      from = place.upperBound
    }
  }

  @Test func figuresAreWholeDocumentsOfTheirOwn() throws {
    let plot = OutputSamples.plot(logY: true, title: "P", [("a", [(1, 2), (2, 1)])])
    let page = page { $0.add(.plot(Figure(plot)), command: "plot", configuration: []) }
    let start = try #require(page.range(of: "<svg"))
    let end = try #require(page.range(of: "</svg>"))
    let svg = String(page[start.lowerBound..<end.upperBound])
    #expect(SVGReader(svg).isWellFormed)
    #expect(SVGPlot().text(plot).hasPrefix(svg))
  }

  @Test func tablesShowAllColumnsAndCountWhatIsTooMuch() {
    let table = TextTable(
      header: ["name", "value"],
      rows: (0..<1002).map { [.text("row\($0)"), .number(Double($0) + 0.5)] })
    let html = HTML.table(table)
    #expect(html.contains("<th>name</th><th class=\"n\">value</th>"))
    #expect(html.contains("<td>row999</td><td class=\"n\">999.5</td>"))
    #expect(!html.contains("row1000"))
    #expect(html.contains("2 more rows"))
  }

  @Test func endlessSessionsKeepTheirFigures() {
    let page = page { report in
      for index in 0..<5000 {
        report.add(.text("line\(index)"), command: "step", configuration: [])
      }
      report.add(.claim(holds: true), command: "expect 1", configuration: [])
    }
    #expect(page.contains("line999<"))
    #expect(!page.contains("line1000<"))
    #expect(page.contains("expect 1"))
    #expect(page.contains("4,000 later results") || page.contains("4000 later results"))
  }
}
