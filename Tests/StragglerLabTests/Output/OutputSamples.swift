// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLab

/// Numbers and plots that the tests of the output share.
enum OutputSamples {
  /// Seeded bits.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }

    /// In [0, 1).
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
  }

  /// Numbers at the ends of what a double can be.
  static let extremes: [Double] = [
    0, -0.0, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity, .nan, 1e-300, 1e300,
    1 + .ulpOfOne,
    9_007_199_254_740_992, 0.1, 1e15, 1e16, 123456.5, 999999.5, 5e-5,
  ]

  /// Finite numbers of all magnitudes, their bits drawn.
  static func finite(_ count: Int, seed: UInt64) -> [Double] {
    var generator = Generator(state: seed)
    var numbers: [Double] = []
    while numbers.count < count {
      let number = Double(bitPattern: generator.next())
      if number.isFinite { numbers.append(number) }
    }
    return numbers
  }

  static func plot(
    logX: Bool = false, logY: Bool = false, title: String = "", _ series: [(String, [(Double, Double)])]
  ) -> Plot {
    Plot(
      title: title, x: .quantity("time", isLogarithmic: logX), y: .quantity("gap", isLogarithmic: logY),
      series: series.map { name, points in
        Plot.Series(name: name, points: points.map { Plot.Point(x: $0.0, y: $0.1) })
      })
  }

  /// Five falling curves with bands.
  static func curves(logX: Bool = false, logY: Bool = true, count: Int = 5, length: Int = 200) -> Plot {
    var generator = Generator(state: 7)
    let series = (0..<count).map { index in
      let seeds = (0..<3).map { _ in
        var (time, value) = (0.0, 1.0)
        var curve: Band.Curve = []
        for _ in 0..<length {
          time += generator.uniform() * Double(index + 1)
          value *= 1 - 0.05 * generator.uniform()
          curve.append((time, value))
        }
        return curve
      }
      return Plot.Series(name: "method \(index)", points: Band.merge(curves: seeds, isLogarithmic: logX))
    }
    return Plot(
      title: "curves", x: .quantity("time", isLogarithmic: logX), y: .quantity("gap", isLogarithmic: logY),
      series: series)
  }

  /// Plots that have little or nothing to show, or too much.
  static func degenerate() -> [Plot] {
    var plots: [Plot] = []
    let data: [[(Double, Double)]] = [
      [], [(3, 0.125)], [(3, 2), (3, 2)], [(0, 0), (.leastNonzeroMagnitude, .leastNonzeroMagnitude)],
      [(-1.7e308, -1.7e308), (1.7e308, 1.7e308)], [(.nan, .nan), (.infinity, 1), (1, -.infinity)],
      [(1e-300, 1e300), (1e300, 1e-300)], [(1, 1), (1 + 1e-15, 1 - 1e-15)], [(1e9, 5), (1e9 + 1e-5, 6)],
      [(-1, -1), (0, 0)], [(.greatestFiniteMagnitude, .greatestFiniteMagnitude)],
      extremes.flatMap { x in extremes.map { (x, $0) } },
    ]
    for points in data {
      for (logX, logY) in [(false, false), (true, false), (false, true), (true, true)] {
        plots.append(plot(logX: logX, logY: logY, title: "a <b> & \"c\"\u{1B}[31m\n", [("<s>", points)]))
        plots.append(plot(logX: logX, logY: logY, [("one", points), ("", []), ("three", points)]))
      }
    }
    var banded = plot(logY: true, [("band", [(1, 1), (2, 0.5)])])
    banded.series[0].points[0].low = -1
    banded.series[0].points[0].high = .infinity
    banded.series[0].points[1].low = .nan
    plots.append(banded)
    return plots
  }
}
