// SPDX-License-Identifier: Apache-2.0

/// Ringleader ASGD: asynchronous SGD for workers with objectives fᵢ of their own. Every step goes along the
/// mean over all workers of the gradients that they have sent, so that fast ones get no more say: x^{k+1} =
/// x^k − γ (1/n) Σ Gᵢ/bᵢ, where Gᵢ sums the bᵢ gradients of worker i in the table.
///
/// In rounds. Phase 1: gradients are added to the table until no bᵢ is 0; a worker goes on at the point that
/// it holds. Phase 2: n updates, one for each worker when it delivers, the worker that completed the table
/// first; its gradient is added, then the step taken, and it goes on at the new point. What a worker delivers
/// after its update goes into a buffer, and it goes on at the point that it holds. Then the buffer becomes
/// the table. Nothing is discarded or cancelled, and no entry is older than 2n − 2 updates. With `refresh`,
/// workers go on at the newest point always.
///
/// γ = min{1/(8nL), εB/(10Lσ²)}, B being the least harmonic mean (1/n Σ 1/bᵢ)⁻¹ of an update, at least
/// τ_n/(2τ_avg); K ≥ 32nLΔ/ε + 40LΔσ²/(Bε²); a round takes at most 2τ_n seconds. L is such that ‖∇f(x) −
/// (1/n) Σ ∇fᵢ(yᵢ)‖² ≤ (L²/n) Σ ‖x − yᵢ‖², of which √((1/n) Σ Lᵢ²) is one. Source: Maranjyan, Richtárik,
/// "Ringleader ASGD" (2025).
public struct Ringleader: Method {
  public static var name: StaticText { "ringleader" }
  public static var summary: StaticText {
    "Ringleader ASGD: asynchronous steps along the mean over all workers, for data of their own"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// Whether a worker goes on at the newest point also when it is not its turn.
  public var refresh = false

  /// Gᵢ and bᵢ of this round, and those that wait for the next.
  private var table = Slots()
  private var buffer = Slots()
  private var counts = Table<Int>()
  private var buffered = Table<Int>()
  /// Σ Gᵢ/bᵢ, and the 1/bᵢ to sum it up with.
  private var sum = Slot()
  private var weights = Table<Double>()
  /// How many bᵢ are 0; phase 2 lasts while there is none.
  private var missing = 0
  /// Who has had its update in this round, and how many these are.
  private var isServed = Table<Bool>()
  private var servedCount = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.flag("refresh", &refresh, "whether workers go on at the newest point always")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    gamma = try gamma.or(
      Theory.ringleader(setup.fleet).stepsize(
        setup.conditions, smoothness: setup.conditions.rootMeanSquareSmoothness(for: "gamma")))
    table = setup.slotsForWorkers()
    buffer = setup.slotsForWorkers()
    sum = setup.slot()
    counts = try setup.table(of: Int.self)
    buffered = try setup.table(of: Int.self)
    weights = try setup.table(of: Double.self)
    isServed = try setup.table(of: Bool.self)
  }

  public mutating func begin(_ server: inout Server) {
    counts.fill(0)
    buffered.fill(0)
    isServed.fill(false)
    missing = server.workers
    servedCount = 0
    server.assignAll()
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let worker = arrival.worker
    if missing > 0 {
      server.accumulate(arrival, into: table[worker])
      if counts[worker] == 0 { missing -= 1 }
      counts[worker] += 1
      guard missing == 0 else { return goOn(worker, &server) }
      for index in weights.indices { weights[index] = 1 / Double(counts[index]) }
      server.gather(table, weights: weights, into: sum)
      update(for: worker, &server)
    } else if !isServed[worker] {
      server.combine(sum, with: table[worker], times: -1 / Double(counts[worker]))
      server.accumulate(arrival, into: table[worker])
      counts[worker] += 1
      server.combine(sum, with: table[worker], times: 1 / Double(counts[worker]))
      update(for: worker, &server)
    } else {
      server.accumulate(arrival, into: buffer[worker])
      buffered[worker] += 1
      goOn(worker, &server)
    }
  }

  private mutating func update(for worker: Int, _ server: inout Server) {
    server.step(keeping: sum, by: gamma, over: Double(server.workers))
    isServed[worker] = true
    servedCount += 1
    if servedCount == server.workers { startRound(&server) }
    server.assign(worker)
  }

  /// The buffer becomes the table. The worker that was served last has sent nothing since, so that some bᵢ is
  /// 0.
  private mutating func startRound(_ server: inout Server) {
    server.clear(table)
    (table, buffer) = (buffer, table)
    (counts, buffered) = (buffered, counts)
    buffered.fill(0)
    isServed.fill(false)
    servedCount = 0
    missing = 0
    for index in counts.indices where counts[index] == 0 { missing += 1 }
  }

  private func goOn(_ worker: Int, _ server: inout Server) {
    if server.mayBeHopeless, isHopeless(server) { server.expectOnly(.arrivals) }
    if refresh { server.assign(worker) } else { server.assignAgain(worker) }
  }

  /// Whether the phase waits for a worker that will never deliver again.
  private func isHopeless(_ server: borrowing Server) -> Bool {
    for worker in counts.indices where server.isEndless(worker) {
      if missing > 0 ? counts[worker] == 0 : !isServed[worker] { return true }
    }
    return false
  }
}

extension Ringleader {
  public static var advised: AdvisedForms? { AdvisedForms(.own) }

  /// K = ⌈32nLΔ/ε + 40σ²LΔ/(Bε²)⌉ updates with B ≥ τₙ/(2τ_avg), n of them in at most 2τₙ seconds; the table's
  /// (LΔ/ε)(τₙ + τ_avg σ²/(nε)); with L = √((1/n) Σ Lᵢ²), except for the lower bound.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let conditions = setup.conditions
    let goal = Goal(conditions, smoothness: conditions.rootMeanSquareSmoothness)
    let n = Double(setup.workers)
    var prediction = Prediction(.any, .published)
    prediction.iterations = Theory.ringleader(setup.fleet).iterations(goal)
    prediction.time = 2 * setup.fleet.slowestTime * Theory.ceiling(prediction.iterations / n)
    prediction.table = Theory.heterogeneousTime(goal, setup.fleet)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    if conditions.isHeterogeneous { try prediction.add("L_rms", goal.smoothness) }
    try prediction.add("B", Theory.ringleaderBatch(setup.fleet))
    try prediction.add("round_time", 2 * setup.fleet.slowestTime)
    try prediction.add("delay_max", 2 * n - 2)
    return prediction
  }
}
