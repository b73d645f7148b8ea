// SPDX-License-Identifier: Apache-2.0

/// One plot in its place of a figure.
struct SVGPanel {
  let plot: Plot
  /// Where the axes are.
  let box: Box
  private let frame: PlotFrame
  private let axes: SVGAxes
  private let curves: [Curve]
  private let area: Box

  /// A plot that has `area` for itself, its labels included.
  init(_ plot: Plot, in area: Box, _ style: FigureStyle) {
    self.plot = plot
    self.area = area
    frame = PlotFrame(plot)
    let rows = plot.heat == nil ? [] : plot.y.categories
    let yScale = plot.heat == nil ? frame.y : AxisScale(categories: rows.count)
    let yTicks =
      plot.heat == nil
      ? Ticks(of: yScale, limit: min(max(Int(area.height / 60), 3), 8))
      : Ticks(categories: rows, limit: Int((area.height - 70) / 15))
    let labels = yTicks.major.reduce(20) { max($0, SVGWriter.width($1.label)) }
    var left = min(38 + labels, area.width / 2)
    let top = plot.title.isEmpty ? 18.0 : 42
    let names = plot.x.categories.map { TerminalText.shortened($0, to: 28) }
    let widest = names.reduce(0) { max($0, SVGWriter.width($1)) }
    if plot.hasBars {
      // Turned labels begin left of their bars.
      let room = (area.width - left - 24) / Double(names.count)
      let first = SVGWriter.width(names[0]) * 0.78 - room / 2
      if widest + 6 > room { left = min(max(left, first), area.width / 2) }
    }
    var box = Box(
      x: area.x + left, y: area.y + top, width: area.width - left - 24, height: area.height - top - 54)
    if plot.heat != nil { box.width = max(box.width - SVGHeat.barRoom, 10) }
    var xTicks: Ticks
    var isTurned = false
    if plot.x.categories.isEmpty {
      xTicks = SVGAxes.horizontalTicks(of: frame.x, width: box.width)
      box.width -= SVGAxes.overhang(of: xTicks, frame.x, room: 20)
    } else {
      let room = box.width / Double(names.count)
      isTurned = plot.heat == nil && widest + 6 > room
      let limit = isTurned ? box.width / 15 : box.width / (widest + 6)
      xTicks = Ticks(categories: names, limit: Int(max(limit, 1)))
      if isTurned { box.height -= min(SVGAxes.rise(ofTurned: widest) - 12, box.height / 2) }
    }
    box.height = max(box.height, 10)
    self.box = box
    axes = SVGAxes(
      box: box, x: frame.x, y: yScale, xTicks: xTicks, yTicks: yTicks, isTurned: isTurned,
      captionsAt: SIMD2(area.x + 20, area.y + area.height - 14))
    let curves = plot.hasBars ? [] : frame.curves
    self.curves = zip(curves, frame.bands).map { [axes] in Curve($0, $1, axes) }
  }

  /// A corner that the legend would have for itself.
  func freeCorner(for legend: SVGLegend) -> Box? {
    if plot.heat != nil { return nil }
    let bars = plot.hasBars ? SVGBars(frame, axes).boxes.joined().map(Polyline.init(around:)) : []
    return legend.freeCorner(of: box, lines: curves.flatMap(\.lines) + bars + edgeMarks)
  }

  /// Where the marks at the edges are.
  private var edgeMarks: [Polyline] {
    func line(_ place: Double, _ y: Double) -> Polyline {
      Polyline(points: [SIMD2(box.x + place * box.width, y)])
    }
    return frame.above.joined().map { line($0, box.y + 8) }
      + frame.below.joined().map { line($0, box.bottom - 8) }
  }

  /// Draws the plot; `names` are those of the figure's curves, whose places among them give the colours.
  func draw(_ writer: inout SVGWriter, _ names: [String]) {
    let indices = plot.series.indices.map { index in
      names.count == plot.series.count ? index : names.firstIndex(of: plot.series[index].name) ?? index
    }
    if let heat = plot.heat {
      SVGHeat(heat, axes).draw(&writer)
    } else {
      axes.drawGrid(&writer)
      for (index, curve) in zip(indices, curves) { curve.drawBand(&writer, index) }
      for (index, curve) in zip(indices, curves) { curve.drawLine(&writer, index) }
      if plot.hasMarkers { for (index, curve) in zip(indices, curves) { curve.drawMarks(&writer, index) } }
      if plot.hasBars { SVGBars(frame, axes).draw(&writer, indices) }
      drawEdges(&writer, frame.above, indices, y: box.y + 2, down: 1)
      drawEdges(&writer, frame.below, indices, y: box.bottom - 2, down: -1)
    }
    axes.drawFrame(&writer, x: plot.x, y: plot.y)
    if !plot.title.isEmpty {
      writer.label(
        TerminalText.shortened(plot.title, to: Int(area.width / 8)), x: box.x, y: area.y + 27, style: "title")
    }
    if plot.heat == nil, frame.isEmpty {
      writer.label(
        "no points to draw", x: box.x + box.width / 2, y: box.y + box.height / 2, anchor: .middle,
        style: "soft")
    }
  }

  /// Triangles that point to an edge; those of several series at one place stand behind each other.
  private func drawEdges(
    _ writer: inout SVGWriter, _ places: [[Double]], _ indices: [Int], y: Double, down: Double
  ) {
    // How many stand at a pixel already.
    var heights: [Int: Int] = [:]
    for (index, places) in zip(indices, places) {
      var last = -Double.infinity
      var data = ""
      for place in places {
        let x = box.x + place * box.width
        // Very many would be one blot, and a long file.
        guard abs(x - last) >= 0.5 else { continue }
        last = x
        let height = heights[Int(x), default: 0]
        heights[Int(x)] = height + 1
        let tip = SIMD2(x, y + Double(min(height, 8)) * 10 * down)
        data += Polyline(points: [tip, tip + SIMD2(-5, 9 * down), tip + SIMD2(5, 9 * down)]).pathData() + "Z"
      }
      writer.path(data, style: "solid c\(SVGStyle.color(ofSeries: index))")
    }
  }

  /// What is drawn of a series.
  private struct Curve {
    /// A line for each unbroken piece.
    let middle: [Polyline]
    /// The edges of the band of each piece; empty without one.
    let upper: [Polyline]
    let lower: [Polyline]

    init(_ pieces: [[Plot.Point]], _ bands: [[Plot.Point]], _ axes: SVGAxes) {
      func edge(_ value: KeyPath<Plot.Point, Double>, of pieces: [[Plot.Point]], limit: Int) -> [Polyline] {
        let count = pieces.reduce(0) { $0 + $1.count }
        return pieces.map { piece in
          Polyline(points: piece.map { axes.place(atShares: $0.x, $0[keyPath: value]) })
            .thinned(to: limit * piece.count / max(count, 1))
        }
      }
      middle = edge(\.y, of: pieces, limit: 1000)
      let band = PlotFrame.hasBand(bands) ? bands : []
      upper = edge(\.high, of: band, limit: 500)
      lower = edge(\.low, of: band, limit: 500)
    }

    var lines: [Polyline] { middle + upper + lower }

    func drawBand(_ writer: inout SVGWriter, _ index: Int) {
      guard !upper.isEmpty else { return }
      let areas = zip(upper, lower).map { upper, lower in
        upper.pathData() + Polyline(points: lower.points.reversed()).pathData(isContinued: true) + "Z"
      }
      writer.path(areas.joined(), style: "band c\(SVGStyle.color(ofSeries: index))")
    }

    func drawLine(_ writer: inout SVGWriter, _ index: Int) {
      let color = SVGStyle.color(ofSeries: index)
      var data = ""
      for line in middle {
        guard let first = line.points.first else { continue }
        if line.points.allSatisfy({ $0 == first }) {
          writer.disc(x: first.x, y: first.y, radius: 3, style: "solid c\(color)")
        } else {
          data += line.pathData()
        }
      }
      guard !data.isEmpty else { return }
      writer.path(data, style: "curve c\(color)", dash: SVGStyle.dash(ofSeries: index))
    }

    /// A mark at each point, or where there are many at some of them.
    func drawMarks(_ writer: inout SVGWriter, _ index: Int) {
      var data = ""
      var last = SIMD2(-Double.infinity, 0)
      for point in middle.flatMap(\.points) {
        let step = point - last
        guard abs(step.x) >= 16 || abs(step.y) >= 16 else { continue }
        last = point
        data += SVGStyle.mark(ofSeries: index, at: point)
      }
      writer.path(data, style: "solid c\(SVGStyle.color(ofSeries: index))")
    }
  }
}

/// The bars of a plot: a group for each category, with a bar for each series. On a logarithmic axis, where a
/// length has no meaning, they are points.
struct SVGBars {
  /// The bars of each series, those of points having no height.
  let boxes: [[Box]]
  private let whiskers: [[(x: Double, low: Double, high: Double)]]
  private let axes: SVGAxes

  init(_ frame: PlotFrame, _ axes: SVGAxes) {
    self.axes = axes
    let width = axes.box.width * (axes.x.position(1) - axes.x.position(0))
    let count = Double(max(frame.curves.count, 1))
    let part = min(0.8 * width / count, 80)
    let zero = axes.y.isLogarithmic ? nil : axes.place(atShares: 0, axes.y.position(0)).y
    var (boxes, whiskers): ([[Box]], [[(x: Double, low: Double, high: Double)]]) = ([], [])
    for (index, pieces) in frame.curves.enumerated() {
      var (own, lines): ([Box], [(x: Double, low: Double, high: Double)]) = ([], [])
      for point in pieces.joined() {
        let top = axes.place(atShares: point.x, point.y)
        let x = top.x + (Double(index) - count / 2) * part
        let base = zero ?? top.y
        own.append(
          Box(x: x + part * 0.06, y: min(top.y, base), width: part * 0.88, height: abs(top.y - base)))
        let (low, high) = (axes.place(atShares: 0, point.low).y, axes.place(atShares: 0, point.high).y)
        if low != high { lines.append((x + part / 2, low, high)) }
      }
      boxes.append(own)
      whiskers.append(lines)
    }
    (self.boxes, self.whiskers) = (boxes, whiskers)
  }

  func draw(_ writer: inout SVGWriter, _ indices: [Int]) {
    for (series, index) in indices.enumerated() {
      let style = "solid c\(SVGStyle.color(ofSeries: index))"
      for bar in boxes[series] {
        if axes.y.isLogarithmic {
          writer.disc(x: bar.x + bar.width / 2, y: bar.y, radius: 4, style: style)
        } else {
          writer.rectangle(bar, style: style)
        }
      }
      var data = ""
      for (x, low, high) in whiskers[series] {
        let (x, low, high) = (NumberText.fixed(x), NumberText.fixed(low), NumberText.fixed(high))
        data += "M\(x) \(low)V\(high)m-3 0h6M\(x) \(low)m-3 0h6"
      }
      writer.path(data, style: "axis")
    }
  }
}

extension Polyline {
  /// The outline of a box, and a line through its middle.
  init(around box: Box) {
    self.init(points: [
      SIMD2(box.x, box.bottom), SIMD2(box.x, box.y), SIMD2(box.right, box.y), SIMD2(box.right, box.bottom),
      SIMD2(box.x + box.width / 2, box.y), SIMD2(box.x + box.width / 2, box.bottom),
    ])
  }
}
