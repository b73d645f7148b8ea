// SPDX-License-Identifier: Apache-2.0

extension Prediction {
  /// Fills in times for workers whose speeds change: `iterations` updates by `rule`, of whose gradients
  /// `dropped` of each worker may be stale, and the complexities without constants, `progress` updates of the
  /// goal.
  mutating func setUniversalTimes(
    _ setup: inout Setup, rule: UniversalTimes.Rule, dropped: Double, table own: UniversalTimes.Rule
  ) throws(SetupError) {
    (constants, holdsForChangingSpeeds) = (.derived, true)
    if let reason = setup.fleet.outsideUniversalModel {
      iterations = .nan
      return try setup.remark(reason)
    }
    let (goal, n) = (setup.goal, Double(setup.workers))
    let fleet = setup.fleet
    time = UniversalTimes(fleet: fleet, rule: rule, dropped: dropped).time(of: iterations).latest
    let updates = Theory.ceiling(goal.progress)
    table = UniversalTimes(fleet: fleet, rule: own, dropped: 0).time(of: updates).latest
    let least: UniversalTimes.Rule =
      setup.conditions.isHeterogeneous
      ? .harmonic(max(n, Theory.ceiling(goal.noise))) : .total(max(1, Theory.ceiling(goal.noise)))
    lowerBound = UniversalTimes(fleet: fleet, rule: least, dropped: 0).time(of: updates).earliest
    try setup.remark("speeds change: times are those of the universal computation model, walked along them")
    if time.isNaN || table.isNaN || lowerBound.isNaN {
      try setup.remark("some times are too far away to be found by walking along the speeds")
    }
  }
}
