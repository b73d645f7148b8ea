// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// How good a point of a grid is, in the order that `Sweep` and `Tuning` choose by.
///
/// Where the stop has conditions: first the number of seeds that met them, then the simulated time that these
/// took. Where it has none, or nothing else decides: the last gap, or where f* is not known the last loss,
/// averaged over the seeds; a seed that diverged makes it infinite. Where the tails of the runs were judged,
/// a seed counts as one that met the conditions only if they held at nine of the ten looks after that, and
/// the gap is the mean over the last tenth.
struct Merit: Sendable, Equatable {
  let reached: Int
  let time: Double
  let loss: Double

  init(_ row: Comparison.Row, until goal: Goal) {
    let statistics = row.runs.map(\.statistics)
    func tail(_ index: Int) -> Trial.Tail? { row.tails.indices.contains(index) ? row.tails[index] : nil }
    let met = statistics.indices.filter { index in
      guard !goal.conditions.isEmpty, statistics[index].stopped == .condition else { return false }
      if case .held(let looks)? = tail(index) { return looks >= Trial.enough }
      return true
    }
    reached = met.count
    time = met.reduce(0) { $0 + statistics[$1].point.time }
    let sum = statistics.indices.reduce(0) { sum, index in
      if statistics[index].stopped == .diverged { return .infinity }
      if case .mean(let mean)? = tail(index) { return sum + mean }
      return sum + Self.loss(statistics[index].point)
    }
    loss = statistics.isEmpty || sum.isNaN ? .infinity : sum / Double(statistics.count)
  }

  /// The gap, or the loss where f* is not known.
  static func loss(_ point: TracePoint) -> Double { point.gap.isNaN ? point.loss : point.gap }

  /// Whether it is better than `other`; among equals, callers take the earlier point of the grid.
  func isBetter(than other: Merit) -> Bool {
    if reached != other.reached { return reached > other.reached }
    if time != other.time { return time < other.time }
    return loss < other.loss
  }
}
