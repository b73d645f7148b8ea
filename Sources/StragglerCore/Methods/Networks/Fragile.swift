// SPDX-License-Identifier: Apache-2.0

/// Fragile SGD: Rennala SGD on a network, without a server. A pivot broadcasts x^k along a spanning tree;
/// every node computes gradients there and sends sums of them towards the pivot along another; when s^k ≥ S
/// have come, x^{k+1} = x^k − γ g^k/s^k. Gradients at older points are ignored. See `FragileRounds` for the
/// work of each node.
///
/// For nodes with the same objective. S = max{1, ⌈σ²/ε⌉}, γ = (1/2L) min{1, εS/σ²}, K ≥ 16LΔ/ε updates. The
/// pivot is j* = argmin_j t*(σ²/ε, [hᵢ], [τ_{i→j} + τ_{j→i}]) (`NetworkTheory`), the trees those of shortest
/// paths; an iteration takes O(t*), all of it Θ((LΔ/ε) t*) seconds, optimal up to log n. With links that take
/// no time it is Rennala SGD with `stops`, event for event. Source: Tyurin, Richtárik, "On the optimal time
/// complexities in decentralized stochastic asynchronous optimization" (2024).
public struct Fragile: Method {
  public static var name: StaticText { "fragile" }
  public static var summary: StaticText { "Fragile SGD: Rennala SGD on a network without a server" }
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
    try keys.count("batch", &batch.given, "S, the gradients of a step", standard: "max{1, ⌈σ²/ε⌉}")
    try keys.pivot(&pivot)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    _ = try setup.requireNetwork()
    batch = try batch.or(setup.batch(for: "batch"))
    gamma = try gamma.or(setup.stepsize(batch: Double(batch.value)))
    // A batch that was given takes the place of σ²/ε: it is what the pivot waits for.
    let ratio = batch.given.map { Double($0) } ?? setup.conditions.noiseRatio
    rounds = try FragileRounds(&setup, pivot: pivot, batch: batch.value, ratio: ratio, gamma: gamma.value)
  }

  public mutating func begin(_ server: inout Server) { rounds.begin(&server) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    rounds.receive(arrival, &server)
  }

  public mutating func deliver(_ channel: Int, _ server: inout Server) { rounds.deliver(channel, &server) }
}
