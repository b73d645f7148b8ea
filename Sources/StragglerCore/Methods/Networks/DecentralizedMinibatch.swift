// SPDX-License-Identifier: Apache-2.0

/// Minibatch SGD on a network: the pivot broadcasts x^k along a spanning tree, every node computes one
/// gradient, and when all have, the sum of them comes to the pivot along the tree; x^{k+1} = x^k − γ (1/n) Σ
/// gᵢ.
///
/// For equal and for different objectives. The pivot is the graph's centre. γ = (1/2L) min{1, εn/σ²},
/// K ≥ 8LΔ/ε + 8σ²LΔ/(nε²) updates of one broadcast, the slowest node's gradient, and one way back:
/// Θ(max{max τ_{i→j}, max h}(LΔ/ε + σ²LΔ/(nε²))) seconds. As in the authors' program the way back begins when
/// every node has finished. Source: the baseline of Tyurin, Richtárik, "On the optimal time complexities in
/// decentralized stochastic asynchronous optimization" (2024).
public struct DecentralizedMinibatch: Method {
  public static var name: StaticText { "minibatch-decentralized" }
  public static var summary: StaticText {
    "Minibatch SGD on a network: broadcast, a gradient from every node, one sum"
  }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { Modifiers.Kinds(local: true) }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// Where the sum goes.
  public var pivot = PivotRule.center

  private var root = 0
  private var update = BatchUpdate()
  private var broadcast = Broadcast()
  private var reduction = Reduction()
  private var computed = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try keys.gamma(&gamma) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let network = try setup.growTrees(pivot, ratio: 0)
    gamma = try gamma.or(setup.stepsize(batch: Double(setup.workers)))
    root = network.trees.pivot
    update = BatchUpdate(&setup, isAccelerated: false)
    broadcast = try Broadcast(&setup, network, coordinates: setup.conditions.dimension)
    reduction = try Reduction(&setup, network, coordinates: setup.conditions.dimension)
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) {
    server.updates(at: root)
    startRound(&server)
  }

  private mutating func startRound(_ server: inout Server) {
    computed = 0
    reduction.start()
    server.compute(root, version: server.iteration)
    broadcast.send(server.iteration, from: root, &server)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: update.sum)
    computed += 1
    guard computed == server.workers else { return }
    for node in 0..<server.workers { complete(node, &server) }
  }

  public mutating func deliver(_ channel: Int, _ server: inout Server) {
    if broadcast.owns(channel) {
      let (node, version) = broadcast.deliver(channel, &server)
      return server.compute(node, version: version)
    }
    complete(reduction.receiver(of: channel), &server)
  }

  private mutating func complete(_ node: Int, _ server: inout Server) {
    guard reduction.complete(node, &server), node == root else { return }
    update.step(by: gamma.value, over: Double(server.workers), &server)
    startRound(&server)
  }
}
