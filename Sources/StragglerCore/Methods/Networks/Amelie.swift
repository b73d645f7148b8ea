// SPDX-License-Identifier: Apache-2.0

/// Amelie SGD: Malenia SGD on a network, for nodes with objectives of their own. A pivot broadcasts x^k,
/// nodes compute gradients there until the harmonic mean of their counts sᵢ is S/n, and x^{k+1} = x^k − γ
/// (1/n) Σ gᵢ/sᵢ. See `AmelieRounds` for the work of each node.
///
/// S = max{⌈σ²/ε⌉, n}, γ = (1/2L) min{1, εS/σ²}, K ≥ 16LΔ/ε updates, any pivot; an iteration takes at most
/// 4 max μ + 2(max h + (S/n) avg h) seconds, μ being the way to and from the pivot, all of it
/// Θ((LΔ/ε) max{max τ_{i→j}, max h, (σ²/(nε)) avg h}), which is optimal. With links that take no time it is
/// Malenia SGD with `stops`, event for event. Source: Tyurin, Richtárik, "On the optimal time complexities in
/// decentralized stochastic asynchronous optimization" (2024).
public struct Amelie: Method {
  public static var name: StaticText { "amelie" }
  public static var summary: StaticText {
    "Amelie SGD: Malenia SGD on a network, for nodes with data of their own"
  }
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
      "batch", &batch.given, "S: compute until the harmonic mean of the sᵢ is S/n", standard: "max{⌈σ²/ε⌉, n}"
    )
    try keys.pivot(&pivot, standard: "the graph's centre")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    _ = try setup.requireNetwork()
    batch = try batch.or(max(setup.batch(for: "batch"), setup.workers))
    gamma = try gamma.or(setup.stepsize(batch: Double(batch.value)))
    rounds = try AmelieRounds(&setup, pivot: pivot, batch: batch.value, gamma: gamma.value)
  }

  public mutating func begin(_ server: inout Server) { rounds.begin(&server) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    rounds.receive(arrival, &server)
  }

  public mutating func deliver(_ channel: Int, _ server: inout Server) { rounds.deliver(channel, &server) }
}
