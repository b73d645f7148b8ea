// SPDX-License-Identifier: Apache-2.0

/// Gradient tracking: every node has a model and an estimate yᵢ of the gradient of the mean objective, and
/// mixes both with its neighbours.
///
/// y⁰ = ∇F(x⁰), x⁺ = W(x − γy), y⁺ = Wy + ∇F(x⁺) − ∇F(x), where W is doubly stochastic: Wᵢⱼ = 1/(1 +
/// max{degᵢ, degⱼ}) for neighbours, Wᵢᵢ the rest (Metropolis). It is kept as y = g − c: x ← W(x − γ(g − c)),
/// c ← W(c − g) + g with c = 0 at the start, so that the mean of c stays 0 and that of y is that of the
/// gradients. The model is the mean of the xᵢ. A step takes the slowest node's gradient and then the slowest
/// link; both vectors travel at the same time. It is for equal and for different objectives. γ = pc/(8 max
/// Lᵢ) (constant not verified) with the mixing rate pc of W, see `Mixing`; 1/(8L) where all nodes have one
/// objective. Memory: 4n vectors. Source: Di Lorenzo, Scutari (2016); Nedić, Olshevsky, Shi (2017); γ:
/// Koloskova, Lin, Stich (2021).
public struct GradientTracking: Method {
  public static var name: StaticText { "gradient-tracking" }
  public static var summary: StaticText {
    "Gradient tracking: a model and a gradient estimate for every node, mixed with the neighbours'"
  }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory

  private var models = Slots()
  /// gᵢ and cᵢ of yᵢ = gᵢ − cᵢ, and room for what is mixed.
  private var gradients = Slots()
  private var corrections = Slots()
  private var room = Slots()
  private var weights = Table<MixingWeight>()
  private var round = NodeRound()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try keys.gamma(&gamma) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let network = try setup.requireNetwork()
    try network.requireBothWays()
    models = setup.models()
    gradients = setup.slotsForWorkers()
    corrections = setup.slotsForWorkers()
    room = setup.slotsForWorkers()
    weights = try network.metropolisWeights(&setup.arena)
    gamma = try gamma.or(theory(&setup))
    round = NodeRound(
      &setup, seconds: network.slowestLink(coordinates: setup.conditions.dimension),
      messages: 2 * network.links.count)
    setup.horizon = 0
  }

  /// With one objective no differences have to be carried across the graph.
  private func theory(_ setup: inout Setup) throws(SetupError) -> Double {
    let smoothness = try setup.conditions.largestSmoothness(for: "gamma")
    guard setup.conditions.isHeterogeneous else { return 1 / (8 * smoothness) }
    return try Mixing(weights, nodes: setup.workers, arena: &setup.arena).rate / (8 * smoothness)
  }

  public mutating func begin(_ server: inout Server) {
    for node in 0..<models.count { server.load(models[node]) }
    server.report(models)
    round.begin(&server)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) { _ = round.end(arrival, &server) }

  public mutating func deliver(_ channel: Int, _ server: inout Server) {
    server.clear(gradients)
    for node in 0..<models.count {
      server.accumulate(node, at: models[node], into: gradients[node])
      server.combine(models[node], with: gradients[node], times: -gamma.value)
      server.combine(models[node], with: corrections[node], times: gamma.value)
      server.combine(corrections[node], with: gradients[node], times: -1)
    }
    server.mix(models, into: room, by: weights)
    swap(&models, &room)
    server.mix(corrections, into: room, by: weights)
    swap(&corrections, &room)
    for node in 0..<models.count { server.combine(corrections[node], with: gradients[node], times: 1) }
    server.report(models)
    server.countUpdate(of: models)
    round.begin(&server)
  }

  /// The slots of cᵢ and gᵢ now.
  var state: (corrections: Slots, gradients: Slots) { (corrections, gradients) }
}
