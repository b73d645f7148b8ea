// SPDX-License-Identifier: Apache-2.0

/// EXTRA: decentralised gradient steps with a correction of what mixing has changed so far, which takes
/// away the distance at which D-PSGD stops where objectives differ.
///
/// x¹ = Wx⁰ − γ∇F(x⁰), x^{k+2} = (I + W)x^{k+1} − ½(I + W)x^k − γ(∇F(x^{k+1}) − ∇F(x^k)). It is kept as
/// x^{k+1} = Wx^k − γ∇F(x^k) − c^k, c^{k+1} = c^k + ½(I − W)x^k with c⁰ = 0. W is `mixing`. A step takes
/// the slowest node's gradient and then the slowest link. The model is the mean of the nodes'. For convex
/// fᵢ and exact gradients it converges with γ < (1 + λ_n(W))/L to the minimum of the mean; γ = (1 + λ_n)/(2
/// max Lᵢ), half of that. With noise it reaches a neighbourhood. Memory: 4n vectors. Source: Shi, Ling, Wu,
/// Yin, "EXTRA: an exact first-order algorithm for decentralized consensus optimization" (2015).
public struct Extra: Method {
  public static var name: StaticText { "extra" }
  public static var summary: StaticText {
    "EXTRA: gradient steps on a network, corrected so that different objectives do not matter"
  }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// W.
  public var mixing = MixingRule.metropolis

  private var models = Slots()
  private var gradients = Slots()
  /// c.
  private var corrections = Slots()
  private var room = Slots()
  private var weights = Table<MixingWeight>()
  private var round = NodeRound()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.mixing("mixing", &mixing)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let network = try setup.requireNetwork()
    try network.requireBothWays()
    weights = try network.weights(mixing, for: "mixing", &setup.arena)
    if gamma.given == nil {
      try setup.remark("gamma is for convex objectives of the workers: else it promises nothing")
    }
    gamma = try gamma.or(theory(&setup))
    models = setup.models()
    gradients = setup.slotsForWorkers()
    corrections = setup.slotsForWorkers()
    room = setup.slotsForWorkers()
    round = NodeRound(
      &setup, seconds: network.slowestLink(coordinates: setup.conditions.dimension),
      messages: network.links.count)
    setup.horizon = 0
  }

  private func theory(_ setup: inout Setup) throws(SetupError) -> Double {
    let smoothness = try setup.conditions.largestSmoothness(for: "gamma")
    let smallest = try Mixing(weights, nodes: setup.workers, arena: &setup.arena).smallest
    try setup.require(
      smallest > -1,
      .impossible("gamma left to the theory with a matrix that has the eigenvalue -1", remedy: "give gamma="))
    return (1 + smallest) / (2 * smoothness)
  }

  public mutating func begin(_ server: inout Server) {
    for node in 0..<models.count { server.load(models[node]) }
    server.report(models)
    round.begin(&server)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) { _ = round.end(arrival, &server) }

  public mutating func deliver(_ channel: Int, _ server: inout Server) {
    server.clear(gradients)
    for node in 0..<models.count { server.accumulate(node, at: models[node], into: gradients[node]) }
    server.mix(models, into: room, by: weights)
    for node in 0..<models.count {
      // The old model becomes what is added to c.
      server.combine(models[node], scaledBy: 0.5, with: room[node], times: -0.5)
      server.combine(room[node], with: gradients[node], times: -gamma.value)
      server.combine(room[node], with: corrections[node], times: -1)
      server.combine(corrections[node], with: models[node], times: 1)
    }
    swap(&models, &room)
    server.report(models)
    server.countUpdate(of: models)
    round.begin(&server)
  }
}
