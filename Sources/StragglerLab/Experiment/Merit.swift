/// How good a point of a grid is, in the order that `Sweep` and `Tuning` choose by.
///
/// Where the stop has conditions: first the number of seeds that met them, then the simulated time that these took.
/// Where it has none, or nothing else decides: the last gap, or where f* is not known the last loss, averaged over
/// the seeds; a seed that diverged makes it infinite.
struct Merit: Sendable, Equatable {
  let reached: Int
  let time: Double
  let loss: Double

  init(_ row: Comparison.Row, until stop: Stop) {
    let statistics = row.runs.map(\.statistics)
    let met = stop.conditions.isEmpty ? [] : statistics.filter { $0.stopped == .condition }
    reached = met.count
    time = met.reduce(0) { $0 + $1.point.time }
    let sum = statistics.reduce(0) { $0 + Self.loss($1) }
    loss = statistics.isEmpty || sum.isNaN ? .infinity : sum / Double(statistics.count)
  }

  private static func loss(_ statistics: Statistics) -> Double {
    if statistics.stopped == .diverged { return .infinity }
    return statistics.point.gap.isNaN ? statistics.point.loss : statistics.point.gap
  }

  /// Whether it comes before `other`; of equals the earlier point of the grid is to be taken.
  func isBetter(than other: Merit) -> Bool {
    if reached != other.reached { return reached > other.reached }
    if time != other.time { return time < other.time }
    return loss < other.loss
  }
}
