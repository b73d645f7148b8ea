// SPDX-License-Identifier: Apache-2.0

/// The names of the series with samples of their lines.
struct SVGLegend {
  let names: [String]
  /// Whether it names bars, not lines.
  var hasBars = false
  /// In how many columns the names are.
  private var columns = 1

  init(names: [String], hasBars: Bool = false) { (self.names, self.hasBars) = (names, hasBars) }

  /// Longer names are shortened in the figure.
  private static let longest = 48
  private static let rowHeight = 18.0
  private static let sampleWidth = 28.0
  private static let margin = 8.0

  private var shown: [String] { names.map { TerminalText.shortened($0, to: Self.longest) } }

  /// Whether there is anything to name.
  var isNeeded: Bool { names.contains { !$0.isEmpty } }

  private var columnWidth: Double {
    shown.reduce(0) { max($0, SVGWriter.width($1)) } + Self.sampleWidth + 8 + 2 * Self.margin
  }

  var width: Double { columnWidth * Double(columns) }

  var height: Double {
    Double((names.count + columns - 1) / columns) * Self.rowHeight + 2 * Self.margin - 4
  }

  /// Lays the names out in as many columns as `width` has room for.
  mutating func flow(over width: Double) {
    columns = min(max(Int(width / columnWidth), 1), max(names.count, 1))
    // As few columns as give no more rows.
    let rows = (names.count + columns - 1) / columns
    if rows > 0 { columns = (names.count + rows - 1) / rows }
  }

  /// A corner of `box` that none of the lines enters, the upper right one first.
  func freeCorner(of box: Box, lines: [Polyline]) -> Box? {
    guard width < box.width / 2, height < box.height / 2 else { return nil }
    let gap = 10.0
    let right = box.right - gap - width
    let lower = box.bottom - gap - height
    for (x, y) in [(right, box.y + gap), (box.x + gap, lower), (right, lower), (box.x + gap, box.y + gap)] {
      let place = Box(x: x, y: y, width: width, height: height)
      let kept = Box(x: x - 4, y: y - 4, width: width + 8, height: height + 8)
      if !lines.contains(where: { $0.touches(kept) }) { return place }
    }
    return nil
  }

  /// Draws into a place of the legend's size.
  func draw(_ writer: inout SVGWriter, in place: Box, isFramed: Bool) {
    if isFramed { writer.rectangle(place, style: "legend", radius: 3) }
    for (index, name) in shown.enumerated() {
      let y = place.y + Self.margin + 7 + Double(index / columns) * Self.rowHeight
      let x = place.x + Self.margin + Double(index % columns) * columnWidth
      if hasBars {
        writer.rectangle(
          Box(x: x + 8, y: y - 5, width: 12, height: 10), style: "solid c\(SVGStyle.color(ofSeries: index))")
        writer.label(name, x: x + Self.sampleWidth + 8, y: y + 4)
        continue
      }
      writer.path(
        "M\(NumberText.fixed(x)) \(NumberText.fixed(y))h\(NumberText.fixed(Self.sampleWidth))",
        style: "curve c\(SVGStyle.color(ofSeries: index))", dash: SVGStyle.dash(ofSeries: index))
      writer.label(name, x: x + Self.sampleWidth + 8, y: y + 4)
    }
  }
}
