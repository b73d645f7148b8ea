// SPDX-License-Identifier: Apache-2.0

/// Draws Gantt charts with characters.
public struct GanttText: Sendable {
  /// The cells of a line; 40 to 1,000.
  public var width: Int
  /// The most workers that have a row; of more, some are chosen evenly.
  public var rowLimit: Int
  /// Whether fates have ANSI colours, too.
  public var color: Bool
  /// Whether to keep to ASCII for bars, axis and marks.
  public var ascii: Bool

  /// A drawer with these bounds; a width out of range is moved into it.
  public init(width: Int = 80, rowLimit: Int = 40, color: Bool = false, ascii: Bool = false) {
    self.width = width
    self.rowLimit = rowLimit
    self.color = color
    self.ascii = ascii
  }

  /// The lines of the chart, each with its line feed: a row per worker with the percentage of time that it
  /// worked, the axis, the updates (if any), and a legend with the totals.
  public func text(_ chart: GanttChart) -> String {
    guard !chart.isEmpty else { return "no time or no workers to show\n" }
    let width = min(max(self.width, 40), 1000)
    let shown = GanttChart.shown(of: chart.workers, limit: max(rowLimit, 1))
    let labels = shown.map { chart.label(of: $0) }
    let widest = labels.reduce(0) { max($0, TerminalText.width($1)) }
    let margin = max(String(chart.workers).utf8.count, widest, 3)
    // A space and the frame at the left; the frame and " 100 %" at the right.
    let columns = width - margin - 2 - 7
    let rows = chart.rows()
    let utilization = chart.utilizationOfWorkers()
    let frame = ascii ? "|" : "│"
    var text = ""
    for (worker, label) in zip(shown, labels) {
      text += TerminalText.padded(label, to: margin, atLeft: true) + " " + frame
      let off = chart.timesOff.isEmpty ? [] : chart.cellsOff(worker, count: columns)
      text += line(chart.cells(of: rows[worker], count: columns), off) + frame
      text += TerminalText.padded(percent(utilization[worker].busy), to: 6, atLeft: true) + "\n"
    }
    let indent = String(repeating: " ", count: margin + 1)
    if let updates = updates(chart, columns) { text += indent + " " + updates + "\n" }
    text += axis(chart, columns, indent)
    return text + legend(chart, width) + summary(chart, shown: shown.count, width)
  }

  private func percent(_ fraction: Double) -> String {
    fraction.isFinite ? NumberText.fixed(fraction * 100, decimals: 0) + " %" : "-"
  }

  private func line(_ cells: [GanttChart.Fate?], _ off: [Bool]) -> String {
    var text = ""
    var current: GanttChart.Fate?
    for (index, cell) in cells.enumerated() {
      let isOff = off.indices.contains(index) && off[index]
      let fate = isOff ? nil : cell
      if color, fate != current { text += "\u{1B}[0m" + (fate.map(paint) ?? "") }
      current = fate
      text.append(isOff ? markOff : fate.map(mark) ?? " ")
    }
    return color && current != nil ? text + "\u{1B}[0m" : text
  }

  /// A mark under every cell with an update; nil if there is none.
  private func updates(_ chart: GanttChart, _ columns: Int) -> String? {
    var cells = [Character](repeating: " ", count: columns)
    var isAny = false
    for update in chart.updates where update >= chart.from && update <= chart.to {
      let cell = Int((update - chart.from) / (chart.to - chart.from) * Double(columns))
      cells[min(max(cell, 0), columns - 1)] = "^"
      isAny = true
    }
    return isAny ? TerminalText.trimmed(String(cells)) : nil
  }

  private func axis(_ chart: GanttChart, _ columns: Int, _ indent: String) -> String {
    let scale = AxisScale(from: chart.from, to: chart.to, isLogarithmic: false)
    let ticks = Ticks(of: scale, limit: min(max(columns / 12, 3), 6))
    var rule = [Character](repeating: ascii ? "-" : "─", count: columns)
    var labels = ""
    for tick in ticks.major {
      let column = Int((scale.position(tick.value) * Double(columns - 1)).rounded())
      guard rule.indices.contains(column) else { continue }
      rule[column] = ascii ? "+" : "┬"
      let label = tick.label.text(ascii: ascii)
      let from = indent.utf8.count + 1 + column - TerminalText.width(label) / 2
      guard labels.isEmpty || from > TerminalText.width(labels) else { continue }
      labels = TerminalText.padded(labels, to: from, atLeft: false) + label
    }
    let caption = Plot.Axis.quantity("time").caption(ticks)
    let shown = ascii ? TerminalText.ascii(caption) : caption
    let start = indent.utf8.count + max(1, (columns - TerminalText.width(shown)) / 2)
    return indent + (ascii ? "+" : "└") + String(rule) + (ascii ? "+" : "┘") + "\n" + labels + "\n"
      + String(repeating: " ", count: start) + shown + "\n"
  }

  private func legend(_ chart: GanttChart, _ width: Int) -> String {
    let present = Set(chart.bars.map(\.fate))
    let fates = GanttChart.Fate.allCases.filter(present.contains)
    let entries =
      fates.map { "\(mark($0)) \($0.rawValue)" } + (chart.shareOff == nil ? [] : ["\(markOff) off"])
      + (chart.updates.isEmpty ? [] : ["^ update"])
    return TerminalText.flow(entries, to: width, mark: omission) { index in
      color && index < fates.count ? (paint(fates[index]), "\u{1B}[0m") : ("", "")
    }
  }

  private func summary(_ chart: GanttChart, shown: Int, _ width: Int) -> String {
    let total = chart.utilization()
    let workers = chart.workers == 1 ? "1 worker" : "\(NumberText.grouped(chart.workers)) workers"
    let entries =
      [
        "busy \(percent(total.busy)) of the time", "useful \(percent(total.useful)) of the work",
      ] + (chart.shareOff.map { ["off \(percent($0)) of the time"] } ?? []) + [
        shown < chart.workers ? "\(shown) of \(workers) shown" : workers
      ]
    return TerminalText.flow(entries, to: width, mark: omission) { _ in ("", "") }
  }

  private var omission: Character { ascii ? "~" : "…" }

  private func mark(_ fate: GanttChart.Fate) -> Character {
    switch fate {
    case .used: ascii ? "#" : "█"
    case .discarded: ascii ? "x" : "▒"
    case .cancelled: ascii ? "-" : "╌"
    case .clipped: ascii ? "/" : "╱"
    case .running: ascii ? "." : "·"
    }
  }

  private var markOff: Character { ascii ? ":" : "░" }

  private func paint(_ fate: GanttChart.Fate) -> String {
    let color =
      switch fate {
      case .used: 36
      case .discarded: 202
      case .cancelled: 176
      case .clipped: 214
      case .running: 117
      }
    return "\u{1B}[38;5;\(color)m"
  }
}
