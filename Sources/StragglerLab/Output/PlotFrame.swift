// SPDX-License-Identifier: Apache-2.0

/// What of a plot can be drawn, and the scales that it needs.
struct PlotFrame {
  /// The unbroken pieces of each series, in the order of the plot's series.
  let curves: [[[Plot.Point]]]
  /// Where each series has points above every number.
  let beyond: [[Double]]
  let x: AxisScale
  let y: AxisScale

  init(_ plot: Plot) {
    let curves = plot.series.map { $0.pieces(x: plot.x, y: plot.y) }
    let beyond = plot.series.map { $0.beyond(x: plot.x) }
    self.curves = curves
    self.beyond = beyond
    let points = curves.lazy.joined().joined()
    x = AxisScale(
      over: points.map(\.x) + beyond.joined(), isLogarithmic: plot.x.isLogarithmic, isPadded: false
    ).rounded()
    y = AxisScale(
      over: points.flatMap { [$0.y, $0.low, $0.high] }, isLogarithmic: plot.y.isLogarithmic, isPadded: true)
  }

  /// Whether there is no point at all.
  var isEmpty: Bool { curves.allSatisfy(\.isEmpty) && beyond.allSatisfy(\.isEmpty) }

  /// Whether a curve has a band that is more than its line.
  static func hasBand(_ curve: [[Plot.Point]]) -> Bool {
    curve.joined().contains { $0.low < $0.y || $0.high > $0.y }
  }
}
