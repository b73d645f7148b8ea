// SPDX-License-Identifier: Apache-2.0

/// What of a plot can be drawn, with places along the axes from 0 to 1, and the scales of the axes.
struct PlotFrame {
  /// The unbroken pieces of each series that are to be seen, in the order of the plot's series.
  let curves: [[[Plot.Point]]]
  /// The pieces for the bands: those that leave the frame above or below are not cut there.
  let bands: [[[Plot.Point]]]
  /// Where each series has points above every number, and below, or at or below zero on a logarithmic axis.
  let above, below: [[Double]]
  let x: AxisScale
  let y: AxisScale

  init(_ plot: Plot) {
    let pieces = plot.series.map { $0.pieces(x: plot.x, y: plot.y) }
    let above = plot.series.map { $0.above(x: plot.x) }
    let below = plot.series.map { $0.below(x: plot.x, y: plot.y) }
    let (xLimits, yLimits) = (Self.limits(plot.x), Self.limits(plot.y))
    let x =
      plot.x.categories.isEmpty
      ? xLimits.map { AxisScale(from: $0.lowerBound, to: $0.upperBound, isLogarithmic: plot.x.isLogarithmic) }
        ?? AxisScale(
          over: pieces.lazy.joined().joined().map(\.x) + above.joined() + below.joined(),
          isLogarithmic: plot.x.isLogarithmic, isPadded: false
        ).rounded()
      : AxisScale(categories: plot.x.categories.count)
    let shown = pieces.lazy.joined().joined().filter { xLimits?.contains($0.x) ?? true }
    let y =
      yLimits.map { AxisScale(from: $0.lowerBound, to: $0.upperBound, isLogarithmic: plot.y.isLogarithmic) }
      ?? AxisScale(
        over: shown.flatMap { [$0.y, $0.low, $0.high] } + (plot.hasBars ? [0] : []),
        isLogarithmic: plot.y.isLogarithmic, isPadded: true)
    func place(_ point: Plot.Point) -> Plot.Point {
      Plot.Point(
        x: x.place(point.x), y: y.place(point.y), low: y.place(point.low), high: y.place(point.high))
    }
    func isShown(_ place: Double) -> Bool { xLimits == nil || (0...1).contains(place) }
    let placed = pieces.map { $0.map { $0.map(place) } }
    bands = xLimits == nil ? placed : placed.map { Self.cut($0, along: \.x) }
    curves = yLimits == nil ? bands : bands.map { Self.cut($0, along: \.y) }
    self.above = above.map { $0.map(x.place).filter(isShown) }
    self.below = below.map { $0.map(x.place).filter(isShown) }
    (self.x, self.y) = (x, y)
  }

  /// Whether there is nothing to be seen.
  var isEmpty: Bool {
    curves.allSatisfy(\.isEmpty) && above.allSatisfy(\.isEmpty) && below.allSatisfy(\.isEmpty)
  }

  /// Whether a curve has a band that is more than its line.
  static func hasBand(_ curve: [[Plot.Point]]) -> Bool {
    curve.joined().contains { $0.low < $0.y || $0.high > $0.y }
  }

  private static func limits(_ axis: Plot.Axis) -> ClosedRange<Double>? {
    axis.limits.flatMap { axis.allows($0) ? $0 : nil }
  }

  /// The parts of `pieces` whose coordinate is between 0 and 1; lines are cut where they cross the edge.
  private static func cut(
    _ pieces: [[Plot.Point]], along coordinate: WritableKeyPath<Plot.Point, Double>
  ) -> [[Plot.Point]] {
    var parts: [[Plot.Point]] = []
    for piece in pieces {
      var part: [Plot.Point] = []
      for (index, point) in piece.enumerated() {
        if index > 0 {
          let last = piece[index - 1]
          let (a, b) = (last[keyPath: coordinate], point[keyPath: coordinate])
          // In the order in which the line comes to them.
          for edge in a < b ? [0.0, 1] : [1, 0] where (a < edge && edge < b) || (b < edge && edge < a) {
            var crossing = between(last, point, share: (edge - a) / (b - a))
            crossing[keyPath: coordinate] = edge
            part.append(crossing)
            if b < 0 || b > 1 {
              if (edge == 0) == (b < 0) {
                parts.append(part)
                part = []
              }
            }
          }
        }
        if (0...1).contains(point[keyPath: coordinate]) {
          part.append(point)
        } else if !part.isEmpty {
          parts.append(part)
          part = []
        }
      }
      if !part.isEmpty { parts.append(part) }
    }
    return parts
  }

  private static func between(_ a: Plot.Point, _ b: Plot.Point, share: Double) -> Plot.Point {
    func mix(_ a: Double, _ b: Double) -> Double { (1 - share) * a + share * b }
    return Plot.Point(x: mix(a.x, b.x), y: mix(a.y, b.y), low: mix(a.low, b.low), high: mix(a.high, b.high))
  }
}
