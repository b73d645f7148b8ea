// SPDX-License-Identifier: Apache-2.0

/// The cells of a heat map with the bar that says what their colours stand for.
///
/// The colours are nine of viridis (van der Walt and Smith, 2015), which rises evenly in lightness for every
/// kind of colour vision, mixed in between. A cell without a number has a cross, and one above every number
/// grey with ∞; the best has a frame.
struct SVGHeat {
  /// What the bar takes of the width.
  static let barRoom = 76.0

  private let heat: Plot.Heat
  private let axes: SVGAxes
  private let scale: AxisScale

  init(_ heat: Plot.Heat, _ axes: SVGAxes) {
    self.heat = heat
    self.axes = axes
    let limits = heat.scale.limits.flatMap { heat.scale.allows($0) ? $0 : nil }
    scale =
      limits.map {
        AxisScale(from: $0.lowerBound, to: $0.upperBound, isLogarithmic: heat.scale.isLogarithmic)
      }
      ?? AxisScale(
        over: heat.cells.joined(), isLogarithmic: heat.scale.isLogarithmic, isPadded: false, keepsZero: false)
  }

  private static let colors: [UInt32] = [
    0x440154, 0x482878, 0x3E4989, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725,
  ]

  /// The colour at a share of the scale, as `#RRGGBB`.
  static func color(_ share: Double) -> String {
    let place = min(max(share, 0), 1) * Double(colors.count - 1)
    let index = min(Int(place), colors.count - 2)
    let part = place - Double(index)
    var text = "#"
    for shift in [16, 8, 0] as [UInt32] {
      let (a, b) = (Double(colors[index] >> shift & 255), Double(colors[index + 1] >> shift & 255))
      let byte = UInt8((a + part * (b - a)).rounded())
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return text
  }

  private func place(column: Int, row: Int) -> Box {
    let (columns, rows) = (Double(max(heat.cells.first?.count ?? 1, 1)), Double(max(heat.cells.count, 1)))
    let (width, height) = (axes.box.width / columns, axes.box.height / rows)
    return Box(
      x: axes.box.x + Double(column) * width, y: axes.box.bottom - Double(row + 1) * height, width: width,
      height: height)
  }

  func draw(_ writer: inout SVGWriter) {
    let texts = heat.cells.map { $0.map { $0 == .infinity ? "∞" : NumberText.brief($0, digits: 3) } }
    let widest = texts.joined().reduce(0) { max($0, SVGWriter.width($1)) }
    let size = place(column: 0, row: 0)
    let hasTexts = widest + 4 < size.width && size.height > 15
    for (row, cells) in heat.cells.enumerated() {
      for (column, number) in cells.enumerated() {
        let box = place(column: column, row: row)
        let middle = SIMD2(box.x + box.width / 2, box.y + box.height / 2)
        let share = scale.position(number)
        if number.isNaN {
          let arm = min(4, box.width / 4, box.height / 4)
          let cross =
            Polyline(points: [middle - arm, middle + arm]).pathData()
            + Polyline(points: [middle + SIMD2(-arm, arm), middle + SIMD2(arm, -arm)]).pathData()
          writer.path(cross, style: "axis")
        } else if number == .infinity {
          writer.rectangle(box, style: "void")
          if size.width > 12, size.height > 15 {
            writer.label("∞", x: middle.x, y: middle.y + 4, anchor: .middle)
          }
        } else {
          writer.rectangle(box, fill: Self.color(share))
          if hasTexts {
            writer.label(
              texts[row][column], x: middle.x, y: middle.y + 4, anchor: .middle,
              style: share > 0.6 ? "onlight" : "ondark")
          }
        }
      }
    }
    if let best = heat.best {
      let box = place(column: best.x, row: best.y)
      let inner = Box(x: box.x + 2, y: box.y + 2, width: box.width - 4, height: box.height - 4)
      writer.rectangle(inner, style: "halo")
      writer.rectangle(inner, style: "best")
    }
    drawBar(&writer)
  }

  private func drawBar(_ writer: inout SVGWriter) {
    let bar = Box(x: axes.box.right + 12, y: axes.box.y, width: 10, height: axes.box.height)
    guard heat.cells.joined().contains(where: { scale.isLogarithmic ? $0 > 0 && $0.isFinite : $0.isFinite })
    else { return }
    let steps = 48
    let height = bar.height / Double(steps)
    for step in 0..<steps {
      // One reaches under the next, so that no gap is seen between them.
      writer.rectangle(
        Box(
          x: bar.x, y: bar.bottom - Double(step + 1) * height, width: bar.width,
          height: height + (step > 0 ? 0.6 : 0)),
        fill: Self.color((Double(step) + 0.5) / Double(steps)))
    }
    let ticks = Ticks(of: scale, limit: min(max(Int(bar.height / 40), 3), 8))
    var marks = ""
    for tick in ticks.major {
      let y = bar.bottom - scale.position(tick.value) * bar.height
      marks += "M\(NumberText.fixed(bar.right)) \(NumberText.fixed(y))h4"
      writer.label(tick.label, x: bar.right + 7, y: y + 4, anchor: .start)
    }
    writer.path(marks, style: "axis")
    writer.label(
      heat.scale.caption(ticks), x: axes.box.right + Self.barRoom + 16, y: bar.y + bar.height / 2,
      anchor: .middle, style: "caption", turned: true)
  }
}
