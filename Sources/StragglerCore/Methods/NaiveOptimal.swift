// SPDX-License-Identifier: Apache-2.0

/// Naive Optimal ASGD: delay-adaptive Asynchronous SGD on the m* fastest workers; the others never work.
///
/// m* minimises (1/m Σ_{i≤m} 1/τᵢ)⁻¹(1 + σ²/(mε)) over the workers in order of speed: it has to know the
/// durations; Ringmaster ASGD does not. Source: Maranjyan, Tyurin, Richtárik, Ringmaster ASGD (2025).
public struct NaiveOptimal: Method {
  public static var name: StaticText { "asgd-naive" }
  public static var summary: StaticText { "Naive Optimal ASGD: delay-adaptive ASGD on the m fastest workers" }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(compression: true, local: true, step: true).withTurns
  }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// m, how many of the fastest workers work.
  public var m = Parameter<Int>.theory

  /// How many of them are at work at a time.
  private var concurrency = 0
  private var sum = Slot()
  private var order = Table<Int32>()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count(
      "m", &m.given, "how many of the fastest workers work", standard: "argmin of (1/m Σ 1/τᵢ)⁻¹(1 + σ²/(mε))"
    )
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    if let given = m.given, given > setup.workers {
      throw .invalid(key: "m", expected: "an integer from 1 to n, the number of workers")
    }
    order = try setup.fleet.workersBySpeed(in: &setup.arena)
    try setup.remarkMeanSpeeds()
    m = try m.or(Theory.naiveSize(setup.conditions, setup.fleet, order: order))
    concurrency = min(m.value, setup.concurrency)
    gamma = try gamma.or(Theory.adaptive(concurrency: concurrency).stepsize(setup.conditions))
    sum = setup.slot()
    if !order.isEmpty { setup.workersInTurn = order[0..<m.value] }
  }

  public mutating func begin(_ server: inout Server) {
    for index in 0..<m.value { server.assign(Int(order[index])) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let factor = Double(concurrency) / Double(max(concurrency, arrival.delay))
    server.accumulate(arrival, into: sum)
    server.step(along: sum, by: gamma.value * factor)
    server.assign(arrival.worker)
  }
}

extension NaiveOptimal {
  /// K = ⌈16mLΔ/ε + 16σ²LΔ/ε²⌉ updates of the m fastest workers as they come; the table's
  /// (1/m Σ_{i≤m} 1/τᵢ)⁻¹(LΔ/ε + σ²LΔ/(mε²)).
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let goal = setup.goal
    let (fleet, order) = (setup.fleet, order)
    var prediction = Prediction(.shared, .unverified)
    prediction.iterations = Theory.adaptive(concurrency: m.value).iterations(goal)
    var rate = CompensatedSum(0)
    for index in order.indices.prefix(m.value) { rate.add(1 / fleet[Int(order[index])].meanDuration) }
    prediction.time = Theory.fillingTime(demand: prediction.iterations, count: min(m.value, order.count)) {
      (1, fleet[Int(order[$0])].meanDuration)
    }
    prediction.table = goal.progress * (Double(m.value) + goal.noise) / rate.value
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("m", Double(m.value))
    return prediction
  }
}
