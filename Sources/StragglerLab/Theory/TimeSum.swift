// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The distribution of a sum of independent times, each distributed like a histogram: repeated convolution by
/// repeated squaring.
///
/// A histogram has up to 400 bars on a geometric grid, so that times of very different sizes have their
/// place, and every bar is where the mean of what it holds is: the mean of the sum is exact, and its spread
/// is accurate to about a percent. Convolutions are carried out bar by bar, 160,000 products each, 2 log₂ K
/// of them.
struct TimeSum: Sendable {
  private struct Bar {
    var time: Double
    var mass: Double
  }

  private static let size = 400

  /// In ascending order; the masses sum up to 1.
  private let bars: [Bar]
  /// The largest ratio of neighbouring times between which there is no gap.
  private let spacing: Double
  /// The probability that the sum is finite; the bars are what it is then.
  private let finite: Double

  /// The distribution of the times that were drawn, each with equal probability.
  init(_ times: BatchTimes) { self.init(times: times.times, endless: times.endless) }

  /// The distribution of `times` and of `endless` infinite ones, each with equal probability.
  init(times: [Double], endless: Int) {
    let mass = 1 / Double(max(1, times.count))
    (bars, spacing) = Self.compressed(times.sorted().map { Bar(time: $0, mass: mass) })
    let count = times.count + endless
    finite = count > 0 ? Double(times.count) / Double(count) : 0
  }

  private init(_ histogram: (bars: [Bar], spacing: Double), finite: Double) {
    (bars, spacing) = histogram
    self.finite = finite
  }

  /// The sum of `count` such times.
  func repeated(_ count: Double) -> TimeSum {
    var remaining = UInt64(min(max(count, 0), 0x1p62))
    guard remaining > 0 else { return TimeSum(times: [0], endless: 0) }
    var power = (bars: bars, spacing: spacing)
    var sum: (bars: [Bar], spacing: Double)?
    while true {
      if remaining & 1 == 1 { sum = sum.map { Self.convolved($0.bars, power.bars) } ?? power }
      remaining >>= 1
      if remaining == 0 { break }
      power = Self.convolved(power.bars, power.bars)
    }
    return TimeSum(sum ?? power, finite: finite == 1 ? 1 : Elementary.pow(finite, count))
  }

  /// The mean; infinite where the sum can be.
  var mean: Double { finite == 1 ? bars.reduce(0) { $0 + $1.time * $1.mass } : .infinity }

  /// The smallest t with P(sum ≤ t) ≥ `p`. The mass of a bar lies between it and its neighbours, but not
  /// across a gap.
  func quantile(_ p: Double) -> Double {
    guard p <= finite, finite > 0 else { return .infinity }
    var below = 0.0
    for index in bars.indices {
      let bar = bars[index]
      if p / finite <= below + bar.mass * (1 + 1e-9) || index == bars.count - 1 {
        let share = min(max((p / finite - below) / bar.mass, 0), 1)
        let (left, right) = (end(of: index, towards: index - 1), end(of: index, towards: index + 1))
        return left + (right - left) * share
      }
      below += bar.mass
    }
    return .infinity
  }

  /// The same with its distance from the mean times `factor`: what is not known of the mean widens the
  /// spread.
  func quantile(_ p: Double, widenedBy factor: Double) -> Double {
    let value = quantile(p)
    guard value < .infinity, factor > 1 else { return value }
    // The mean of the finite part.
    let mean = bars.reduce(0) { $0 + $1.time * $1.mass }
    let wide = max(0, mean + (value - mean) * factor)
    // Outwards only, also where the mean is beyond the quantile.
    return p < 0.5 ? min(value, wide) : p > 0.5 ? max(value, wide) : wide
  }

  /// How far bar number `index` reaches: half the way to its neighbour, or not at all where there is a gap.
  private func end(of index: Int, towards neighbour: Int) -> Double {
    guard bars.indices.contains(neighbour) else { return bars[index].time }
    let (a, b) = (bars[min(index, neighbour)].time, bars[max(index, neighbour)].time)
    return b <= a * spacing ? (a + b) / 2 : bars[index].time
  }

  /// The bars of the sum of two times.
  private static func convolved(_ left: [Bar], _ right: [Bar]) -> (bars: [Bar], spacing: Double) {
    guard let first = left.first, let last = left.last, let start = right.first, let end = right.last else {
      return ([], 1)
    }
    var grid = Grid(from: first.time + start.time, to: last.time + end.time)
    for a in left {
      var index = 0
      for b in right { grid.add(a.time + b.time, a.mass * b.mass, from: &index) }
    }
    return (grid.bars, grid.spacing)
  }

  /// Sorted bars on a grid of at most 400.
  private static func compressed(_ sorted: [Bar]) -> (bars: [Bar], spacing: Double) {
    guard sorted.count > size, let first = sorted.first, let last = sorted.last else { return (sorted, 1) }
    var grid = Grid(from: first.time, to: last.time)
    var index = 0
    for bar in sorted { grid.add(bar.time, bar.mass, from: &index) }
    return (grid.bars, grid.spacing)
  }

  private struct Grid {
    private var edges: [Double]
    private var masses: [Double]
    private var moments: [Double]
    /// What neighbours are apart at most, as a ratio.
    let spacing: Double

    init(from low: Double, to high: Double) {
      // Times of 0 go with the first bar.
      let start = max(low, high * 1e-15)
      let ratio = start > 0 ? Elementary.log(high / start) / Double(TimeSum.size) : 0
      edges = (1..<TimeSum.size).map { start * Elementary.exp(ratio * Double($0)) }
      spacing = Elementary.exp(2 * ratio)
      masses = Array(repeating: 0, count: TimeSum.size)
      moments = masses
    }

    /// Adds mass at `time`, whose bar is number `index` or a later one.
    mutating func add(_ time: Double, _ mass: Double, from index: inout Int) {
      while index < edges.count, time > edges[index] { index += 1 }
      masses[index] += mass
      moments[index] += mass * time
    }

    /// The bars that hold something. What is next to nothing at the ends goes to the neighbours.
    var bars: [Bar] {
      var bars: [Bar] = []
      for index in masses.indices where masses[index] > 0 {
        bars.append(Bar(time: moments[index] / masses[index], mass: masses[index]))
      }
      trim(&bars)
      return bars
    }

    /// Takes away ends with less than 10⁻¹² of the mass, so that the grid shrinks to where the sum is.
    private func trim(_ bars: inout [Bar]) {
      var (low, high, mass) = (0, bars.count - 1, 0.0)
      while low < high, mass + bars[low].mass < 1e-12 {
        mass += bars[low].mass
        low += 1
      }
      mass = 0
      while high > low, mass + bars[high].mass < 1e-12 {
        mass += bars[high].mass
        high -= 1
      }
      bars = Array(bars[low...max(low, high)])
    }
  }
}
