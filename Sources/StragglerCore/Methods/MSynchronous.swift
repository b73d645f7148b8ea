// SPDX-License-Identifier: Apache-2.0

/// m-synchronous SGD: every worker starts at x^k; the first m gradients make a step along their mean, and the
/// other n − m jobs are cancelled.
///
/// m minimises τ_m(1 + σ²/(mε)) over the workers in order of speed; γ = (1/2L) min{1, εm/σ²}.
/// K ≥ 8LΔ/ε + 8σ²LΔ/(mε²) updates of τ_m seconds; of C participants of a round (`participation`), the mean
/// time of the m-th that delivers. Source: arXiv 2602.03802.
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
  /// Which workers take part in a round; how many of them it waits for is m.
  public var participation = Participation()

  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("m", &m.given, "how many gradients make a step", standard: "argmin of τ_m(1 + σ²/(mε))")
    try participation.keys(&keys)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    if let given = m.given, given > setup.workers {
      throw .invalid(key: "m", expected: "an integer from 1 to n, the number of workers")
    }
    try participation.check(workers: setup.workers)
    if m.given == nil, participation.accepted == nil { try setup.remarkMeanSpeeds() }
    m = try m.or(size(&setup))
    try checkParticipation()
    participation.accepted = m.value
    try participation.prepare(&setup)
    gamma = try gamma.or(setup.stepsize(batch: Double(m.value)))
    sum = setup.slot()
    setup.horizon = 0
  }

  /// What `accept=` says, or argmin of T_m(1 + σ²/(mε)), T_m being the mean seconds until m of a round's
  /// workers have delivered.
  private func size(_ setup: inout Setup) throws(SetupError) -> Int {
    if let accepted = participation.accepted { return accepted }
    let order = try setup.fleet.workersBySpeed(in: &setup.arena)
    guard let count = participation.count, count < setup.workers else {
      return try Theory.synchronousSize(setup.conditions, setup.fleet, order: order)
    }
    guard count * (setup.workers - count + 1) <= 1_000_000_000 else {
      throw .impossible("m left to the theory with so many workers to draw from", remedy: "give m=")
    }
    let noise = try setup.conditions.noiseRatio(for: "m")
    let times = try setup.table(of: Double.self)
    for index in times.indices { times[index] = setup.fleet[Int(order[index])].typicalDuration }
    var best = (time: Double.infinity, m: 1)
    for m in 1...count {
      let time = Participation(count, accepted: m).meanTime(times) * (1 + noise / Double(m))
      if time < best.time { best = (time, m) }
    }
    return best.m
  }

  private func checkParticipation() throws(SetupError) {
    if let accepted = participation.accepted, accepted != m.value {
      throw .invalid(key: "accept", expected: "m, or left out: m is how many gradients a round waits for")
    }
    if let count = participation.count, count < m.value {
      throw .invalid(key: "participants", expected: "an integer from m to n, the number of workers")
    }
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

extension MSynchronous {
  public static var randomDurations: RandomDurations { .rank(of: "m") }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .fewerWorkers("m"), survivesFailures: true)
  }

  /// K = ⌈8LΔ/ε + 8σ²LΔ/(mε²)⌉ updates of τ_m seconds.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    if participation.count != nil { return try participation.predict(&setup) }
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
