// SPDX-License-Identifier: Apache-2.0

/// Asynchronous decentralised SGD: no node waits. A node computes at its own model and applies each gradient
/// to it when it is there, xᵢ ← xᵢ − γ∇fᵢ(x), x being its model when the gradient was begun; then it goes on,
/// and calls a random neighbour, unless it still waits for one. When the call is over, both take the mean of
/// their two models.
///
/// The model is the mean of the xᵢ, and every gradient counts as an update of it by γ/n. A call takes the
/// longer time of the two links. For equal objectives, or ones whose gradients differ by a bounded ζ². γ =
/// min{1/(4L), nγ'} with Asynchronous SGD's γ' and L the largest Lᵢ (constant not verified). Memory: 2n
/// vectors. Source: Even, Koloskova, Massoulié, "Asynchronous SGD on graphs" (2024), with pairwise averages
/// as in AD-PSGD (Lian, Zhang, Zhang, Liu, 2018).
public struct DecentralizedAsynchronous: Method {
  public static var name: StaticText { "asgd-decentralized" }
  public static var summary: StaticText {
    "Asynchronous SGD on a network: local steps, and averages with random neighbours"
  }
  public static var needsNetwork: Bool { true }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory

  private var models = Slots()
  /// The models at which gradients are being computed.
  private var bases = Slots()
  private var sum = Slot()
  /// The links, and the seconds of a call on each.
  private var links: Adjacency?
  private var seconds = Table<Double>()
  /// Which neighbour each node calls, and how often it has called so far.
  private var partners = Table<Int32>()
  private var calls = Table<Int>()
  private var first = 0
  private var seed: UInt64 = 0
  private var coordinates = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try keys.gamma(&gamma) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let network = try setup.requireNetwork()
    try network.requireBothWays()
    gamma = try gamma.or(Theory.gossipStepsize(setup.conditions, setup.fleet))
    models = setup.models()
    bases = setup.slotsForWorkers()
    sum = setup.slot()
    links = network.outgoing
    coordinates = setup.conditions.dimension
    seconds = try setup.arena.table(of: Double.self, count: network.links.count)
    if !seconds.isEmpty { measureCalls(network) }
    partners = try setup.table(of: Int32.self)
    calls = try setup.table(of: Int.self)
    first = setup.channels(setup.workers)
    seed = setup.seed
    setup.horizon = 0
  }

  /// A call takes the longer time of the two directions.
  private func measureCalls(_ network: Network) {
    for node in 0..<network.nodes {
      for position in network.outgoing.range(node) {
        let link = network.links[network.outgoing.link(position)]
        let back = network.link(from: Int(link.target), to: node) ?? link
        seconds[position] = max(
          link.duration(coordinates: coordinates), back.duration(coordinates: coordinates))
      }
    }
  }

  public mutating func begin(_ server: inout Server) {
    calls.fill(0)
    for node in 0..<models.count {
      server.load(models[node])
      server.load(bases[node])
      server.compute(node, version: 0)
    }
    server.report(models)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let node = arrival.worker
    server.use(arrival)
    server.accumulate(node, at: bases[node], into: sum)
    server.combine(models[node], with: sum, times: -gamma.value)
    server.clear(sum)
    server.copy(models[node], to: bases[node])
    server.countUpdate(of: models, at: node)
    server.compute(node, version: server.iteration)
    call(from: node, &server)
  }

  private func call(from node: Int, _ server: inout Server) {
    guard let links, !server.isBusy(first + node) else { return }
    let neighbours = links.range(node)
    guard !neighbours.isEmpty else { return }
    calls[node] += 1
    var stream = RandomStream(seed: seed, purpose: .method, worker: node, job: calls[node])
    let choice = neighbours.lowerBound + stream.integer(below: neighbours.count)
    partners[node] = Int32(truncatingIfNeeded: links.neighbour(choice))
    server.send(first + node, after: seconds[choice], coordinates: coordinates, count: 2)
  }

  public mutating func deliver(_ channel: Int, _ server: inout Server) {
    let node = channel - first
    let other = Int(partners[node])
    server.combine(models[node], scaledBy: 0.5, with: models[other], times: 0.5)
    server.copy(models[node], to: models[other])
  }
}
