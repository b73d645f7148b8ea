// SPDX-License-Identifier: Apache-2.0

extension ClippingTimes {
  /// The mean time until the first success of one worker whose trials are given up after `time` t:
  /// (τ + (1 − p)t + E[η; η ≤ t])/p with p = F(t). Infinite where no trial succeeds; for t = ∞, τ + E η.
  ///
  /// `single` minimises the bound (τ + t)/p, in which a success takes as long as a failure.
  public static func exactCost(tau: Double, delay: Delay, time: Double) -> Double {
    let p = delay.cdf(time)
    guard p > 0 else { return .infinity }
    let lost = p < 1 ? (1 - p) * time : 0
    return (tau + lost + delay.partialMean(time)) / p
  }

  /// The t that minimises `exactCost`, with F(t) and the cost; t = ∞ where giving up never pays.
  ///
  /// Searched along the quantiles of η, so that atoms are met; where the law has a density, t is refined
  /// until the derivative vanishes. The grid has some 600 quantiles: of peaks that are closer, any may be
  /// taken.
  public static func singleExact(
    tau: Double, delay: Delay
  ) -> (time: Double, probability: Double, cost: Double) {
    var best = Best(tau: tau, delay: delay)
    _ = best.look(0)
    var (center, step) = (0.0, 0.125)
    for index in -300...300 where best.look(logOdds: Double(index) * step) { center = Double(index) * step }
    for _ in 0..<20 {
      let middle = center
      step /= 4
      for index in -4...4 where index != 0 && best.look(logOdds: middle + Double(index) * step) {
        center = middle + Double(index) * step
      }
    }
    if best.time > 0, best.time < .infinity {
      let refined = refined(best.time) { exactCost(tau: tau, delay: delay, time: $0) }
      let cost = exactCost(tau: tau, delay: delay, time: refined)
      if cost <= best.cost * (1 + 0x1p-49) { (best.time, best.cost) = (refined, cost) }
    }
    return (best.time, best.time == .infinity ? 1 : delay.cdf(best.time), best.cost)
  }

  /// The best time so far.
  private struct Best {
    let tau: Double
    let delay: Delay
    var time = Double.infinity
    var cost: Double

    init(tau: Double, delay: Delay) {
      (self.tau, self.delay) = (tau, delay)
      cost = exactCost(tau: tau, delay: delay, time: .infinity)
    }

    /// Whether `candidate` is better than what has been seen.
    mutating func look(_ candidate: Double) -> Bool {
      let value = exactCost(tau: tau, delay: delay, time: candidate)
      guard value < cost else { return false }
      (time, cost) = (candidate, value)
      return true
    }

    /// The same for the quantile at p with ln p/(1 − p) = `u`.
    mutating func look(logOdds u: Double) -> Bool { look(delay.quantile(1 / (1 + Elementary.exp(-u)))) }
  }

  /// Where d ln cost/d ln t vanishes, near `time`: Newton's method on differences of order six. At a minimum
  /// the values themselves settle t to half the digits only.
  private static func refined(_ time: Double, _ cost: (Double) -> Double) -> Double {
    let h = 0x1p-6
    func value(_ x: Double) -> Double { Elementary.log(cost(Elementary.exp(x))) }
    var x = Elementary.log(time)
    for _ in 0..<8 {
      let (a, b, c) = (value(x + h), value(x + 2 * h), value(x + 3 * h))
      let (d, e, f) = (value(x - h), value(x - 2 * h), value(x - 3 * h))
      let slope = (45 * (a - d) - 9 * (b - e) + (c - f)) / (60 * h)
      let curvature = (a - 2 * value(x) + d) / (h * h)
      let change = slope / curvature
      guard curvature > 0, change.magnitude < h else { break }
      x -= change
    }
    return Elementary.exp(x)
  }
}
