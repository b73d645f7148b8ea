// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLab

@Suite struct GanttTests {
  static let small = GanttChart(
    workers: 3, from: 0, to: 10,
    bars: [
      .init(worker: 0, start: 0, end: 4, fate: .used), .init(worker: 0, start: 4, end: 8, fate: .discarded),
      .init(worker: 1, start: -5, end: 5, fate: .used),
      .init(worker: 1, start: 5, end: .infinity, fate: .running),
    ],
    updates: [4, 5])

  static func large(workers: Int, jobs: Int) -> GanttChart {
    var generator = OutputSamples.Generator(state: 51)
    var bars: [GanttChart.Bar] = []
    for worker in 0..<workers {
      var time = 0.0
      for _ in 0..<jobs {
        let end = time + generator.uniform()
        let fate = GanttChart.Fate.allCases[Int(generator.next() >> 33) % 5]
        bars.append(.init(worker: worker, start: time, end: end, fate: fate))
        time = end + (fate == .cancelled ? generator.uniform() : 0)
      }
    }
    let to = bars.map(\.end).max() ?? 1
    return GanttChart(
      workers: workers, from: 0, to: to, bars: bars.shuffled(using: &generator),
      updates: (0..<jobs).map { Double($0) * to / Double(jobs) })
  }

  static let hostile: [GanttChart] = {
    var charts: [GanttChart] = []
    for from in OutputSamples.extremes {
      for to in OutputSamples.extremes {
        var chart = GanttChart(workers: 3, from: from, to: to, bars: [], updates: OutputSamples.extremes)
        for (index, start) in OutputSamples.extremes.enumerated() {
          let end = OutputSamples.extremes[(index + 3) % OutputSamples.extremes.count]
          chart.bars.append(.init(worker: index - 2, start: start, end: end, fate: .used))
        }
        charts.append(chart)
      }
    }
    charts.append(GanttChart(workers: 0, from: 0, to: 1, bars: []))
    charts.append(GanttChart(workers: -4, from: 0, to: 1, bars: small.bars))
    charts.append(GanttChart(workers: 1, from: 0, to: 1, bars: []))
    return charts
  }()

  @Test func utilization() {
    let each = Self.small.utilizationOfWorkers()
    #expect(each[0] == .init(busy: 0.8, useful: 0.5))
    #expect(each[1] == .init(busy: 1, useful: 0.5))
    #expect(each[2].busy == 0 && each[2].useful.isNaN)
    let total = Self.small.utilization()
    #expect(abs(total.busy - 0.6) < 1e-15 && total.useful == 0.5)
  }

  @Test func text() {
    let text = GanttText(ascii: true).text(Self.small)
    let rows = text.split(separator: "\n").map(String.init)
    // 68 cells for ten seconds: 6.8 a second.
    let work = rows.prefix(3).map { $0.split(separator: "|", omittingEmptySubsequences: false)[1] }
    #expect(
      work[0] == String(repeating: "#", count: 27) + String(repeating: "x", count: 27)
        + String(repeating: " ", count: 14))
    #expect(work[1] == String(repeating: "#", count: 34) + String(repeating: ".", count: 34))
    #expect(work[2].allSatisfy { $0 == " " } && work[2].count == 68)
    #expect(rows[0].hasPrefix("  1 |") && rows[0].hasSuffix("  80 %"))
    #expect(rows[3].filter { $0 == "^" }.count == 2)
    #expect(text.contains("# used   x discarded   . running   ^ update"))
    #expect(text.contains("busy 60 % of the time   useful 50 % of the work   3 workers"))
  }

  @Test func manyWorkersAreChosenEvenly() {
    #expect(GanttChart.shown(of: 5, limit: 40) == [0, 1, 2, 3, 4])
    #expect(GanttChart.shown(of: 9, limit: 5) == [0, 2, 4, 6, 8])
    for workers in [41, 100, 1_000, 99_999, Int.max] {
      let shown = GanttChart.shown(of: workers, limit: 40)
      #expect(shown.count == 40 && shown.first == 0 && shown.last == workers - 1)
      let gaps = zip(shown.dropFirst(), shown).map { $0 - $1 }
      #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1)
    }
    #expect(GanttChart.shown(of: 7, limit: 1) == [0])
    let text = GanttText().text(Self.large(workers: 300, jobs: 5))
    #expect(text.contains("40 of 300 workers shown"))
    #expect(text.split(separator: "\n").count <= 48)
  }

  @Test func cellsShowWhatFillsThem() {
    let chart = Self.large(workers: 1, jobs: 400)
    let row = chart.rows()[0]
    let cells = chart.cells(of: row, count: 50)
    let length = chart.to / 50
    for (index, cell) in cells.enumerated() {
      var shares: [GanttChart.Fate?: Double] = [nil: length]
      for bar in row {
        let part = max(0, min(bar.end, Double(index + 1) * length) - max(bar.start, Double(index) * length))
        shares[bar.fate, default: 0] += part
        shares[nil, default: 0] -= part
      }
      #expect((shares[cell] ?? 0) >= (shares.values.max() ?? 0) - 1e-9)
    }
  }

  @Test func figure() {
    let text = GanttSVG().text(Self.small, title: "who & when")
    let reader = SVGReader(text)
    #expect(reader.isWellFormed)
    #expect(text == GanttSVG().text(Self.small, title: "who & when"))
    // One path a fate that occurs.
    #expect(reader.paths.count { $0.style.hasPrefix("solid") } == 3)
    #expect(reader.texts.contains("busy 60 % of the time, useful 50 % of the work"))
    for label in ["used", "discarded", "running", "model update", "worker", "1", "2", "3"] {
      #expect(reader.texts.contains(label))
    }
    #expect(!reader.texts.contains("clipped"))
  }

  /// Jobs that are too short to be seen do not make the file grow.
  @Test func figureIsBounded() {
    let text = GanttSVG().text(Self.large(workers: 3, jobs: 20_000))
    #expect(text.utf8.count < 120_000)
    #expect(SVGReader(text).isWellFormed)
  }

  @Test func hostileChartsDoNotTrap() {
    for chart in Self.hostile {
      #expect(!GanttText().text(chart).isEmpty)
      #expect(GanttText(width: .min, rowLimit: .min, color: true).text(chart).hasSuffix("\n"))
      _ = chart.utilization()
      _ = chart.utilizationOfWorkers()
    }
    for chart in Self.hostile.enumerated().filter({ $0.offset % 7 == 0 || $0.element.workers < 3 }) {
      #expect(SVGReader(GanttSVG(width: .nan, rowLimit: 0).text(chart.element, title: "<")).isWellFormed)
      #expect(SVGReader(GanttSVG().text(chart.element)).isWellFormed)
    }
    for width in [40, 60, 80, 200] {
      let lines = GanttText(width: width).text(Self.large(workers: 12, jobs: 30)).split(separator: "\n")
      #expect(lines.allSatisfy { TerminalText.width(String($0)) <= width })
    }
  }
}
