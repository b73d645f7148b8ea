// SPDX-License-Identifier: Apache-2.0

/// m-synchronous SGD: every worker starts at x^k; the first m gradients make a step along their mean, and the
/// other n − m jobs are cancelled.
///
/// m minimises τ_m(1 + σ²/(mε)) over the workers in order of speed; γ = (1/2L) min{1, εm/σ²}.
/// K ≥ 8LΔ/ε + 8σ²LΔ/(mε²) updates of τ_m seconds. Source: arXiv 2602.03802.
public struct MSynchronous: Method {
  public static var name: StaticText { "msync" }
  public static var summary: StaticText {
    "m-synchronous SGD: the first m of n gradients make a step, the rest is cancelled"
  }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// m, how many gradients make a step.
  public var m = Parameter<Int>.theory

  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("m", &m.given, "how many gradients make a step", standard: "argmin of τ_m(1 + σ²/(mε))")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    if let given = m.given, given > setup.workers {
      throw .invalid(key: "m", expected: "an integer from 1 to n, the number of workers")
    }
    if m.given == nil { try setup.remarkMeanSpeeds() }
    m = try m.or(
      Theory.synchronousSize(
        setup.conditions, setup.fleet, order: setup.fleet.workersBySpeed(in: &setup.arena)))
    gamma = try gamma.or(setup.stepsize(batch: Double(m.value)))
    sum = setup.slot()
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    collected += 1
    if collected == m.value {
      server.step(along: sum, by: gamma, over: Double(m.value))
      collected = 0
      server.assignAll()
    }
  }
}

extension MSynchronous {
  public static var randomDurations: RandomDurations { .rank(of: "m") }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .fewerWorkers("m"), survivesFailures: true)
  }

  /// K = ⌈8LΔ/ε + 8σ²LΔ/(mε²)⌉ updates of τ_m seconds.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, count) = (setup.goal, m.value)
    let times = try setup.fleet.sortedTimes(in: &setup.arena)
    guard count <= times.count else { return nil }
    var prediction = Prediction(.shared, .derived)
    prediction.iterations = goal.iterations(batch: Double(count))
    prediction.time = times[count - 1] * prediction.iterations
    prediction.setTable(goal, seconds: times[count - 1], batch: Double(count))
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("m", Double(count))
    try prediction.add("iteration_time", times[count - 1])
    return prediction
  }
}
