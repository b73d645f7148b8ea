// SPDX-License-Identifier: Apache-2.0

/// RelaySGD: every node has a model and makes a gradient step; on a spanning tree neighbours relay sums of
/// models, so that after as many steps as the tree is long every node has the mean of all, each as old as its
/// way.
///
/// x_i^{1/2} = x_i − γ∇f_i(x_i); to each neighbour j: m_{i→j} = x_i^{1/2} + Σ_{k≠j} m_{k→i} and c_{i→j} = 1 +
/// Σ_{k≠j} c_{k→i}, with what came in the step before; then x_i = [x_i^{1/2} + Σ_j m_{j→i} + (n − 1 − Σ_j
/// c_{j→i}) x⁰]/n with what comes now. The model is the mean of the x_i. The tree is that of shortest paths
/// from the graph's centre. A step takes the slowest node's gradient and then the slowest link of the tree;
/// it is for equal and for different objectives. γ = 1/(4 max Lᵢ) (constant not verified). Memory: 4n
/// vectors. Source: Vogels, He, Koloskova, Lin, Karimireddy, Stich, Jaggi, "RelaySum for decentralized deep
/// learning" (2021).
public struct RelaySGD: Method {
  public static var name: StaticText { "relaysgd" }
  public static var summary: StaticText {
    "RelaySGD: a model for every node, sums relayed along a spanning tree"
  }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory

  private var models = Slots()
  /// Tᵢ = Σ_j m_{j→i}, what has come to every node.
  private var totals = Slots()
  /// m to the next node towards the root of the tree, and back from there, with their counts.
  private var up = Slots()
  private var down = Slots()
  private var upCounts = Table<Int>()
  private var downCounts = Table<Int>()
  private var counts = Table<Int>()
  private var start = Slot()
  private var temporary = Slot()
  private var trees = SpanningTrees()
  private var round = NodeRound()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try keys.gamma(&gamma) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let network = try setup.growTrees(.center, ratio: 0)
    try network.requireBothWays()
    gamma = try gamma.or(1 / (4 * setup.conditions.largestSmoothness(for: "gamma")))
    models = setup.models()
    totals = setup.slotsForWorkers()
    up = setup.slotsForWorkers()
    down = setup.slotsForWorkers()
    upCounts = try setup.table(of: Int.self)
    downCounts = try setup.table(of: Int.self)
    counts = try setup.table(of: Int.self)
    start = setup.slot()
    temporary = setup.slot()
    trees = network.trees
    var seconds = 0.0
    for node in 0..<network.trees.count where network.trees.senderLink[node] >= 0 {
      let link = network.links[Int(network.trees.senderLink[node])]
      let back = network.link(from: Int(link.target), to: Int(link.source)) ?? link
      let coordinates = setup.conditions.dimension
      seconds = max(
        seconds, max(link.duration(coordinates: coordinates), back.duration(coordinates: coordinates)))
    }
    round = NodeRound(&setup, seconds: seconds, messages: 2 * (setup.workers - 1))
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) {
    for node in 0..<models.count { server.load(models[node]) }
    server.load(start)
    server.report(models)
    upCounts.fill(0)
    downCounts.fill(0)
    round.begin(&server)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) { _ = round.end(arrival, &server) }

  public mutating func deliver(_ channel: Int, _ server: inout Server) {
    for node in 0..<models.count {
      server.accumulate(node, at: models[node], into: temporary)
      server.combine(models[node], with: temporary, times: -gamma.value)
      server.clear(temporary)
    }
    relay(&server)
    collect(&server)
    server.countUpdate(of: models)
    round.begin(&server)
  }

  /// Makes the new messages of the models and of the old ones: m_{i→j} = x_i^{1/2} + (Tᵢ − m_{j→i}).
  private func relay(_ server: inout Server) {
    sumCounts()
    for node in 0..<models.count where trees.sender[node] >= 0 {
      let other = Int(trees.sender[node])
      server.copy(up[node], to: temporary)
      server.copy(totals[node], to: up[node])
      server.combine(up[node], with: down[node], times: -1)
      server.combine(up[node], with: models[node], times: 1)
      server.copy(totals[other], to: down[node])
      server.combine(down[node], with: temporary, times: -1)
      server.combine(down[node], with: models[other], times: 1)
      let old = upCounts[node]
      upCounts[node] = 1 + counts[node] - downCounts[node]
      downCounts[node] = 1 + counts[other] - old
    }
    server.clear(temporary)
    sumCounts()
  }

  private func sumCounts() {
    counts.fill(0)
    for node in counts.indices where trees.sender[node] >= 0 {
      counts[Int(trees.sender[node])] += upCounts[node]
      counts[node] += downCounts[node]
    }
  }

  /// The new models, of the new messages.
  private func collect(_ server: inout Server) {
    server.clear(totals)
    for node in 0..<models.count where trees.sender[node] >= 0 {
      server.combine(totals[Int(trees.sender[node])], with: up[node], times: 1)
      server.combine(totals[node], with: down[node], times: 1)
    }
    let n = Double(models.count)
    for node in 0..<models.count {
      server.combine(models[node], with: totals[node], times: 1)
      server.combine(
        models[node], scaledBy: 1 / n, with: start, times: Double(models.count - 1 - counts[node]) / n)
    }
  }

  /// How many models are in that of `node`, its own included; n after as many steps as the tree is long.
  public func modelsHeard(by node: Int) -> Int { 1 + counts[node] }
}
