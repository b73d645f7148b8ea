// SPDX-License-Identifier: Apache-2.0

/// CHOCO-SGD: as D-PSGD, but nodes send compressed differences: each keeps a copy x̂ of every neighbour's
/// model, and moves towards the mean of the copies.
///
/// x^{1/2} = x − γ∇F(x; ξ), q = Q(x^{1/2} − x̂), x̂⁺ = x̂ + q, x⁺ = x^{1/2} + c(W − I)x̂⁺, with x̂ = 0 at
/// the start. Q is `compression`; unbiased compressors are divided by 1 + ω, so that ‖Q(v) − v‖² ≤ (1 −
/// δ)‖v‖² on average. c is `consensus`, δρ²/(16ρ + ρ² + 4β² + 2ρβ² − 8ρδ) if left out (constant not
/// verified), with ρ = 1 − max{|λ₂|, |λ_n|} and β = 1 − λ_n of W; 1 without compression, when it is D-PSGD.
/// A step takes the slowest node's gradient and then the slowest link, for a message of the compressed
/// length. The model is the mean of the nodes'. γ = (1/2L) min{1, εn/σ²}, that of Minibatch SGD; no theorem
/// with constants is known here. Memory: 3n + 1 vectors. Source: Koloskova, Stich, Jaggi, "Decentralized
/// stochastic optimization and gossip algorithms with compressed communication" (2019), Algorithm 2.
public struct Choco: Method {
  public static var name: StaticText { "choco" }
  public static var summary: StaticText {
    "CHOCO-SGD: D-PSGD whose nodes send compressed differences of their models"
  }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// W.
  public var mixing = MixingRule.metropolis
  /// Q; nil sends whole differences.
  public var compression: Compression?
  /// c, how far nodes move towards the mean of the copies.
  public var consensus = Parameter<Double>.theory

  private var models = Slots()
  private var copies = Slots()
  private var room = Slots()
  private var gradient = Slot()
  private var weights = Table<MixingWeight>()
  private var round = NodeRound()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.mixing("mixing", &mixing)
    try keys.compression(&compression, "what nodes send of a difference of models")
    try keys.number(
      "consensus", &consensus.given, above: 0, "c, how far nodes move towards the mean of the copies",
      standard: "from the theorem; 1 without compress=", expected: "a positive number")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let network = try setup.requireNetwork()
    try network.requireBothWays()
    gamma = try gamma.or(setup.stepsizeOfNodes())
    weights = try network.weights(mixing, for: "mixing", &setup.arena)
    if let compression { try setup.compress(by: compression) }
    consensus = try consensus.or(theory(&setup))
    models = setup.models()
    copies = setup.slotsForWorkers()
    room = setup.slotsForWorkers()
    gradient = setup.slot()
    let coordinates = setup.messageLength ?? setup.conditions.dimension
    round = NodeRound(
      &setup, seconds: network.slowestLink(coordinates: coordinates), messages: network.links.count,
      coordinates: coordinates)
    setup.horizon = 0
  }

  private func theory(_ setup: inout Setup) throws(SetupError) -> Double {
    guard let compression else { return 1 }
    let mixing = try Mixing(weights, nodes: setup.workers, arena: &setup.arena)
    let (rho, beta) = (mixing.gap, mixing.width)
    let delta = compression.quality(dimension: setup.conditions.dimension)
    return rho * rho * delta
      / (16 * rho + rho * rho + 4 * beta * beta + 2 * rho * beta * beta - 8 * rho * delta)
  }

  public mutating func begin(_ server: inout Server) {
    for node in 0..<models.count { server.load(models[node]) }
    server.report(models)
    round.begin(&server)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) { _ = round.end(arrival, &server) }

  public mutating func deliver(_ channel: Int, _ server: inout Server) {
    for node in 0..<models.count {
      server.accumulate(node, at: models[node], into: gradient)
      server.combine(models[node], with: gradient, times: -gamma.value)
      server.clear(gradient)
      if let compression {
        server.follow(models[node], by: copies[node], compression, of: node)
      } else {
        server.copy(models[node], to: copies[node])
      }
    }
    server.mix(copies, into: room, by: weights)
    for node in 0..<models.count {
      server.combine(room[node], with: copies[node], times: -1)
      server.combine(models[node], with: room[node], times: consensus.value)
    }
    server.countUpdate(of: models)
    round.begin(&server)
  }
}
