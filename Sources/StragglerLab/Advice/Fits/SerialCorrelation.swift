// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Serial correlation of durations: the correlation of the ranks of consecutive jobs.
///
/// Ranks, so that heavy tails and failures count no more than others; of equal durations the mean rank. Were
/// the durations of m jobs independent, it would be about normal with mean −1/m and variance 1/m. Source:
/// Wald and Wolfowitz (1943).
struct SerialCorrelation {
  /// From −1 to 1; NaN for fewer than ten jobs, and where all took the same.
  let value: Double
  private let count: Double

  /// Of `durations` in the order in which the jobs ran. O(m log m).
  init(_ durations: [Double]) {
    count = Double(durations.count)
    let ranks = Self.ranks(durations)
    let mean = (count + 1) / 2
    var (squares, products) = (CompensatedSum(0), CompensatedSum(0))
    for (index, rank) in ranks.enumerated() {
      squares.add((rank - mean) * (rank - mean))
      if index > 0 { products.add((ranks[index - 1] - mean) * (rank - mean)) }
    }
    value = durations.count >= 10 && squares.value > 0 ? products.value / squares.value : .nan
  }

  private static func ranks(_ durations: [Double]) -> [Double] {
    let order = durations.indices.sorted { durations[$0] < durations[$1] }
    var ranks = [Double](repeating: 0, count: durations.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, durations[order[end]] == durations[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }

  /// Whether independent durations of the workers would hardly give these correlations: four standard
  /// deviations for all of them together, or five for one.
  static func isCertain(_ workers: [(value: Double, count: Int)]) -> Bool {
    var (sum, total) = (0.0, 0.0)
    for worker in workers where !worker.value.isNaN {
      let count = Double(worker.count)
      let excess = count * worker.value + 1
      if excess.magnitude > 5 * count.squareRoot() { return true }
      sum += excess
      total += count
    }
    return total > 0 && sum.magnitude > 4 * total.squareRoot()
  }
}
