// SPDX-License-Identifier: Apache-2.0

/// Draws Gantt charts as self-contained SVG figures.
public struct GanttSVG: Sendable {
  /// Pixels; 300 to 10,000.
  public var width: Double
  /// The most workers that have a row; of more, some are chosen evenly.
  public var rowLimit: Int

  /// A drawer with these bounds; a width out of range is moved into it.
  public init(width: Double = 720, rowLimit: Int = 100) {
    self.width = width
    self.rowLimit = rowLimit
  }

  /// The document; `title` may be empty.
  public func text(_ chart: GanttChart, title: String = "") -> String {
    let width = self.width.isNaN ? 720 : min(max(self.width, 300), 10_000)
    guard !chart.isEmpty else { return Self.message("no time or no workers to show", width, title) }
    let shown = GanttChart.shown(of: chart.workers, limit: max(rowLimit, 1))
    let layout = Layout(chart: chart, shown: shown, width: width, hasTitle: !title.isEmpty)
    var writer = SVGWriter(width: width, height: layout.box.bottom + 54, name: title)
    if !title.isEmpty {
      writer.label(TerminalText.shortened(title, to: Int(width / 8)), x: layout.box.x, y: 27, style: "title")
    }
    drawBars(chart, layout, &writer)
    drawTimesOff(chart, layout, &writer)
    drawUpdates(chart, layout, &writer)
    drawAround(chart, layout, &writer)
    drawLegend(chart, layout, &writer)
    return writer.finished()
  }

  private struct Layout {
    let shown: [Int]
    let box: Box
    let rowHeight: Double
    let axes: SVGAxes
    /// The position of the totals, above the box.
    let headerY: Double

    init(chart: GanttChart, shown: [Int], width: Double, hasTitle: Bool) {
      self.shown = shown
      headerY = hasTitle ? 50 : 24
      rowHeight = min(max((360 / Double(shown.count)).rounded(.down), 4), shown.count < 6 ? 30 : 18)
      let labels = shown.reduce(SVGWriter.width(String(chart.workers))) {
        max($0, SVGWriter.width(chart.label(of: $1)))
      }
      let left = 46 + labels
      box = Box(
        x: left, y: headerY + 34, width: width - left - 60, height: rowHeight * Double(shown.count) + 4)
      let time = AxisScale(from: chart.from, to: chart.to, isLogarithmic: false)
      let ticks = SVGAxes.horizontalTicks(of: time, width: box.width)
      axes = SVGAxes(
        box: box, x: time, y: AxisScale(from: 0, to: 1, isLogarithmic: false), xTicks: ticks, yTicks: Ticks())
    }

    /// Every how many rows there is room for a label.
    var labelStride: Int { max(1, Int((11 / rowHeight).rounded(.up))) }

    func top(ofRow row: Int) -> Double { box.y + 2 + rowHeight * Double(row) }
  }

  private static func message(_ message: String, _ width: Double, _ title: String) -> String {
    var writer = SVGWriter(width: width, height: 80, name: title)
    writer.label(message, x: width / 2, y: 44, anchor: .middle, style: "soft")
    return writer.finished()
  }

  /// The palette's entry of a fate.
  private static func color(of fate: GanttChart.Fate) -> Int {
    switch fate {
    case .used: 2
    case .discarded: 1
    case .cancelled: 3
    case .clipped: 4
    case .running: 5
    }
  }

  // MARK: Parts

  private func drawBars(_ chart: GanttChart, _ layout: Layout, _ writer: inout SVGWriter) {
    var paths: [GanttChart.Fate: String] = [:]
    let rows = chart.rows()
    for (row, worker) in layout.shown.enumerated() {
      for bar in visible(rows[worker], of: chart, width: layout.box.width) {
        let start = layout.axes.place(x: bar.start)
        var length = layout.axes.place(x: bar.end) - start
        // A gap separates the jobs, where they are wide enough for one.
        if length > 2.5 { length -= 0.7 }
        let across = NumberText.fixed(length)
        let down = NumberText.fixed(layout.rowHeight - (layout.rowHeight > 6 ? 2 : 1))
        let place = "M\(NumberText.fixed(start)) \(NumberText.fixed(layout.top(ofRow: row)))"
        paths[bar.fate, default: ""] += "\(place)h\(across)v\(down)h-\(across)z"
      }
    }
    for fate in GanttChart.Fate.allCases {
      writer.path(paths[fate] ?? "", style: "solid c\(Self.color(of: fate))")
    }
  }

  /// The bars, or where they are too many to be seen, what fills each pixel.
  private func visible(_ row: [GanttChart.Bar], of chart: GanttChart, width: Double) -> [GanttChart.Bar] {
    let pixels = Int(width)
    guard row.count > pixels else { return row }
    var bars: [GanttChart.Bar] = []
    var start = 0
    let cells = chart.cells(of: row, count: pixels)
    func time(_ cell: Int) -> Double {
      chart.from + (chart.to - chart.from) * (Double(cell) / Double(pixels))
    }
    for cell in 1...pixels where cell == pixels || cells[cell] != cells[start] {
      if let fate = cells[start] {
        bars.append(.init(worker: row[0].worker, start: time(start), end: time(cell), fate: fate))
      }
      start = cell
    }
    return bars
  }

  /// Veils the times off.
  private func drawTimesOff(_ chart: GanttChart, _ layout: Layout, _ writer: inout SVGWriter) {
    var path = ""
    for (row, worker) in layout.shown.enumerated() {
      for time in chart.off(worker) {
        let start = layout.axes.place(x: time.lowerBound)
        let across = NumberText.fixed(max(layout.axes.place(x: time.upperBound) - start, 0.3))
        let down = NumberText.fixed(layout.rowHeight - 1)
        path += "M\(NumberText.fixed(start)) \(NumberText.fixed(layout.top(ofRow: row)))"
        path += "h\(across)v\(down)h-\(across)z"
      }
    }
    writer.path(path, style: "legend")
  }

  private func drawUpdates(_ chart: GanttChart, _ layout: Layout, _ writer: inout SVGWriter) {
    var marks = ""
    var last = -1.0
    for update in chart.updates.sorted() where update >= chart.from && update <= chart.to {
      let x = layout.axes.place(x: update)
      // Nearer ones could not be told apart.
      if x - last < 0.5 { continue }
      marks += "M\(NumberText.fixed(x)) \(NumberText.fixed(layout.box.y - 7))v5"
      last = x
    }
    writer.path(marks, style: "axis")
  }

  private func drawAround(_ chart: GanttChart, _ layout: Layout, _ writer: inout SVGWriter) {
    let box = layout.box
    layout.axes.drawBox(&writer)
    layout.axes.drawXTicks(&writer)
    let caption = Plot.Axis.quantity("time").caption(layout.axes.xTicks)
    writer.label(caption, x: box.x + box.width / 2, y: box.bottom + 40, anchor: .middle, style: "caption")
    writer.label(
      "worker", x: 20, y: box.y + box.height / 2, anchor: .middle, style: "caption", turned: true)
    writer.label("busy", x: box.right + 8, y: box.y - 5, style: "small soft")
    let utilization = chart.utilizationOfWorkers()
    for (row, worker) in layout.shown.enumerated() where row % layout.labelStride == 0 {
      let y = layout.top(ofRow: row) + layout.rowHeight / 2 + 2.5
      writer.label(chart.label(of: worker), x: box.x - 6, y: y, anchor: .end, style: "small")
      writer.label(
        NumberText.fixed(utilization[worker].busy * 100, decimals: 0) + " %", x: box.right + 8, y: y,
        style: "small soft")
    }
  }

  private func drawLegend(_ chart: GanttChart, _ layout: Layout, _ writer: inout SVGWriter) {
    let total = chart.utilization()
    var summary = "busy \(NumberText.percent(total.busy)) of the time, "
    summary += "useful \(total.useful.isNaN ? "–" : NumberText.percent(total.useful)) of the work"
    if let share = chart.shareOff { summary += ", off \(NumberText.percent(share)) of the time" }
    if layout.shown.count < chart.workers {
      summary += " (\(layout.shown.count) of \(NumberText.grouped(chart.workers)) workers shown)"
    }
    writer.label(summary, x: layout.box.x, y: layout.headerY - 4, style: "soft")
    var x = layout.box.x
    let y = layout.headerY + 14
    let present = Set(chart.bars.map(\.fate))
    for fate in GanttChart.Fate.allCases where present.contains(fate) {
      writer.rectangle(Box(x: x, y: y - 9, width: 10, height: 10), style: "solid c\(Self.color(of: fate))")
      writer.label(fate.rawValue, x: x + 15, y: y)
      x += 15 + SVGWriter.width(fate.rawValue) + 14
    }
    if chart.shareOff != nil {
      writer.rectangle(Box(x: x, y: y - 9, width: 10, height: 10), style: "legend")
      writer.label("off", x: x + 15, y: y)
      x += 15 + SVGWriter.width("off") + 14
    }
    guard !chart.updates.isEmpty else { return }
    writer.path("M\(NumberText.fixed(x + 3)) \(NumberText.fixed(y - 7))v5", style: "axis")
    writer.label("model update", x: x + 10, y: y)
  }
}
