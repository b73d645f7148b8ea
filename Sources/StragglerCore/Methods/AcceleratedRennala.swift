// SPDX-License-Identifier: Apache-2.0

/// Accelerated Rennala SGD, for convex f: the batches of Rennala SGD in a method of three sequences. u⁰ = x⁰;
/// with α = 2/(k + 2) and y = (1 − α)x^k + αu^k, S gradients at y are collected (those at older y discarded),
/// then u^{k+1} = u^k − γ(k + 1)G/S, where G is their sum, and x^{k+1} = (1 − α)x^k + αu^{k+1}.
///
/// The model is x; workers compute at y. With `stops`, an update cancels every job and restarts it at the new
/// y. With R = ‖x⁰ − x*‖ and the goal E f(x^K) − f* ≤ ε: S = max{⌈σ²R/(ε^{3/2}√L)⌉, 1}, K ≥ 8√L R/√ε, γ =
/// min{1/(4L), (3R²S/(4σ²(K + 1)(K + 2)²))^{1/2}}; then E f(x^K) − f* ≤ 4LR²/K² + 4√(σ²R²/(SK)), after
/// O(min_m (1/m Σ_{i≤m} 1/τᵢ)⁻¹(√L R/√ε + σ²R²/(mε²))) seconds. Source: Tyurin, Richtárik, "On the optimal
/// time complexities in decentralized stochastic asynchronous optimization" (2024).
public struct AcceleratedRennala: Method {
  public static var name: StaticText { "rennala-accelerated" }
  public static var summary: StaticText {
    "Accelerated Rennala SGD: batches at an extrapolated point, for convex problems"
  }
  public static var modifiers: Modifiers.Kinds { .compression }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the gradients of a step.
  public var batch = Parameter<Int>.theory
  /// Whether an update cancels and restarts the other jobs.
  public var stops = false

  private var collected = 0
  private var x = Slot()
  private var u = Slot()
  private var sum = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("batch", &batch.given, "S, the gradients of a step", standard: "max{⌈σ²R/(ε^{3/2}√L)⌉, 1}")
    try keys.flag("stops", &stops, "whether an update cancels and restarts the other jobs")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    batch = try batch.or(Theory.acceleratedBatch(setup.conditions))
    gamma = try gamma.or(Theory.acceleratedStepsize(setup.conditions, batch: batch.value))
    x = setup.slot()
    u = setup.slot()
    sum = setup.slot()
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) {
    collected = 0
    server.load(x)
    server.load(u)
    server.assignAll()
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if arrival.delay == 0 {
      server.accumulate(arrival, into: sum)
      collected += 1
      if collected == batch.value {
        update(&server)
        collected = 0
        if stops { return server.assignAll() }
      }
    }
    server.assign(arrival.worker)
  }

  private func update(_ server: inout Server) {
    let k = Double(server.iteration)
    let alpha = 2 / (k + 2)
    server.combine(u, with: sum, times: -gamma.value * (k + 1) / Double(batch.value))
    server.clear(sum)
    server.combine(x, scaledBy: 1 - alpha, with: u, times: alpha)
    server.step(to: x, aheadTowards: u, by: 2 / (k + 3))
  }
}

extension AcceleratedRennala {
  /// K = ⌈8√L R/√ε⌉ updates for E f(x^K) − f* ≤ ε; an update takes at most min_m (Σ_{i≤m} 1/τᵢ)⁻¹(S + m)
  /// seconds with `stops` and twice as much without.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, S) = (setup.goal, Double(batch.value))
    let seconds = setup.fleet.collectingTime(S)
    var prediction = Prediction(.convex, .published)
    prediction.guarantee = .gap
    prediction.iterations = Theory.acceleratedIterations(
      smoothness: goal.smoothness, distance: goal.distance, epsilon: goal.epsilon)
    prediction.time = (stops ? 1 : 2) * seconds * prediction.iterations
    prediction.table = Theory.acceleratedTime(goal, setup.fleet)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    prediction.convexTable = prediction.table
    prediction.lowerBound = prediction.convexLowerBound
    try prediction.add("batch", S)
    try prediction.add("m_star", setup.fleet.collectors(in: seconds))
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}
