// SPDX-License-Identifier: Apache-2.0

/// Rennala SGD: the first S gradients at x^k, from any workers, make a step along their mean; gradients
/// at older points are discarded.
///
/// With `stops`, an update cancels every job and restarts it at the new point. S = max{1, ⌈σ²/ε⌉},
/// γ = min{1/L, εS/(2Lσ²)}, K ≥ 24LΔ/ε, in 96 min_m (1/m Σ_{i≤m} 1/τᵢ)⁻¹(LΔ/ε + σ²LΔ/(mε²)) seconds, which is
/// optimal. Source: Tyurin, Richtárik, "Optimal time complexities of parallel stochastic optimization
/// methods" (2023).
public struct Rennala: Method {
  public static var name: StaticText { "rennala" }
  public static var summary: StaticText {
    "Rennala SGD: the first S gradients at the newest point make a step"
  }
  public static var modifiers: Modifiers.Kinds { .all.withTurns }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the gradients of a step.
  public var batch = Parameter<Int>.theory
  /// Whether S is the one whose time is the least by the theory, where none is given.
  public var searchesBatch = false
  /// Whether an update cancels and restarts the other jobs.
  public var stops = false

  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count(
      "batch", &batch.given, optimal: &searchesBatch, "S, the gradients of a step",
      standard: "max{1, ⌈σ²/ε⌉}")
    try keys.flag("stops", &stops, "whether an update cancels and restarts the other jobs")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    batch = try batch.or(searchesBatch ? bestBatch(setup) : setup.batch(for: "batch"))
    gamma = try gamma.or(Theory.rennalaStepsize(setup.conditions, batch: batch.value))
    sum = setup.slot()
    setup.horizon = 0
  }

  private func bestBatch(_ setup: borrowing Setup) throws(SetupError) -> Int {
    let fleet = setup.fleet
    return try setup.optimalBatch(least: 1, stops: stops, rule: { .total($0) }) {
      fleet.collectingTime($0) * $1
    }
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if arrival.delay == 0 {
      server.accumulate(arrival, into: sum)
      collected += 1
      if collected == batch.value {
        server.step(along: sum, by: gamma, over: Double(batch.value))
        collected = 0
        if stops { return server.assignAll() }
      }
    }
    server.assign(arrival.worker)
  }
}

extension Rennala {
  public static var randomDurations: RandomDurations { .collection(batch: "batch", stops: "stops") }
  public static var advised: AdvisedForms? { AdvisedForms(.shared, .batches("batch"), hasStops: true) }

  /// K = ⌈24LΔ/ε⌉ updates, more where S is below σ²/ε. With the theorem's S, 96 min_m (1/m Σ_{i≤m}
  /// 1/τᵢ)⁻¹(LΔ/ε + σ²LΔ/(mε²)) seconds; an update takes at most min_m (Σ_{i≤m} 1/τᵢ)⁻¹(S + m) with `stops`
  /// and twice as much without. Where speeds change, the times are those of `UniversalTimes`.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, S) = (setup.goal, Double(batch.value))
    let seconds = setup.fleet.collectingTime(S)
    var prediction = Prediction(.shared, .published)
    prediction.iterations = Theory.ceiling(24 * goal.progress * max(1, goal.noise / S))
    if setup.fleet.changesSpeed {
      try prediction.setUniversalTimes(
        &setup, rule: .total(S), dropped: stops ? 0 : 1, table: .total(max(1, Theory.ceiling(goal.noise))))
      try prediction.add("batch", S)
      try prediction.add("stops", stops ? 1 : 0)
      return prediction
    }
    prediction.table = goal.progress * setup.fleet.collectingTime(goal.noise)
    if batch.given == nil, !searchesBatch {
      prediction.setTime(96 * prediction.table, updatesOf: (stops ? 1 : 2) * seconds)
    } else {
      prediction.time = 2 * seconds * prediction.iterations
    }
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("batch", S)
    try prediction.add("stops", stops ? 1 : 0)
    try prediction.add("m_star", setup.fleet.collectors(in: seconds))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}
