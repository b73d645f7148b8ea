// SPDX-License-Identifier: Apache-2.0

/// Trials of a worker with outages, one after another, each given up if its work pauses for longer
/// than t.
///
/// A trial succeeds more often where its worker is on when it starts than where it is off, and one that fails
/// usually ends in an outage. The states at the starts of trials are a Markov chain: after the state s the
/// next trial starts with the worker on with probability q(s). From an on-probability a₁ of the first trial,
/// that of trial j is a* + (a₁ − a*)λ^(j−1), where λ = q(on) − q(off) and a* = q(off)/(1 − λ).
///
/// With m = τ/up, x = t/down and Poisson numbers K and N of these means: P(success | on) = P(K ≤ N), and from
/// the state off one outage more has to end, P(success | off) = P(K + 1 ≤ N). By our own argument.
struct MarkovTrials {
  let up: Double
  let down: Double
  /// τ, the seconds of work of a trial.
  let work: Double
  /// t, the seconds that the work may pause.
  let allotted: Double
  /// Seconds after a success until the next trial starts.
  let upload: Double

  /// The share of `trials` trials that succeeds, when the state of the worker at the first of them is in
  /// equilibrium, as it is at a time that others decide; infinitely many: when one trial follows another for
  /// ever. To about five digits; O(√x) terms some hundred times.
  func successShare(of trials: Double) -> Double {
    let law = MarkovLaw(up: up, down: down, work: work)
    let fromOn = law.cdf(allotted)
    guard fromOn < 1, work > 0, work < .infinity else { return fromOn }
    let fromOff = law.cdfFromOutage(allotted)
    let share = up / (up + down)
    var on = share
    // With very many outages in a trial it does not matter how it starts.
    if trials > 1, work / up < 1e4 {
      // The worker was on when the trial succeeded.
      let onAgain = share + (1 - share) * Elementary.exp(-(1 / up + 1 / down) * upload)
      let stays = fromOn * onAgain + failsOn(extra: 0)
      let returns = fromOff * onAgain + failsOn(extra: 1)
      let memory = min(max(stays - returns, 0), 1 - 0x1p-40)
      let late = returns / (1 - memory)
      let early = trials < .infinity ? (1 - Elementary.pow(memory, trials)) / (trials * (1 - memory)) : 0
      on = min(1, max(0, late + (share - late) * early))
    }
    return on * fromOn + (1 - on) * fromOff
  }

  /// P(a trial fails, and the worker is on at its end), after a start in the state on, or with `extra` = 1
  /// off: the time off until then is y > t, which ends with an outage's end.
  private func failsOn(extra: Double) -> Double {
    let end = work + allotted
    /// The density of: time off y within the trial, with the worker on at its end.
    func density(_ y: Double) -> Double {
      let outages = max(0, end - y) / up
      return MarkovLaw.coincidence(outages, y / down, ahead: 1 - extra) / down
    }
    // Where outages are many, the time off keeps to its share of the time.
    let middle = end * (down / (up + down))
    let spread = 13 * (2 * middle * down).squareRoot() + 100 * down
    let (low, high) = (max(allotted, middle - spread), min(end, middle + spread))
    guard low < high else { return 0 }
    // Simpson's rule.
    let panels = 24
    let step = (high - low) / Double(2 * panels)
    var sum = density(low) + density(high)
    for index in 1..<2 * panels { sum += (index % 2 == 1 ? 4 : 2) * density(low + Double(index) * step) }
    return min(1, max(0, sum * step / 3))
  }
}
