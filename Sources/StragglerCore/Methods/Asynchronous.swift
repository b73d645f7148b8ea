// SPDX-License-Identifier: Apache-2.0

/// Asynchronous SGD: every gradient is used when it arrives, however old its point is:
/// x^{k+1} = x^k − γ∇f(x^{k−δ}; ξ), and the worker goes on at x^{k+1}.
///
/// γ = min{1/(2L√(τ_max n)), ε/(4Lσ²)}, τ_max being the largest delay that the fleet's mean durations give
/// (theory, constant not verified). Where data differ, L is the largest Lᵢ and (1/n) Σ ‖∇fᵢ − ∇f‖² has to be
/// bounded; then it converges to a neighbourhood of a stationary point, which is larger the more often fast
/// workers deliver. Source: Koloskova, Stich, Jaggi (2022).
public struct Asynchronous: Method {
  public static var name: StaticText { "asgd" }
  public static var summary: StaticText { "Asynchronous SGD: every gradient is used when it arrives" }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .all.withTurns }

  /// γ.
  public var gamma = Parameter<Double>.theory

  private var sum = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try keys.gamma(&gamma) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    gamma = try gamma.or(Theory.asynchronous(setup.fleet).stepsizeForSimilarWorkers(setup.conditions))
    sum = setup.slot()
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    server.step(along: sum, by: gamma)
    server.assign(arrival.worker)
  }
}

extension Asynchronous {
  public static var advised: AdvisedForms? { AdvisedForms(.shared) }

  /// K = ⌈8√(τ_max n)LΔ/ε + 16σ²LΔ/ε²⌉ updates as they come.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .unverified)
    prediction.setAsynchronous(setup, Theory.asynchronous(setup.fleet))
    let delay = Theory.largestDelay(setup.fleet)
    try setup.remarkUnboundedDelay(delay)
    try prediction.add("delay_max", delay < .infinity ? delay : .nan)
    return prediction
  }
}

extension Prediction {
  /// K updates of all workers as they come, and the table's (1/n Σ 1/τᵢ)⁻¹(LΔ/ε + σ²LΔ/(nε²)).
  mutating func setAsynchronous(_ setup: borrowing Setup, _ sgd: DelayedSGD) {
    let (goal, n) = (setup.goal, Double(setup.workers))
    iterations = sgd.iterations(goal)
    time = setup.fleet.collectingTime(iterations)
    table = goal.progress * (n + goal.noise) / setup.fleet.rate
    setLowerBounds(setup.conditions, setup.fleet)
  }
}
