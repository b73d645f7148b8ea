// SPDX-License-Identifier: Apache-2.0

/// Vecna SGD: MindFlayer SGD for workers with objectives fᵢ of their own. At x^k, worker i makes Bᵢ ≥ 1
/// trials; a trial whose random part η is longer than tᵢ is given up and its sample lost. When all trials are
/// done: x^{k+1} = x^k − γ (1/n) Σ gᵢ/(pᵢBᵢ), where gᵢ sums the gradients of worker i that arrived, pᵢ = P(η
/// ≤ tᵢ) > 0.
///
/// For one objective: T = max cᵢ + (1/n Σ cᵢ/pᵢ) σ²/(nε) + (1/n Σ cᵢ(1 − pᵢ)/pᵢ) ΔL/(nε) with cᵢ = τᵢ + tᵢ,
/// and Bᵢ = ⌈T/cᵢ⌉; α = (L/n²) Σ (1 − pᵢ)/(pᵢBᵢ), ζ = (σ²/n²) Σ 1/(pᵢBᵢ), K = ⌈(12ΔL/ε) max{1, 12Δα/ε,
/// 2ζ/ε}⌉, which is fixed before the run, γ = min{1/√(LαK), 1/L, ε/(2Lζ)}; at most 288 (ΔL/ε) T seconds for
/// min_k E‖∇f(x^k)‖² ≤ ε. The proof takes every ‖∇fᵢ‖² for at most 2L(f − f*), which objectives that differ
/// do not keep; for those `VecnaTheory` has a theorem without that assumption, of at most 96 (ΔL/ε) T seconds
/// with a T of its own, which needs a bound on how far the ∇fᵢ are apart. Source: Maranjyan, Shaikh Omar,
/// Richtárik, "MindFlayer SGD" (2025), Theorem D.2.
public struct Vecna: Method {
  public static var name: StaticText { "vecna" }
  public static var summary: StaticText {
    "Vecna SGD: MindFlayer SGD for workers with data of their own"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// tᵢ, the seconds allotted to the random part η of a trial of worker i.
  public var clip = Clip.median
  /// Bᵢ, the trials of worker i for a step; nil: from the theorem.
  public var trials: PerWorker?
  /// K, the number of updates for which the theorem's γ is computed; nil: from the theorem.
  public var updates: Int?

  private var round = Trials()
  /// 1/(pᵢBᵢ).
  private var weights = Table<Double>()
  private var sum = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.clip("clip", &clip, standard: "median")
    try keys.perWorker(
      "trials", &trials, "B, the trials of a worker in an iteration", standard: "from the theorem")
    try keys.count(
      KeyName("updates", formerly: "K"), &updates, "K, the updates for which γ is computed",
      standard: "from the theorem")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try setup.refuseLocalSteps()
    round = try Trials(&setup)
    weights = try setup.table(of: Double.self)
    sum = setup.slot()
    setup.horizon = 0
    if let updates, updates < 1 { throw .invalid(key: "updates", expected: "a positive integer") }
    try allotTimes(&setup)
    for worker in round.successes.indices where !(round.successes[worker] > 0) {
      throw .impossible(
        "a worker whose trials cannot succeed, and every worker's gradients are needed",
        remedy: "raise clip= for it, or take mindflayer")
    }
    let time =
      try trials == nil
      ? Theory.vecnaTime(setup.conditions, setup.fleet, times: round.times, successes: round.successes) : 0
    try round.share(trials, atLeast: 1, setup.fleet) { [round, fleet = setup.fleet] worker in
      Theory.ceiling(time / round.cost(of: worker, fleet))
    }
    for worker in weights.indices {
      weights[worker] = 1 / (round.successes[worker] * Double(round.budgets[worker]))
    }
    gamma = try gamma.or(
      Theory.vecnaStepsize(
        setup.conditions, successes: round.successes, weights: weights, iterations: updates))
  }

  private func allotTimes(_ setup: inout Setup) throws(SetupError) {
    let (times, successes) = (round.times, round.successes)
    guard case .optimal = clip else {
      return try setup.resolve(clip, batch: 1, times: times, successes: successes)
    }
    try setup.remarkGuess(clip)
    // Every worker's share of T is smallest where a success of it is cheapest.
    for worker in times.indices {
      let (delay, upload) = (setup.fleet[worker].delay, setup.fleet[worker].upload)
      times[worker] = ClippingTimes.single(tau: setup.fleet[worker].sureDuration, delay: delay).time
      successes[worker] = delay.successShare(within: times[worker], upload: upload, of: 1)
    }
  }

  public mutating func begin(_ server: inout Server) { round.begin(&server) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if !arrival.isClipped { server.accumulate(arrival, into: sum, weight: weights[arrival.worker]) }
    guard round.end(arrival.worker, &server) else { return }
    server.step(along: sum, by: gamma, over: Double(server.workers))
    round.begin(&server)
  }
}

extension Vecna {
  public static var randomDurations: RandomDurations { .bound }
  public static var advised: AdvisedForms? { AdvisedForms(.own, .timeouts("clip"), survivesFailures: true) }

  /// K updates for the smallest E‖∇f(x^k)‖², and at most 288(ΔL/ε)T seconds, or 96(ΔL/ε)T where objectives
  /// differ; whatever the Bᵢ, at most max Bᵢ(τᵢ + tᵢ) · (12ΔL/ε) max{β, 12Δα/ε, 2ζ/ε} (Lemma J.3), which is
  /// `time_trials` and, for given Bᵢ, the prediction. `updates` set by the user hold for that many, if
  /// the theorem needs no more.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, fleet, conditions) = (setup.goal, setup.fleet, setup.conditions)
    let differ = conditions.isHeterogeneous
    let theory = VecnaTheory(
      workers: setup.workers, smoothness: goal.smoothness, gap: goal.gap, variance: goal.noise * goal.epsilon,
      epsilon: goal.epsilon, dissimilarity: differ ? conditions.dissimilarity : nil)
    let shares = try round.shares(&setup)
    guard !shares.isEmpty else { return nil }
    let seconds = theory.time { (round.cost(of: $0, fleet), round.successes[$0]) }
    let longest = round.longest(fleet)
    let (alpha, zeta) = theory.moments { (round.successes[$0], weights[$0]) }
    let beta = theory.beta { (round.successes[$0], weights[$0]) }
    var prediction = Prediction(.any, differ ? .derived : .published)
    prediction.guarantee = .smallest
    prediction.iterations = theory.iterations(alpha: alpha, beta: beta, zeta: zeta)
    var needed = theory.updates(alpha: alpha, beta: beta, zeta: zeta)
    if alpha > 0, let updates {
      // γ depends on K, and the theorem is about as many updates.
      prediction.iterations = Double(updates) >= prediction.iterations ? Double(updates) : .nan
      needed = prediction.iterations
      prediction.time = longest * needed
    } else {
      prediction.setTime(
        trials == nil ? (differ ? 96 : 288) * goal.progress * seconds : 0, updatesOf: longest)
    }
    prediction.table = goal.progress * seconds
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("K", updates.map { Double($0) } ?? prediction.iterations)
    try prediction.add("T", seconds)
    try prediction.add("alpha", alpha)
    if differ { try prediction.add(ProblemConstant.dissimilarity.key, conditions.dissimilarity.constant) }
    try prediction.add("zeta", zeta)
    try round.addParameters(to: &prediction, longest: longest, updates: needed, shares: shares)
    return prediction
  }
}
