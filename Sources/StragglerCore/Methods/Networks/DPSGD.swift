// SPDX-License-Identifier: Apache-2.0

/// D-PSGD: every node has a model, makes a gradient step on it, and takes the weighted mean of its
/// neighbours' models and its own: x⁺ = W(x − γ∇F(x; ξ)).
///
/// W is `mixing`. A step takes the slowest node's gradient and then the slowest link. With `overlap` models
/// are exchanged while gradients are computed, x⁺ = Wx − γ∇F(x; ξ), so that a step takes the longer of the
/// two; the source has both orders. The model is the mean of the nodes'. It is for equal and for different
/// objectives; where they differ, it stops at a distance that grows with γ. γ = (1/2L) min{1, εn/σ²}, that
/// of Minibatch SGD, which this is on a complete graph; no theorem with constants is known here. Memory: 2n
/// + 1 vectors, 3n with `overlap`. Source: Lian, Zhang, Zhang, Hsieh, Zhang, Liu, "Can decentralized
/// algorithms outperform centralized algorithms?" (2017), Algorithm 1.
public struct DPSGD: Method {
  public static var name: StaticText { "dpsgd" }
  public static var summary: StaticText {
    "D-PSGD: a model for every node, mixed with the neighbours' after every step"
  }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// W.
  public var mixing = MixingRule.metropolis
  /// Whether models are exchanged while gradients are computed.
  public var overlap = false

  private var models = Slots()
  private var room = Slots()
  private var gradients = Slots()
  private var gradient = Slot()
  private var weights = Table<MixingWeight>()
  private var round = NodeRound()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.mixing("mixing", &mixing)
    try keys.flag("overlap", &overlap, "whether models are exchanged while gradients are computed")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let network = try setup.requireNetwork()
    try network.requireBothWays()
    gamma = try gamma.or(setup.stepsizeOfNodes())
    weights = try network.weights(mixing, for: "mixing", &setup.arena)
    models = setup.models()
    room = setup.slotsForWorkers()
    if overlap { gradients = setup.slotsForWorkers() } else { gradient = setup.slot() }
    round = NodeRound(
      &setup, seconds: network.slowestLink(coordinates: setup.conditions.dimension),
      messages: network.links.count, overlaps: overlap)
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) {
    for node in 0..<models.count { server.load(models[node]) }
    server.report(models)
    round.begin(&server)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if round.end(arrival, &server) { step(&server) }
  }

  public mutating func deliver(_ channel: Int, _ server: inout Server) {
    if round.exchange(server) { step(&server) }
  }

  private mutating func step(_ server: inout Server) {
    if overlap {
      server.clear(gradients)
      for node in 0..<models.count { server.accumulate(node, at: models[node], into: gradients[node]) }
      server.mix(models, into: room, by: weights)
      for node in 0..<models.count {
        server.combine(room[node], with: gradients[node], times: -gamma.value)
      }
    } else {
      for node in 0..<models.count {
        server.accumulate(node, at: models[node], into: gradient)
        server.combine(models[node], with: gradient, times: -gamma.value)
        server.clear(gradient)
      }
      server.mix(models, into: room, by: weights)
    }
    swap(&models, &room)
    server.report(models)
    server.countUpdate(of: models)
    round.begin(&server)
  }
}

extension Setup {
  /// γ = (1/2L) min{1, εn/σ²}, that of Minibatch SGD with the largest Lᵢ, for nodes with models of their
  /// own, and a remark that it is no theorem's.
  mutating func stepsizeOfNodes() throws(SetupError) -> Double {
    let noise = try conditions.noiseRatio(for: "gamma")
    let smoothness = try conditions.largestSmoothness(for: "gamma")
    try remark("gamma is that of minibatch: for nodes with models of their own it promises nothing")
    return min(1, noise > 0 ? Double(workers) / noise : 1) / (2 * smoothness)
  }
}
