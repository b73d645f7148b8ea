// SPDX-License-Identifier: Apache-2.0

/// MindFlayer SGD: at x^k, worker i makes Bᵢ trials; a trial whose random part η is longer than tᵢ is given
/// up and its sample lost. When all trials are done: x^{k+1} = x^k − γ G/B, where G sums the gradients that
/// arrived and B = Σ pᵢBᵢ is how many are expected, pᵢ = P(η ≤ tᵢ).
///
/// S = max{1, σ²/ε}; with c = τᵢ + tᵢ in ascending order t(m) = (Σ_{j≤m} pⱼ/cⱼ)⁻¹(S + Σ_{j≤m} pⱼ), m* its
/// smallest minimiser, Bᵢ = ⌈t(m*)/cᵢ − 1⌉ for the first m* workers and 0 for the rest; γ = (1/2L) min{1,
/// εB/σ²}; at most 8 t(m*) LΔ/ε seconds, whatever the tails. Source: Maranjyan, Shaikh Omar, Richtárik,
/// "MindFlayer SGD" (2025), Algorithm 1 and Theorem 4.5.
public struct MindFlayer: Method {
  public static var name: StaticText { "mindflayer" }
  public static var summary: StaticText {
    "MindFlayer SGD: every worker makes B trials, each given up after an allotted time"
  }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// tᵢ, the seconds allotted to the random part η of a trial of worker i.
  public var clip = Clip.median
  /// Bᵢ, the trials of worker i for a step; nil: from the theorem.
  public var trials: PerWorker?
  /// Which workers with trials to make take part in an update, and how many of them it waits for.
  public var participation = Participation()

  /// B = Σ pᵢBᵢ.
  private var expected = 0.0
  private var round = Trials()
  private var sum = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.clip("clip", &clip, standard: "median")
    try keys.perWorker(
      "trials", &trials, "B, the trials of a worker in an iteration", standard: "from the theorem")
    try participation.keys(&keys)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try participation.check(workers: setup.workers)
    try setup.refuseLocalSteps()
    round = try Trials(&setup)
    sum = setup.slot()
    setup.horizon = 0
    let batch = max(1, setup.conditions.noiseRatio)
    if case .optimal = clip { _ = try setup.conditions.noiseRatio(for: "clip") }
    try setup.resolve(clip, batch: batch, times: round.times, successes: round.successes)
    let time = try trials == nil ? theoryTime(setup.fleet, setup.conditions.noiseRatio(for: "trials")) : 0
    try round.share(trials, atLeast: 0, setup.fleet) { [round, fleet = setup.fleet] worker in
      // A worker whose trials cannot succeed would only keep the others waiting.
      round.successes[worker] == 0 ? 0 : max(0, Theory.ceiling(time / round.cost(of: worker, fleet)) - 1)
    }
    expected = 0
    for worker in round.budgets.indices {
      expected += round.successes[worker] * Double(round.budgets[worker])
    }
    try setup.require(
      expected > 0, .impossible("no trial can succeed", remedy: "raise trials= or clip= for some worker"))
    try participation.prepare(&setup) { [round] in round.budgets[$0] > 0 }
    try setup.remarkPartial(participation, hasTheorysStepsize: gamma.given == nil)
    let share = Double(participation.expected(of: setup.workers)) / Double(setup.workers)
    gamma = try gamma.or(setup.stepsize(batch: setup.arena.isMeasuring ? 1 : expected * share))
  }

  /// t(m*) for S = max{1, `noise`}.
  private func theoryTime(_ fleet: Fleet, _ noise: Double) -> Double {
    Theory.mindFlayerTime(
      fleet: fleet, times: round.times, successes: round.successes, batch: max(1, noise))
  }

  public mutating func begin(_ server: inout Server) {
    participation.reset()
    startRound(&server)
  }

  public mutating func wake(_ server: inout Server) { startRound(&server) }

  private mutating func startRound(_ server: inout Server) {
    if participation.draw(&server) { round.begin(participation, &server) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if !arrival.isClipped { server.accumulate(arrival, into: sum) }
    guard round.end(arrival.worker, quorum: participation.quorum, &server) else { return }
    let expected = participation.isPartial ? expectedOfRound : expected
    if expected > 0 { server.step(along: sum, by: gamma, over: expected) }
    startRound(&server)
  }

  /// Σ pᵢ times the trials of worker i that have ended in this round.
  private var expectedOfRound: Double {
    var sum = 0.0
    for position in 0..<participation.size {
      let worker = participation[position]
      sum += round.successes[worker] * Double(round.ended(worker))
    }
    return sum
  }
}

extension MindFlayer {
  public static var randomDurations: RandomDurations { .bound }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .timeouts("clip"), survivesFailures: true)
  }

  /// K = ⌈8LΔ/ε max{1, σ²/(εB)}⌉ updates, and at most 8 t(m*) LΔ/ε seconds; whatever the Bᵢ, at most
  /// max Bᵢ(τᵢ + tᵢ) · 8LΔ/ε max{1, σ²/(εB)} (Lemma I.3), which is `time_trials` and, for given Bᵢ, the
  /// prediction.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    if participation.isPartial { return try participation.predictNothing(&setup, .shared) }
    let (goal, fleet) = (setup.goal, setup.fleet)
    let S = max(1, goal.noise)
    let seconds = theoryTime(fleet, goal.noise)
    let shares = try round.shares(&setup)
    let longest = round.longest(fleet)
    var prediction = Prediction(.shared, .published)
    let updates = 8 * goal.progress * max(1, goal.noise / expected)
    prediction.iterations = Theory.ceiling(updates)
    prediction.setTime(trials == nil ? 8 * seconds * goal.progress : 0, updatesOf: longest)
    prediction.table = seconds * goal.progress
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("S", S)
    try prediction.add("B", expected)
    try prediction.add("m_star", Double(active(fleet, in: seconds)))
    try prediction.add("t_star", seconds)
    try round.addParameters(to: &prediction, longest: longest, updates: updates, shares: shares)
    return prediction
  }

  /// m*, the smallest minimiser of t(m): the rank, by c and then by index, of the last worker that helps, one
  /// with pᵢ > 0 and cᵢ < t(m*). Workers whose trials cannot succeed are ranked, too.
  private func active(_ fleet: Fleet, in seconds: Double) -> Int {
    func cost(_ worker: Int) -> Double { round.cost(of: worker, fleet) }
    var last = (cost: -Double.infinity, worker: 0)
    for worker in round.times.indices
    where round.successes[worker] > 0 && cost(worker) < seconds * (1 - 0x1p-48) {
      if cost(worker) >= last.cost { last = (cost(worker), worker) }
    }
    var count = 0
    for worker in round.times.indices {
      let c = cost(worker)
      if c < last.cost || (c == last.cost && worker <= last.worker) { count += 1 }
    }
    return count
  }
}
