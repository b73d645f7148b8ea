// SPDX-License-Identifier: Apache-2.0

/// The frame of a figure: grid, ticks, labels and captions around a box.
struct SVGAxes {
  let box: Box
  let x: AxisScale
  let y: AxisScale
  let xTicks: Ticks
  let yTicks: Ticks
  /// Whether the labels of the x axis rise, since they are long.
  var isTurned = false
  /// How far right the caption of the y axis is, and how far down that of the x axis.
  var captionsAt = SIMD2<Double>()

  /// The place of a point in the picture whose places along the axes, from 0 to 1, are given; moved into the
  /// box where it lies outside.
  func place(atShares x: Double, _ y: Double) -> SIMD2<Double> {
    SIMD2(box.x + inside(x) * box.width, box.bottom - inside(y) * box.height)
  }

  /// How much room below the axis labels `width` pixels long take that are turned.
  static func rise(ofTurned width: Double) -> Double { width * 0.5 + 14 }

  /// The place of a point in the picture, moved into the box where it lies outside.
  func place(_ x: Double, _ y: Double) -> SIMD2<Double> {
    SIMD2(place(x: x), box.bottom - inside(self.y.position(y)) * box.height)
  }

  /// How far right a number of the x axis is.
  func place(x: Double) -> Double { box.x + inside(self.x.position(x)) * box.width }

  private func inside(_ share: Double) -> Double { share.isNaN ? 0 : min(max(share, 0), 1) }

  /// The ticks of an axis `width` pixels long whose labels keep apart.
  static func horizontalTicks(of scale: AxisScale, width: Double) -> Ticks {
    var limit = min(max(Int(width / 64), 3), 9)
    while true {
      let ticks = Ticks(of: scale, limit: limit)
      let widest = ticks.major.reduce(0) { max($0, SVGWriter.width($1.label)) }
      if limit == 3 || (widest + 8) * Double(limit) < width { return ticks }
      limit -= 1
    }
  }

  /// By how much the label of the last tick extends more than `room` beyond the end of its axis.
  static func overhang(of ticks: Ticks, _ scale: AxisScale, room: Double) -> Double {
    guard let last = ticks.major.last, scale.position(last.value) > 0.9 else { return 0 }
    return max(SVGWriter.width(last.label) / 2 - room, 0)
  }

  /// The lines that lie under the curves.
  func drawGrid(_ writer: inout SVGWriter) {
    var grid = ""
    for tick in xTicks.major {
      let x = NumberText.fixed(place(x: tick.value))
      grid += "M\(x) \(NumberText.fixed(box.y))V\(NumberText.fixed(box.bottom))"
    }
    for tick in yTicks.major {
      let y = NumberText.fixed(place(x.lower, tick.value).y)
      grid += "M\(NumberText.fixed(box.x)) \(y)H\(NumberText.fixed(box.right))"
    }
    writer.path(grid, style: "grid")
  }

  /// The box and its ticks, with labels and captions.
  func drawFrame(_ writer: inout SVGWriter, x xAxis: Plot.Axis, y yAxis: Plot.Axis) {
    drawBox(&writer)
    drawXTicks(&writer)
    var marks = ""
    for tick in yTicks.major {
      let y = place(x.lower, tick.value).y
      marks += "M\(NumberText.fixed(box.x)) \(NumberText.fixed(y))h-5"
      writer.label(tick.label, x: box.x - 8, y: y + 4, anchor: .end)
    }
    for value in yTicks.minor {
      marks += "M\(NumberText.fixed(box.x)) \(NumberText.fixed(place(x.lower, value).y))h-3"
    }
    writer.path(marks, style: "axis")
    let long = (across: Int(box.width / 7.5), up: Int((box.height + 40) / 7.5))
    writer.label(
      TerminalText.shortened(xAxis.caption(xTicks), to: max(long.across, 8)), x: box.x + box.width / 2,
      y: captionsAt.y, anchor: .middle, style: "caption")
    writer.label(
      TerminalText.shortened(yAxis.caption(yTicks), to: max(long.up, 8)), x: captionsAt.x,
      y: box.y + box.height / 2, anchor: .middle, style: "caption", turned: true)
  }

  func drawBox(_ writer: inout SVGWriter) {
    let left = NumberText.fixed(box.x)
    let bottom = NumberText.fixed(box.bottom)
    writer.path(
      "M\(left) \(NumberText.fixed(box.y))V\(bottom)H\(NumberText.fixed(box.right))", style: "axis")
  }

  func drawXTicks(_ writer: inout SVGWriter) {
    var marks = ""
    let bottom = NumberText.fixed(box.bottom)
    for tick in xTicks.major {
      let x = place(x: tick.value)
      marks += "M\(NumberText.fixed(x)) \(bottom)v5"
      if isTurned, case .plain(let text) = tick.label {
        writer.label(text, x: x + 4, y: box.bottom + 15, anchor: .end, turned: 35)
      } else {
        writer.label(tick.label, x: x, y: box.bottom + 19, anchor: .middle)
      }
    }
    for value in xTicks.minor { marks += "M\(NumberText.fixed(place(x: value))) \(bottom)v3" }
    writer.path(marks, style: "axis")
  }
}
