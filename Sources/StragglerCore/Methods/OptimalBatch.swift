// SPDX-License-Identifier: Apache-2.0

extension Setup {
  /// The batch S for which the theory's time for the goal is least, of those around σ²/ε, a factor of 2
  /// apart and none below `least`: with K(S) = ⌈24LΔ/ε · max{1, σ²/(Sε)}⌉ updates, whose time `fixed` gives
  /// for fixed speeds; where speeds change, they are walked along by `rule`.
  ///
  /// Throws where the theory does not know the time.
  func optimalBatch(
    least: Double, stops: Bool, rule: (Double) -> UniversalTimes.Rule,
    fixed: (_ batch: Double, _ updates: Double) -> Double
  ) throws(SetupError) -> Int {
    let noise = try conditions.noiseRatio(for: "batch")
    guard goal.progress.isFinite else { throw .noTheory(key: "batch", missing: .gap) }
    if fleet.changesSpeed, fleet.outsideUniversalModel != nil {
      throw .impossible(
        "the theory does not know the time of a batch on this fleet, and so not the best one",
        remedy: "give batch=, or leave it to the theorem")
    }
    var best = (batch: max(least, Theory.ceiling(noise)), time: Double.infinity)
    var step = -3.0
    while step <= 3 {
      let batch = max(least, Theory.ceiling(noise * Elementary.pow(2, step)))
      step += 1
      let updates = Theory.ceiling(24 * goal.progress * max(1, noise / batch))
      let time: Double
      if fleet.changesSpeed {
        var walk = UniversalTimes(fleet: fleet, rule: rule(batch), dropped: stops ? 0 : 1)
        walk.limit = 2e5
        time = walk.time(of: updates).latest
      } else {
        time = fixed(batch, updates)
      }
      if time < best.time { best = (batch, time) }
    }
    guard best.batch <= 0x1p53 else {
      throw .invalid(key: "batch", expected: "a batch given, since σ²/ε is beyond all bounds")
    }
    return Int(whole: best.batch)
  }
}
