// SPDX-License-Identifier: Apache-2.0

/// Draws plots and figures as self-contained SVG: no fonts, scripts or styles from elsewhere.
///
/// The legend is in a corner without data; if there is none, it is beside the plots, or under those of a
/// paper, whose width is given. The same figure gives the same bytes everywhere.
public struct SVGPlot: Sendable {
  /// Pixels of the screen (96 an inch); 300 to 10,000, or 160 in a paper. A legend beside the plots adds to
  /// it. Nil for what suits the panels.
  public var width: Double?
  /// Pixels; 200 to 10,000, or 100 in a paper. A long legend adds to it. Nil for what suits the panels.
  public var height: Double?
  /// For what the figure is drawn.
  public var style: FigureStyle

  /// A drawer of figures of that size; one out of range is moved into it.
  public init(width: Double? = nil, height: Double? = nil, style: FigureStyle = .screen) {
    (self.width, self.height, self.style) = (width, height, style)
  }

  /// The document.
  public func text(_ plot: Plot) -> String { text(Figure(plot)) }

  /// The document.
  public func text(_ figure: Figure) -> String {
    let rows = Double(max(figure.panels.count, 1))
    let columns = Double(figure.panels.reduce(1) { max($0, $1.count) })
    // Everything is laid out for the screen; a paper shows it smaller.
    let scale = SVGStyle.scale(style)
    let isPaper = style == .paper
    let usualWidth: Double = isPaper ? (columns > 1 ? 672 : 320) : (columns > 1 ? 480 * columns : 720)
    let usualHeight: Double = isPaper ? (rows > 1 ? 190 : 214) : (rows > 1 ? 320 : 440)
    var width = Self.bounded(width ?? usualWidth, from: isPaper ? 160 : 300) / scale
    var height = Self.bounded(height ?? usualHeight * rows, from: isPaper ? 100 : 200) / scale

    let names = figure.names
    let hasBars = figure.panels.joined().contains(where: \.hasBars)
    var legend = SVGLegend(names: names, hasBars: hasBars)
    let head = figure.title.isEmpty ? 0.0 : 30
    func panels(foot: Double) -> [SVGPanel] {
      let size = SIMD2(width / columns, (height - head - foot) / rows)
      return figure.panels.enumerated().flatMap { row, plots in
        plots.enumerated().map { column, plot in
          SVGPanel(
            plot,
            in: Box(
              x: Double(column) * size.x, y: head + Double(row) * size.y, width: size.x, height: size.y),
            style)
        }
      }
    }
    var drawn = panels(foot: 0)
    let corner = legend.isNeeded ? drawn.lazy.compactMap { $0.freeCorner(for: legend) }.first : nil
    var place = corner
    var right = width
    if legend.isNeeded, corner == nil {
      if isPaper {
        legend.flow(over: width - 24)
        height += legend.height
        drawn = panels(foot: legend.height)
        place = Box(x: 12, y: height - legend.height, width: width - 24, height: legend.height)
      } else {
        let top = drawn.first?.box.y ?? head
        let edge = drawn.reduce(0) { max($0, $1.box.right) }
        place = Box(x: edge + 16, y: top, width: legend.width, height: legend.height)
        right = width + legend.width + 4
        height = max(height, top + legend.height + 16)
      }
    }
    width = right

    var writer = SVGWriter(
      width: width, height: height, scale: scale, style: style,
      name: figure.title.isEmpty ? drawn.first?.plot.title ?? "" : figure.title)
    if !figure.title.isEmpty {
      writer.label(TerminalText.shortened(figure.title, to: Int(width / 8)), x: 20, y: 27, style: "title")
    }
    for panel in drawn { panel.draw(&writer, names) }
    if let place { legend.draw(&writer, in: place, isFramed: corner != nil) }
    return writer.finished()
  }

  private static func bounded(_ size: Double, from least: Double) -> Double {
    size.isNaN ? least : min(max(size, least), 10_000)
  }
}
