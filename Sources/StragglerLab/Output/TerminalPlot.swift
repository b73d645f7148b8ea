// SPDX-License-Identifier: Apache-2.0

/// Draws plots with characters.
///
/// Curves are drawn in Braille dots, the edges of their bands in sparse ones. Letters on the curves name
/// them, so that the picture can be read without colours, too.
public struct TerminalPlot: Sendable {
  /// The cells of a line; 40 to 1,000.
  public var width: Int
  /// The lines of the plot without its legend; 8 to 1,000.
  public var height: Int
  /// Whether series have ANSI colours.
  public var color: Bool
  /// Whether to keep to ASCII: no Braille, no bands, letters for dots.
  public var ascii: Bool

  /// A drawer of plots of that size; one out of range is moved into it.
  public init(width: Int = 80, height: Int = 20, color: Bool = false, ascii: Bool = false) {
    self.width = width
    self.height = height
    self.color = color
    self.ascii = ascii
  }

  /// The plots one below the other, each with its line feeds, and the names of curves below the last.
  public func text(_ figure: Figure) -> String {
    let panels = Array(figure.panels.joined())
    var text = figure.title.isEmpty ? "" : line(figure.title, min(max(self.width, 40), 1000))
    for (index, panel) in panels.enumerated() {
      if index > 0 { text += "\n" }
      text += self.text(panel, hasLegend: index == panels.count - 1)
    }
    return text
  }

  /// The lines of the picture, each with its line feed.
  public func text(_ plot: Plot) -> String { text(plot, hasLegend: true) }

  private func text(_ plot: Plot, hasLegend: Bool) -> String {
    if let heat = plot.heat { return self.heat(heat, plot) }
    if plot.hasBars { return bars(plot) }
    let width = min(max(self.width, 40), 1000)
    let height = min(max(self.height, 8), 1000)
    let frame = PlotFrame(plot)
    let rows = height - 4 - (plot.title.isEmpty ? 0 : 1)
    let yTicks = Ticks(of: frame.y, limit: min(max(rows * 2 / 5, 3), 6))
    let labels = yTicks.major.map { $0.label.text(ascii: ascii) }
    let margin = labels.reduce(0) { max($0, TerminalText.width($1)) } + 1
    let columns = width - margin - 1
    let xTicks = Ticks(of: frame.x, limit: min(max(columns / 12, 3), 6))

    var canvas = DotCanvas(columns: columns, rows: rows, isBraille: !ascii)
    draw(frame, on: &canvas)

    var labelOfRow: [Int: String] = [:]
    for (tick, label) in zip(yTicks.major, labels) {
      labelOfRow[canvas.row(ofDot: canvas.dot(x: 0, y: frame.y.position(tick.value)).y)] = label
    }
    var text = ""
    if !plot.title.isEmpty { text += line(centred(plot.title, over: columns, from: margin + 1), width) }
    text += line(plot.y.caption(yTicks), width)
    for row in 0..<rows {
      let label = labelOfRow[row]
      text += TerminalText.padded(label ?? "", to: margin - 1, atLeft: true) + " "
      text += ascii ? (label == nil ? "|" : "+") : (label == nil ? "│" : "┤")
      if frame.isEmpty, row == rows / 2 {
        text += "  no points to draw\n"
      } else {
        text += canvas.text(row: row, mark: letter, paint: paint) + "\n"
      }
    }
    text += axis(xTicks, frame.x, canvas, margin)
    text += line(centred(plot.x.caption(xTicks), over: columns, from: margin + 1), width)
    return text + (hasLegend ? legend(of: plot.series.map(\.name), width: width) : "")
  }

  // MARK: Bars and heat maps

  /// A line for each bar: its category, its length or on a logarithmic axis its place, and its value.
  private func bars(_ plot: Plot) -> String {
    let width = min(max(self.width, 40), 1000)
    let frame = PlotFrame(plot)
    let names = plot.x.categories.map {
      TerminalText.shortened(TerminalText.clean($0), to: width / 3, mark: ascii ? "~" : "…")
    }
    let margin = names.reduce(0) { max($0, TerminalText.width($1)) } + 1
    let isMany = plot.series.count > 1
    let room = width - margin - (isMany ? 2 : 0) - 14
    let zero = frame.y.isLogarithmic ? 0 : max(frame.y.position(0), 0)
    var text = plot.title.isEmpty ? "" : line(plot.title, width)
    text += line(plot.y.caption(), width)
    for (category, name) in names.enumerated() {
      for (index, series) in plot.series.enumerated() {
        guard let point = series.points.first(where: { $0.x == Double(category) }) else { continue }
        text += TerminalText.padded(index == 0 ? name : "", to: margin, atLeft: false)
        if isMany { text += "\(letter(index)) " }
        let place = frame.y.position(point.y)
        if plot.y.has(point.y) {
          let (from, to) = (Int(min(zero, place) * Double(room)), Int(max(zero, place) * Double(room)))
          let isPoint = frame.y.isLogarithmic
          text += String(repeating: " ", count: isPoint ? to : from)
          let mark = isPoint ? (ascii ? "*" : "●") : (ascii ? "#" : "█")
          text += paint(index) + String(repeating: mark, count: isPoint ? 1 : max(to - from, 0)) + paint(nil)
          text += " "
        }
        text += NumberText.brief(point.y, digits: 5) + "\n"
      }
    }
    return text + legend(of: plot.series.map(\.name), width: width)
  }

  /// The cells as a table, the best with a star.
  private func heat(_ heat: Plot.Heat, _ plot: Plot) -> String {
    let rows = plot.y.categories.enumerated().map { row, name in
      [Cell.text(name)]
        + heat.cells[row].enumerated().map { column, number in
          .text(
            (number.isNaN ? "-" : NumberText.brief(number, digits: 4))
              + (heat.best == SIMD2(column, row) ? " *" : ""))
        }
    }
    let table = TextTable(header: ["\(plot.y.label) \\ \(plot.x.label)"] + plot.x.categories, rows: rows)
    let width = min(max(self.width, 40), 1000)
    return (plot.title.isEmpty ? "" : line(plot.title, width))
      + line(heat.scale.caption() + (heat.best == nil ? "" : " (* best)"), width)
      + table.text(width: width, ascii: ascii)
  }

  // MARK: Curves

  private func draw(_ frame: PlotFrame, on canvas: inout DotCanvas) {
    if !ascii {
      for (index, curve) in frame.bands.enumerated() where PlotFrame.hasBand(curve) {
        for edge in [\Plot.Point.low, \Plot.Point.high] {
          visit(curve, edge, canvas) { x, y in
            if x % 4 == 0 { canvas.set(x: x, y: y, owner: index) }
          }
        }
      }
    }
    for (row, mark, places) in [
      (0, ascii ? "^" : "▲" as Character, frame.above), (canvas.rows - 1, ascii ? "v" : "▼", frame.below),
    ] {
      for (index, places) in places.enumerated() {
        for place in places {
          let dot = canvas.dot(x: place, y: 1)
          _ = canvas.cover(column: canvas.column(ofDot: dot.x), row: row, with: mark, owner: index)
        }
      }
    }
    var rowsOfColumns: [[Int?]] = []
    for (index, curve) in frame.curves.enumerated() {
      var rowOfColumn = [Int?](repeating: nil, count: canvas.columns)
      visit(curve, \.y, canvas) { x, y in
        if canvas.set(x: x, y: y, owner: index) {
          rowOfColumn[canvas.column(ofDot: x)] = canvas.row(ofDot: y)
        }
      }
      rowsOfColumns.append(rowOfColumn)
    }
    guard frame.curves.count > 1 else {
      markPoints(of: frame, on: &canvas)
      return
    }
    let repetitions = frame.curves.count <= 6 ? 3 : frame.curves.count <= 12 ? 2 : 1
    for repetition in 0..<repetitions {
      for (index, rowOfColumn) in rowsOfColumns.enumerated() {
        // Staggered, so that letters of neighbours do not meet.
        let share =
          (Double(repetition) + (Double(index) + 0.5) / Double(rowsOfColumns.count)) / Double(repetitions)
        let wanted = Int(share * Double(canvas.columns))
        let candidates = rowOfColumn.indices.filter { rowOfColumn[$0] != nil }
          .sorted { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
        for column in candidates.prefix(canvas.columns / 6) {
          guard let row = rowOfColumn[column] else { continue }
          if canvas.cover(column: column, row: row, with: letter(index), owner: index) { break }
        }
      }
    }
  }

  /// A single dot is easily overlooked.
  private func markPoints(of frame: PlotFrame, on canvas: inout DotCanvas) {
    for piece in frame.curves.joined() where piece.count == 1 {
      let dot = canvas.dot(x: piece[0].x, y: piece[0].y)
      _ = canvas.cover(
        column: canvas.column(ofDot: dot.x), row: canvas.row(ofDot: dot.y), with: ascii ? "*" : "●", owner: 0)
    }
  }

  private func visit(
    _ curve: [[Plot.Point]], _ value: KeyPath<Plot.Point, Double>, _ canvas: DotCanvas,
    _ visit: (Int, Int) -> Void
  ) {
    for piece in curve {
      var last: (x: Int, y: Int)?
      for point in piece {
        let dot = canvas.dot(x: point.x, y: min(max(point[keyPath: value], -1), 2))
        DotCanvas.visitLine(from: last ?? dot, to: dot, visit)
        last = dot
      }
    }
  }

  // MARK: Around the curves

  private func axis(_ ticks: Ticks, _ scale: AxisScale, _ canvas: DotCanvas, _ margin: Int) -> String {
    var rule = [Character](repeating: ascii ? "-" : "─", count: canvas.columns)
    let start = margin + 1
    var labels = ""
    for tick in ticks.major {
      let column = canvas.column(ofDot: canvas.dot(x: scale.position(tick.value), y: 0).x)
      guard rule.indices.contains(column) else { continue }
      rule[column] = ascii ? "+" : "┬"
      let label = tick.label.text(ascii: ascii)
      let width = TerminalText.width(label)
      let from = min(start + column - width / 2, start + canvas.columns - width)
      // Labels that would touch are left out.
      guard labels.isEmpty || from > TerminalText.width(labels) else { continue }
      labels = TerminalText.padded(labels, to: max(from, 0), atLeft: false) + label
    }
    return String(repeating: " ", count: margin) + (ascii ? "+" : "└") + String(rule) + "\n" + labels + "\n"
  }

  private func centred(_ text: String, over columns: Int, from start: Int) -> String {
    let width = TerminalText.width(TerminalText.clean(text))
    return String(repeating: " ", count: max(0, start + (columns - width) / 2)) + text
  }

  private func line(_ text: String, _ width: Int) -> String {
    let clean = TerminalText.clean(ascii ? TerminalText.ascii(text) : text)
    return TerminalText.trimmed(TerminalText.shortened(clean, to: width, mark: ascii ? "~" : "…")) + "\n"
  }

  private func legend(of names: [String], width: Int) -> String {
    guard names.contains(where: { !$0.isEmpty }) else { return "" }
    let entries = names.enumerated().map { index, name in
      let clean = TerminalText.clean(ascii ? TerminalText.ascii(name) : name)
      return names.count > 1 ? "\(letter(index)) \(clean)" : clean
    }
    return TerminalText.flow(entries, to: width, mark: ascii ? "~" : "…") { (paint($0), paint(nil)) }
  }

  /// A to Z, then a to z, then again.
  private func letter(_ index: Int) -> Character {
    let first = index % 52 < 26 ? UInt8(ascii: "A") : UInt8(ascii: "a")
    return Character(Unicode.Scalar(first + UInt8(index % 26)))
  }

  /// Near the colours of the figures, from the 256 that terminals know.
  private static let colors = [33, 202, 36, 176, 214, 117, 250, 220]

  private func paint(_ index: Int?) -> String {
    guard color else { return "" }
    guard let index else { return "\u{1B}[0m" }
    return "\u{1B}[38;5;\(Self.colors[index % Self.colors.count])m"
  }
}
