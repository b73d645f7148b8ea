// SPDX-License-Identifier: Apache-2.0

/// Hero SGD: only the fastest worker works, and sends no messages; x^{k+1} = x^k − γ∇f(x^k; ξ).
///
/// γ = (1/2L) min{1, ε/σ²}. K ≥ 8LΔ/ε + 8σ²LΔ/ε² updates of τ₁ seconds.
public struct Hero: Method {
  public static var name: StaticText { "hero" }
  public static var summary: StaticText { "Hero SGD: the fastest worker alone, one gradient a step" }
  public static var modifiers: Modifiers.Kinds { .stepsize }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// The worker that works, from 1; nil: the fastest by τ, then by mean duration.
  public var worker: Int?

  private var hero = 0
  private var sum = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("worker", &worker, "the worker that works, from 1", standard: "the fastest")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    if let worker, worker < 1 || worker > setup.workers {
      throw .invalid(key: "worker", expected: "the index of a worker, from 1 to n")
    }
    hero = worker.map { $0 - 1 } ?? setup.fleet.fastest
    setup.sendsModel = false
    if worker == nil { try setup.remarkMeanSpeeds() }
    gamma = try gamma.or(setup.stepsize(batch: 1))
    sum = setup.slot()
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) { server.assign(hero, work: .localGradient) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    server.step(along: sum, by: gamma)
    server.assign(hero, work: .localGradient)
  }
}

extension Hero {
  public static var randomDurations: RandomDurations { .mean }
  public static var advised: AdvisedForms? { AdvisedForms(.shared, .fastestWorker("worker")) }

  /// K = ⌈8LΔ/ε + 8σ²LΔ/ε²⌉ updates of τ₁ seconds; no messages are sent.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let goal = setup.goal
    let seconds = setup.fleet[hero].computationMean
    var prediction = Prediction(.shared, .derived)
    prediction.iterations = goal.iterations(batch: 1)
    prediction.time = seconds * prediction.iterations
    prediction.setTable(goal, seconds: seconds, batch: 1)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("worker", Double(hero + 1))
    return prediction
  }
}
