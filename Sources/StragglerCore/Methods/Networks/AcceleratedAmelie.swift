// SPDX-License-Identifier: Apache-2.0

/// Accelerated Amelie SGD, for convex f whose nodes have objectives of their own: the rounds of Amelie SGD
/// with the three sequences of Accelerated Rennala SGD, which has the formulas. Gradients are computed at y,
/// the model is x.
///
/// S = max{⌈σ²R/(ε^{3/2}√L)⌉, n}, K ≥ 8√L R/√ε updates, γ as for Accelerated Rennala SGD.
/// Source: Tyurin, Richtárik, "On the optimal time complexities in decentralized stochastic asynchronous
/// optimization" (2024).
public struct AcceleratedAmelie: Method {
  public static var name: StaticText { "amelie-accelerated" }
  public static var summary: StaticText { "Accelerated Amelie SGD: Amelie SGD for convex problems" }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the gradients of a step if all nodes were equal.
  public var batch = Parameter<Int>.theory
  /// How the nodes collect them.
  public var pivot = PivotRule.center

  private var rounds = AmelieRounds()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count(
      "batch", &batch.given, "S: compute until the harmonic mean of the sᵢ is S/n",
      standard: "max{⌈σ²R/(ε^{3/2}√L)⌉, n}")
    try keys.pivot(&pivot, standard: "the graph's centre")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    _ = try setup.requireNetwork()
    batch = try batch.or(max(Theory.acceleratedBatch(setup.conditions), setup.workers))
    gamma = try gamma.or(Theory.acceleratedStepsize(setup.conditions, batch: batch.value))
    rounds = try AmelieRounds(
      &setup, pivot: pivot, batch: batch.value, gamma: gamma.value, isAccelerated: true)
  }

  public mutating func begin(_ server: inout Server) { rounds.begin(&server) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    rounds.receive(arrival, &server)
  }

  public mutating func deliver(_ channel: Int, _ server: inout Server) { rounds.deliver(channel, &server) }
}
