// SPDX-License-Identifier: Apache-2.0

/// What a round of `LocalSGD` makes of the sums Dᵢ that its workers send.
public enum LocalAggregate: Int, BitwiseCopyable, Sendable {
  /// (1/C) Σ Dᵢ over the C of them.
  case mean
  /// Σ Dᵢ.
  case sum
  /// H̄ (1/C) Σ Dᵢ/Hᵢ with the mean H̄ of the Hᵢ, so that workers with more steps get no more say.
  case normalized
}

/// Local SGD: in a round every worker makes Hᵢ local steps from x^k and sends the sum Dᵢ of their gradients;
/// when all are in, x^{k+1} = x^k − server · γ · (1/C) Σ Dᵢ.
///
/// With the mean this is FedAvg; a server that steps by Nesterov's rule makes it DiLoCo, and by Adam's
/// FedAdam. With H that differ, workers with more steps have more say in the mean; `normalized` is
/// FedNova's cure. No theorem gives γ.
///
/// With `budget`, workers make steps until they have made B together; then all stop and send, and x^{k+1} =
/// x^k − γ Σ Dᵢ. B = max{1, ⌈σ²/ε⌉}, tree distance B − 1, so that γ = min{1/(2L), 1/(2(B−1)L), ε/(4Lσ²)} and
/// K = ⌈4BLΔ/ε + 8σ²LΔ/ε²⌉ steps. Source: McMahan et al., arXiv 1602.05629; Wang et al., arXiv 2007.07481;
/// with a budget Tyurin, Sivtsov, "Birch SGD", arXiv 2505.09218.
public struct LocalSGD: Method {
  public static var name: StaticText { "local-sgd" }
  public static var summary: StaticText {
    "Local SGD: rounds of local steps, and a step along the mean of what they give: FedAvg, DiLoCo"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .batches("budget"), needsStops: true, addsUp: true, survivesFailures: true)
  }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(compression: true, step: true)
  }

  /// γ of the local steps.
  public var gamma = Parameter<Double>.theory
  /// Hᵢ; nil: 1.
  public var local: PerWorker?
  /// The length of the server's step in units of γ; nil: 1.
  public var server: Double?
  /// What a round makes of the sums; nil: the mean, and with a budget the sum.
  public var aggregate: LocalAggregate?
  /// B, the steps of a round where workers make them until they are stopped; nil: Hᵢ for every worker.
  public var budget: Int?
  /// Whether B is the theory's.
  public var hasTheorysBudget = false
  /// Which workers take part in a round, and how many of them it waits for.
  public var participation = Participation()

  private var sum = Slot()
  private var rule = LocalAggregate.mean
  /// Hᵢ, where they are needed.
  private var steps = PerWorker.same(1)
  /// B; 0 without a budget.
  private var limit = 0
  /// How many steps are made in this round, how many sums are to come, and have come.
  private var made = 0
  private var senders = 0
  private var collected = 0
  /// Σ Hᵢ over the sums that have come.
  private var collectedSteps = 0.0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma, standard: "none: give it, or tune; with budget from the theorem")
    try keys.localSteps(&local)
    try keys.number(
      "server", &server, above: 0, "the length of the server's step, in units of γ", standard: "1",
      expected: "a positive number")
    try keys.choice(
      "aggregate", &aggregate, of: "mean sum normalized", "what a round makes of the workers' sums",
      standard: "mean, with budget sum")
    try keys.count(
      "budget", &budget, or: "theory", &hasTheorysBudget,
      "B, steps of all workers together after which they stop; theory: max{1, ⌈σ²/ε⌉}",
      standard: "none: every worker makes its H", expected: "a positive integer or theory")
    try participation.keys(&keys)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    limit = hasTheorysBudget ? try setup.batch(for: "budget") : budget ?? 0
    rule = aggregate ?? (limit > 0 ? .sum : .mean)
    steps = local ?? .same(1)
    sum = setup.slot()
    setup.horizon = 0
    try participation.prepare(&setup)
    guard server != nil || setup.modifiers.step?.hasItsOwnLength != true else {
      throw .impossible(
        "local-sgd without server= under a rule that makes steps of a length of its own",
        remedy: "give server=, the length of the step")
    }
    guard limit > 0 else {
      gamma = try gamma.or(noStepsize())
      return try setup.takeLocalSteps(steps, by: gamma.value)
    }
    guard local == nil else {
      throw .invalid(key: "local", expected: "nothing beside budget=, which says how many steps there are")
    }
    guard rule != .normalized else {
      throw .invalid(key: "aggregate", expected: "mean or sum beside budget=, which makes no equal steps")
    }
    guard participation.accepted == nil else {
      throw .invalid(key: "accept", expected: "nothing beside budget=, which says when a round ends")
    }
    gamma = try gamma.or(
      hasTheorem && !setup.conditions.isHeterogeneous
        ? Theory.treeStepsize(setup.conditions, distance: limit - 1) : noStepsize())
    try setup.takeOpenEndedWork(by: gamma.value)
  }

  /// Whether the theorem for a budget is about what is configured.
  private var hasTheorem: Bool { limit > 0 && rule == .sum && length == 1 }

  private var length: Double { server ?? 1 }

  private func noStepsize() throws(SetupError) -> Double {
    throw .impossible(
      "local-sgd without gamma=, of which no theorem knows a value here",
      remedy: "give gamma=, have compare tune it, or take budget=, whose sum has a theorem")
  }

  public mutating func begin(_ server: inout Server) {
    participation.reset()
    startRound(&server)
  }

  public mutating func wake(_ server: inout Server) { startRound(&server) }

  private mutating func startRound(_ server: inout Server) {
    (made, collected, collectedSteps, senders) = (0, 0, 0, 0)
    guard participation.draw(&server) else { return }
    guard limit > 0 else {
      senders = participation.quorum
      return participation.assignAll(&server)
    }
    for position in 0..<participation.size { server.assignSteps(participation[position]) }
  }

  public mutating func completeStep(_ worker: Int, _ server: inout Server) {
    made += 1
    guard made == limit else { return }
    for position in 0..<participation.size where server.handIn(participation[position]) { senders += 1 }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let H = steps[arrival.worker]
    server.accumulate(arrival, into: sum, weight: rule == .normalized ? 1 / H : 1)
    collectedSteps += H
    collected += 1
    guard collected == senders else { return }
    step(&server)
    startRound(&server)
  }

  private func step(_ server: inout Server) {
    let count = rule == .sum ? 1 : Double(collected)
    let factor = rule == .normalized ? collectedSteps / Double(collected) : 1
    server.step(along: sum, by: length, over: count, times: gamma.value * factor)
  }
}

extension LocalSGD {
  /// With a budget, K = ⌈4BLΔ/ε + 8σ²LΔ/ε²⌉ steps in rounds of B; a round takes at most min_m (Σ_{i≤m}
  /// 1/hᵢ)⁻¹(B + m) seconds with hᵢ = τᵢ + E ηᵢ, and the longest message. Without, no theorem is known.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    guard hasTheorem else {
      var prediction = Prediction(.any, .unverified)
      prediction.setLowerBounds(setup.conditions, setup.fleet)
      try setup.remark("no theorem about these rounds is known here: it does not say how long they take")
      return prediction
    }
    let (goal, B) = (setup.goal, Double(limit))
    var upload = 0.0
    for worker in setup.fleet.workers.indices { upload = max(upload, setup.fleet[worker].upload) }
    let seconds = setup.fleet.computingTime(B) + upload
    var prediction = Prediction(.shared, .derived)
    let steps = Theory.treeSteps(goal, distance: B - 1)
    prediction.iterations = Theory.ceiling(steps / B)
    guard !participation.isPartial else {
      try setup.remark("workers are drawn: the theorem does not say how long their rounds take")
      return prediction
    }
    prediction.time = seconds * prediction.iterations
    prediction.table = goal.progress * setup.fleet.computingTime(goal.noise)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("budget", B)
    try prediction.add("local_steps", steps)
    try prediction.add("iteration_time", seconds)
    if B > 1 { try setup.remarkInnerSteps() }
    return prediction
  }
}
