// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The time until m of n workers that start together have each completed a job: the m-th smallest of n
/// independent durations with laws of their own.
struct OrderStatistic {
  private let workers: [Worker]
  private let rank: Int
  private let interrupted: () -> Bool

  /// The `rank`-th smallest duration of `workers`, from 1.
  ///
  /// Where `interrupted` holds, the mean is given up, and NaN.
  init(_ workers: [Worker], rank: Int, interrupted: @escaping () -> Bool = { false }) {
    self.workers = workers
    self.interrupted = interrupted
    self.rank = min(max(1, rank), max(1, workers.count))
  }

  /// P(fewer than m workers are done by `time`), by the distribution of a sum of independent events.
  ///
  /// O(n min{m, n − m + 1}); beyond a million steps the sum is taken for normal.
  func survival(_ time: Double) -> Double {
    let done = workers.map { $0.delay.cdf(time - $0.tau - $0.upload) }
    let n = workers.count
    let missing = n - rank + 1
    guard n * min(rank, missing) <= 1_000_000 else {
      let mean = done.reduce(0, +)
      let deviation = done.reduce(0) { $0 + $1 * (1 - $1) }.squareRoot()
      return deviation > 0
        ? Delay.standardNormal((Double(rank) - 0.5 - mean) / deviation) : (mean < Double(rank) ? 1 : 0)
    }
    // The shorter of the two sums: over the workers that are done, or over those that are not.
    if rank <= missing { return Self.atMost(rank - 1, of: done) }
    return max(0, 1 - Self.atMost(missing - 1, of: done.map { 1 - $0 }))
  }

  /// P(at most `limit` events happen).
  private static func atMost(_ limit: Int, of probabilities: [Double]) -> Double {
    var counts = [Double](repeating: 0, count: limit + 1)
    counts[0] = 1
    for p in probabilities {
      for k in stride(from: limit, through: 1, by: -1) { counts[k] = counts[k] * (1 - p) + counts[k - 1] * p }
      counts[0] *= 1 - p
    }
    return min(1, counts.reduce(0, +))
  }

  /// The part of the integral that is neglected: of large fleets, whose P(T > t) takes a millisecond, five
  /// digits are enough.
  private var precision: Double {
    let work = workers.count * min(rank, workers.count - rank + 1)
    return work <= 2_000 ? 1e-11 : work <= 20_000 ? 1e-9 : 1e-7
  }

  /// The mean, ∫ P(T > t) dt, to about nine digits, for large fleets six; infinite where it does not exist.
  ///
  /// Adaptive Simpson quadrature over [t, 2t], [2t, 4t], … until nothing is left. Where fewer than m workers
  /// have finite means, the tail's exponent decides: P(T > t) ~ t^(−a) has a mean for a > 1.
  var mean: Double {
    let starts = workers.map { $0.tau + $0.upload + $0.delay.quantile(0) }.sorted()
    let medians = workers.map { $0.tau + $0.upload + $0.delay.median }.sorted()
    guard rank <= starts.count, starts[rank - 1] < .infinity else { return .infinity }
    let exists = workers.count { $0.meanDuration < .infinity } >= rank
    // The last of all takes as long as any.
    guard exists || rank < workers.count else { return .infinity }
    // No worker can be done earlier.
    var left = starts[rank - 1]
    let scale = max(left, medians[rank - 1] < .infinity ? medians[rank - 1] : 1)
    guard scale > 0 else { return survival(0) > 0 ? .infinity : 0 }
    let precision = precision
    var (width, sum, atLeft) = (scale * 0x1p-10, left, survival(left))
    while true {
      let right = left + width
      guard right < Delay.longest else { return .infinity }
      if interrupted() { return .nan }
      let (middle, atRight) = (survival(left + width / 2), survival(right))
      let tolerance = precision * (sum + width * atLeft)
      sum += simpson(left, right, (atLeft, middle, atRight), tolerance: tolerance, depth: 40)
      if atRight * right <= precision * sum { return sum }
      if !exists, right > 1e12 * scale {
        let exponent = -Elementary.log2(atRight / survival(right / 2))
        if exponent < 1.02 { return .infinity }
        // From here on 1 − F has lost its digits.
        if isCertain(at: right) { return sum + atRight * right / (exponent - 1) }
      }
      (left, atLeft) = (right, atRight)
      width *= 2
    }
  }

  private func isCertain(at time: Double) -> Bool {
    workers.allSatisfy { $0.delay.cdf(time - $0.tau - $0.upload) > 1 - 1e-12 }
  }

  private func simpson(
    _ left: Double, _ right: Double, _ f: (left: Double, middle: Double, right: Double), tolerance: Double,
    depth: Int
  ) -> Double {
    guard !interrupted() else { return .nan }
    let middle = (left + right) / 2
    let quarters = (survival((left + middle) / 2), survival((middle + right) / 2))
    let width = right - left
    let coarse = width / 6 * (f.left + 4 * f.middle + f.right)
    let fine = width / 12 * (f.left + 4 * quarters.0 + 2 * f.middle + 4 * quarters.1 + f.right)
    if (fine - coarse).magnitude <= 15 * tolerance || depth == 0 { return fine + (fine - coarse) / 15 }
    // The same tolerance for the parts: a jump is then isolated, without refining rounding errors.
    return simpson(left, middle, (f.left, quarters.0, f.middle), tolerance: tolerance, depth: depth - 1)
      + simpson(middle, right, (f.middle, quarters.1, f.right), tolerance: tolerance, depth: depth - 1)
  }
}

extension Delay {
  /// Φ(x).
  fileprivate static func standardNormal(_ x: Double) -> Double {
    // ln of a lognormal variable is normal.
    Delay.lognormal(mu: 0, sigma: 1).cdf(Elementary.exp(x))
  }
}
