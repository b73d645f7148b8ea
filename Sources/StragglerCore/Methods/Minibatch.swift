// SPDX-License-Identifier: Apache-2.0

/// Minibatch SGD: every worker computes one gradient at x^k; when all are in, a step along their mean.
///
/// γ = (1/2L) min{1, εn/σ²}. K ≥ 8LΔ/ε + 8σ²LΔ/(nε²) updates, each as long as the slowest worker's job. Where
/// only some workers take part in a round (`participation`), or are waited for, their number takes the place
/// of n.
public struct Minibatch: Method {
  public static var name: StaticText { "minibatch" }
  public static var summary: StaticText {
    "Minibatch SGD: a gradient from every worker, then a step along the mean"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory

  /// Which workers take part in a round, and how many of them it waits for.
  public var participation = Participation()

  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try participation.keys(&keys)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try participation.prepare(&setup)
    try setup.remarkPartialData(participation, hasTheorysStepsize: gamma.given == nil)
    gamma = try gamma.or(setup.stepsize(batch: Double(participation.expected(of: setup.workers))))
    sum = setup.slot()
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) {
    participation.reset()
    startRound(&server)
  }

  public mutating func wake(_ server: inout Server) { startRound(&server) }

  private mutating func startRound(_ server: inout Server) {
    collected = 0
    if participation.draw(&server) { participation.assignAll(&server) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    collected += 1
    if collected == participation.quorum {
      server.step(along: sum, by: gamma, over: Double(collected))
      startRound(&server)
    }
  }
}

extension Minibatch {
  public static var randomDurations: RandomDurations { .slowest }
  public static var advised: AdvisedForms? { AdvisedForms(.any) }

  /// K = ⌈8LΔ/ε + 8σ²LΔ/(nε²)⌉ updates of τₙ seconds, also for data that differ between workers.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    if participation.isPartial { return try participation.predict(&setup) }
    let (goal, n) = (setup.goal, Double(setup.workers))
    let seconds = setup.fleet.slowestTime
    var prediction = Prediction(.any, .derived)
    prediction.iterations = goal.iterations(batch: n)
    prediction.time = seconds * prediction.iterations
    prediction.setTable(goal, seconds: seconds, batch: n)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}
