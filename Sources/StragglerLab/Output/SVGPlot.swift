// SPDX-License-Identifier: Apache-2.0

/// Draws plots as self-contained SVG figures: no fonts, scripts or styles from elsewhere.
///
/// The legend is in a corner without data, or beside the plot if there is none. The same plot gives the
/// same bytes everywhere.
public struct SVGPlot: Sendable {
  /// Pixels; 300 to 10,000. A legend beside the plot adds to it.
  public var width: Double
  /// Pixels; 200 to 10,000. A long legend adds to it.
  public var height: Double

  /// A drawer of plots of that size; one out of range is moved into it.
  public init(width: Double = 720, height: Double = 440) {
    self.width = width
    self.height = height
  }

  /// The document.
  public func text(_ plot: Plot) -> String {
    var width = Self.bounded(self.width, from: 300)
    var height = Self.bounded(self.height, from: 200)
    let frame = PlotFrame(plot)
    let yTicks = Ticks(of: frame.y, limit: min(max(Int(height / 60), 3), 8))
    let labels = yTicks.major.reduce(20) { max($0, SVGWriter.width($1.label)) }
    let left = 38 + labels
    let top = plot.title.isEmpty ? 18.0 : 42
    var box = Box(x: left, y: top, width: width - left - 24, height: height - top - 54)
    let xTicks = SVGAxes.horizontalTicks(of: frame.x, width: box.width)
    box.width -= SVGAxes.overhang(of: xTicks, frame.x, room: 20)
    let axes = SVGAxes(box: box, x: frame.x, y: frame.y, xTicks: xTicks, yTicks: yTicks)

    let curves = frame.curves.map { Curve($0, axes) }
    let legend = SVGLegend(names: plot.series.map(\.name))
    let corner = legend.freeCorner(of: box, lines: curves.flatMap(\.lines))
    if legend.isNeeded, corner == nil {
      width += legend.width + 4
      height = max(height, top + legend.height + 16)
    }

    var writer = SVGWriter(width: width, height: height, name: plot.title)
    axes.drawGrid(&writer)
    for (index, curve) in curves.enumerated() { curve.drawBand(&writer, index) }
    for (index, curve) in curves.enumerated() { curve.drawLine(&writer, index) }
    for (index, places) in frame.beyond.enumerated() {
      for place in places {
        let tip = SIMD2(box.x + frame.x.position(place) * box.width, box.y + 2)
        let arrow = Polyline(points: [tip, tip + SIMD2(-5, 9), tip + SIMD2(5, 9)])
        writer.path(arrow.pathData() + "Z", style: "solid c\(SVGStyle.color(ofSeries: index))")
      }
    }
    axes.drawFrame(&writer, x: plot.x, y: plot.y)
    if !plot.title.isEmpty {
      writer.label(
        TerminalText.shortened(plot.title, to: Int(width / 8)), x: box.x, y: 27, style: "title")
    }
    if frame.isEmpty {
      writer.label(
        "no points to draw", x: box.x + box.width / 2, y: box.y + box.height / 2, anchor: .middle,
        style: "soft")
    }
    if legend.isNeeded {
      let beside = Box(x: box.right + 16, y: top, width: legend.width, height: legend.height)
      legend.draw(&writer, in: corner ?? beside, isFramed: corner != nil)
    }
    return writer.finished()
  }

  private static func bounded(_ size: Double, from least: Double) -> Double {
    size.isNaN ? least : min(max(size, least), 10_000)
  }

  /// What is drawn of a series.
  private struct Curve {
    /// A line for each unbroken piece.
    let middle: [Polyline]
    /// The edges of the band of each piece; empty without one.
    let upper: [Polyline]
    let lower: [Polyline]

    init(_ pieces: [[Plot.Point]], _ axes: SVGAxes) {
      let count = pieces.reduce(0) { $0 + $1.count }
      func edge(_ value: KeyPath<Plot.Point, Double>, of pieces: [[Plot.Point]], limit: Int) -> [Polyline] {
        pieces.map { piece in
          Polyline(points: piece.map { axes.place($0.x, $0[keyPath: value]) })
            .thinned(to: limit * piece.count / max(count, 1))
        }
      }
      middle = edge(\.y, of: pieces, limit: 1000)
      let band = PlotFrame.hasBand(pieces) ? pieces : []
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
  }
}
