// SPDX-License-Identifier: Apache-2.0

/// Accelerated Fragile SGD, for convex f: the rounds of Fragile SGD with the three sequences of Accelerated
/// Rennala SGD, which has the formulas. Gradients are computed at y, the model is x.
///
/// S = max{⌈σ²R/(ε^{3/2}√L)⌉, 1}, K ≥ 8√L R/√ε updates, γ as for Accelerated Rennala SGD;
/// Θ((√L R/√ε) t*(σ²R/(ε^{3/2}√L), …)) seconds, with the pivot that has the smallest t*.
/// Source: Tyurin, Richtárik, "On the optimal time complexities in decentralized stochastic asynchronous
/// optimization" (2024).
public struct AcceleratedFragile: Method {
  public static var name: StaticText { "fragile-accelerated" }
  public static var summary: StaticText { "Accelerated Fragile SGD: Fragile SGD for convex problems" }
  public static var needsNetwork: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the gradients of a step, at least.
  public var batch = Parameter<Int>.theory
  /// How the nodes collect them.
  public var pivot = PivotRule.equilibrium

  private var rounds = FragileRounds()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("batch", &batch.given, "S, the gradients of a step", standard: "max{⌈σ²R/(ε^{3/2}√L)⌉, 1}")
    try keys.pivot(
      &pivot, standard: "argmin_j t*(σ²R/(ε^{3/2}√L), [hᵢ], [τ_{i→j} + τ_{j→i}])")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    _ = try setup.requireNetwork()
    batch = try batch.or(Theory.acceleratedBatch(setup.conditions))
    gamma = try gamma.or(Theory.acceleratedStepsize(setup.conditions, batch: batch.value))
    let ratio = batch.given.map { Double($0) } ?? setup.goal.acceleratedNoise
    rounds = try FragileRounds(
      &setup, pivot: pivot, batch: batch.value, ratio: ratio, gamma: gamma.value, isAccelerated: true)
  }

  public mutating func begin(_ server: inout Server) { rounds.begin(&server) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    rounds.receive(arrival, &server)
  }

  public mutating func deliver(_ channel: Int, _ server: inout Server) { rounds.deliver(channel, &server) }
}
