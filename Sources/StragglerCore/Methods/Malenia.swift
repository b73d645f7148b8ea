// SPDX-License-Identifier: Apache-2.0

/// Malenia SGD: gradients at x^k are collected until every worker has delivered enough of them, and a step
/// goes along the mean over workers of their means: while (1/n Σ 1/Bᵢ)⁻¹ < S/n collect, then x^{k+1} = x^k −
/// γ (1/n) Σ gᵢ/Bᵢ, where gᵢ sums the Bᵢ gradients of worker i. Gradients at older points are discarded.
///
/// Where only C workers take part in a round (`participation`), C takes the place of n, and sums are over
/// them. With A of them accepted, those are the first A that deliver, and the jobs of the others are
/// cancelled then.
///
/// For workers with different objectives fᵢ, f = (1/n) Σ fᵢ: the step is unbiased however different the
/// speeds. With `stops`, an update cancels every job and restarts it at the new point. S = max{⌈σ²/ε⌉, n}, γ
/// = min{1/L, εS/(2Lσ²)}, K ≥ 24LΔ/ε updates; O(τ_n LΔ/ε + (1/n Σ τᵢ)σ²LΔ/(nε²)) seconds, which is optimal.
/// Source: Tyurin, Richtárik, "Optimal time complexities of parallel stochastic optimization methods" (2023).
public struct Malenia: Method {
  public static var name: StaticText { "malenia" }
  public static var summary: StaticText {
    "Malenia SGD: Rennala SGD for workers with data of their own"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the gradients of a step if all workers were equal.
  public var batch = Parameter<Int>.theory
  /// Whether S is the one whose time is the least by the theory, where none is given.
  public var searchesBatch = false
  /// Whether an update cancels and restarts the other jobs.
  public var stops = false
  /// Which workers take part in a round, and how many of them it accepts.
  public var participation = Participation()

  /// n²/S: the harmonic mean of the Bᵢ has reached S/n when Σ 1/Bᵢ is no more than this; n are the workers
  /// that this round accepts.
  private var bound = 0.0
  /// gᵢ, and their weighted sum.
  private var sums = Slots()
  private var sum = Slot()
  /// Bᵢ, how many of them are still 0, and Σ 1/Bᵢ over the others.
  private var counts = Table<Int>()
  private var missing = 0
  private var inverses = CompensatedSum(0)
  /// 1/Bᵢ.
  private var weights = Table<Double>()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count(
      KeyName("batch", formerly: "S"), &batch.given, optimal: &searchesBatch,
      "S: collect until the harmonic mean of the Bᵢ is S/n",
      standard: "max{⌈σ²/ε⌉, n}")
    try keys.flag("stops", &stops, "whether an update cancels and restarts the other jobs")
    try participation.keys(&keys)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try participation.prepare(&setup)
    batch = try batch.or(
      searchesBatch
        ? bestBatch(setup) : max(setup.batch(for: "batch"), participation.expected(of: setup.workers)))
    try setup.remarkPartial(participation, hasTheorysStepsize: gamma.given == nil)
    gamma = try gamma.or(Theory.rennalaStepsize(setup.conditions, batch: batch.value))
    sums = setup.slotsForWorkers()
    sum = setup.slot()
    counts = try setup.table(of: Int.self)
    weights = try setup.table(of: Double.self)
    setup.horizon = 0
  }

  private func bestBatch(_ setup: borrowing Setup) throws(SetupError) -> Int {
    guard !participation.isPartial else {
      throw .impossible(
        "a batch that is searched by the theory, which knows rounds of all workers only",
        remedy: "give batch= a number")
    }
    let (fleet, n) = (setup.fleet, Double(setup.workers))
    return try setup.optimalBatch(least: n, stops: stops, rule: { .harmonic($0) }) {
      (fleet.slowestTime + $0 / n * fleet.averageTime) * $1
    }
  }

  public mutating func begin(_ server: inout Server) {
    participation.reset()
    guard startCollecting(&server) else { return }
    participation.assignAll(&server)
  }

  public mutating func wake(_ server: inout Server) { startRound(&server) }

  /// False where no worker is on.
  private mutating func startCollecting(_ server: inout Server) -> Bool {
    counts.fill(0)
    inverses = CompensatedSum(0)
    guard participation.draw(&server) else {
      missing = counts.count
      return false
    }
    missing = participation.quorum
    // Rounding must not make a mean that is just reached appear too small.
    bound = Double(missing) / Double(batch.value) * Double(missing) * (1 + 1e-12)
    return true
  }

  /// After the first round: those that wait for it get a job, and with `stops` the others, too.
  private mutating func startRound(_ server: inout Server) {
    guard startCollecting(&server) else {
      if stops { server.cancelAll() }
      return
    }
    if stops { return participation.assignAll(&server) }
    for position in 0..<participation.size where !server.isRunning(participation[position]) {
      server.assign(participation[position])
    }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if arrival.delay == 0 {
      server.accumulate(arrival, into: sums[arrival.worker])
      // Those of the last step are read after the event in which that was made.
      if participation.isPartial, missing == participation.quorum { weights.fill(0) }
      count(arrival.worker)
      if missing == 0 {
        if inverses.value <= bound { return update(&server) }
        if participation.accepted != nil { stopOthers(&server) }
      }
    }
    guard participation.contains(arrival.worker) else { return }
    if missing == 0, participation.accepted != nil, counts[arrival.worker] == 0 { return }
    if server.mayBeHopeless, isHopeless(server) { server.expectOnly(.arrivals) }
    server.assign(arrival.worker)
  }

  private mutating func update(_ server: inout Server) {
    server.gather(sums, weights: weights, into: sum, empties: true)
    server.step(along: sum, by: gamma, over: Double(participation.quorum))
    startRound(&server)
  }

  /// The round has accepted all that it waits for: the jobs of the other participants are cancelled.
  private func stopOthers(_ server: inout Server) {
    for position in 0..<participation.size {
      let worker = participation[position]
      if counts[worker] == 0, server.isRunning(worker) { server.cancel(worker) }
    }
  }

  /// Whether workers that will never deliver again keep the harmonic mean below S/n, however many gradients
  /// the others add.
  private func isHopeless(_ server: borrowing Server) -> Bool {
    var inverses = CompensatedSum(0)
    var lost = 0
    for position in 0..<participation.size where server.isEndless(participation[position]) {
      let count = counts[participation[position]]
      if count == 0 { lost += 1 } else { inverses.add(1 / Double(count)) }
    }
    return lost > participation.size - participation.quorum || inverses.value > bound
  }

  private mutating func count(_ worker: Int) {
    if counts[worker] == 0 { missing -= 1 } else { inverses.add(-weights[worker]) }
    counts[worker] += 1
    weights[worker] = 1 / Double(counts[worker])
    inverses.add(weights[worker])
  }
}

extension Malenia {
  public static var advised: AdvisedForms? { AdvisedForms(.own, .batchesOfAll("batch"), hasStops: true) }

  /// K = ⌈24LΔ/ε⌉ updates, more where S is below σ²/ε; 96(τₙLΔ/ε + (1/n Σ τᵢ)σ²LΔ/(nε²)) seconds (constant
  /// not verified), of which an update takes at most 2(τₙ + (S/n)(1/n Σ τᵢ)) with `stops`. Where speeds
  /// change, the times are those of `UniversalTimes`.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    if participation.isPartial { return try participation.predictNothing(&setup, .any) }
    let (goal, fleet) = (setup.goal, setup.fleet)
    var prediction = Prediction(.any, .unverified)
    prediction.iterations = Theory.ceiling(24 * goal.progress * max(1, goal.noise / Double(batch.value)))
    if fleet.changesSpeed {
      try prediction.setUniversalTimes(
        &setup, rule: .harmonic(Double(batch.value)), dropped: stops ? 0 : 1,
        table: .harmonic(max(Double(setup.workers), Theory.ceiling(goal.noise))))
      try prediction.add("S", Double(batch.value))
      return prediction
    }
    prediction.table = Theory.heterogeneousTime(goal, fleet)
    let seconds = 2 * (fleet.slowestTime + Double(batch.value) / Double(setup.workers) * fleet.averageTime)
    if batch.given == nil, !searchesBatch {
      prediction.setTime(96 * prediction.table, updatesOf: (stops ? 1 : 2) * seconds)
    } else {
      prediction.time = 2 * seconds * prediction.iterations
    }
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("S", Double(batch.value))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}
