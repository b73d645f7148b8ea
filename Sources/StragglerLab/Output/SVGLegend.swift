// SPDX-License-Identifier: Apache-2.0

/// The names of the series with samples of their lines.
struct SVGLegend {
  let names: [String]

  /// Longer names are shortened in the figure.
  private static let longest = 48
  private static let rowHeight = 18.0
  private static let sampleWidth = 28.0
  private static let margin = 8.0

  private var shown: [String] { names.map { TerminalText.shortened($0, to: Self.longest) } }

  /// Whether there is anything to name.
  var isNeeded: Bool { names.contains { !$0.isEmpty } }

  var width: Double {
    let widest = shown.reduce(0) { max($0, SVGWriter.width($1)) }
    return widest + Self.sampleWidth + 8 + 2 * Self.margin
  }

  var height: Double { Double(names.count) * Self.rowHeight + 2 * Self.margin - 4 }

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
      let y = place.y + Self.margin + 7 + Double(index) * Self.rowHeight
      let x = place.x + Self.margin
      writer.path(
        "M\(NumberText.fixed(x)) \(NumberText.fixed(y))h\(NumberText.fixed(Self.sampleWidth))",
        style: "curve c\(SVGStyle.color(ofSeries: index))", dash: SVGStyle.dash(ofSeries: index))
      writer.label(name, x: x + Self.sampleWidth + 8, y: y + 4)
    }
  }
}
