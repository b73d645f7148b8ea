// SPDX-License-Identifier: Apache-2.0

/// The rounds of Fragile SGD, for the plain and the accelerated method.
///
/// The pivot broadcasts x^k along st_bc. A node that receives it drops what it has of older points, passes it
/// on, and computes gradients at x^k one after another. It adds them to what comes from nodes further from
/// the pivot, and whenever its link to the next node of st is free and it holds any, it sends all that it
/// holds as one sum. The pivot adds up what arrives at x^k, its own gradients among them: when s^k ≥ S
/// gradients are in, it steps along their mean g^k/s^k and broadcasts x^{k+1}. Communication and computation
/// overlap.
struct FragileRounds: BitwiseCopyable, Sendable {
  private var size = 0
  private var gamma = 0.0
  private var pivot = 0
  private var update = BatchUpdate()
  private var broadcast = Broadcast()
  private var collection = Collection()
  /// The version of the point that each node has; −1 before the first.
  private var versions = Table<Int>()
  /// The number of each node's first gradient there, how many it has computed, and how many the pivot has.
  private var firsts = Table<Int>()
  private var computed = Table<Int>()
  private var delivered = Table<Int>()
  /// s^k.
  private var collected = 0

  init() {}

  init(
    _ setup: inout Setup, pivot rule: PivotRule, batch: Int, ratio: Double, gamma: Double,
    isAccelerated: Bool = false
  ) throws(SetupError) {
    let network = try setup.growTrees(rule, ratio: ratio)
    size = batch
    self.gamma = gamma
    pivot = network.trees.pivot
    update = BatchUpdate(&setup, isAccelerated: isAccelerated)
    broadcast = try Broadcast(&setup, network, coordinates: setup.conditions.dimension)
    collection = try Collection(&setup, network, coordinates: setup.conditions.dimension)
    versions = try setup.table(of: Int.self)
    firsts = try setup.table(of: Int.self)
    computed = try setup.table(of: Int.self)
    delivered = try setup.table(of: Int.self)
    setup.horizon = 0
  }

  mutating func begin(_ server: inout Server) {
    server.updates(at: pivot)
    update.begin(&server)
    collection.reset()
    versions.fill(-1)
    computed.fill(0)
    delivered.fill(0)
    collected = 0
    start(pivot, version: 0, &server)
    broadcast.send(0, from: pivot, &server)
  }

  mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let node = arrival.worker
    let version = versions[node]
    computed[node] += 1
    if node == pivot {
      let own = Collection.Portion(count: 1, seconds: arrival.duration)
      take(node, own, &server)
      let range = range(node, own)
      stepIfComplete(&server)
      server.tell(range, areUsed: true, version: version)
    } else {
      collection.add(node, version: version, duration: arrival.duration, &server)
    }
    server.compute(node, version: versions[node])
  }

  mutating func deliver(_ channel: Int, _ server: inout Server) {
    if broadcast.owns(channel) {
      let (node, version) = broadcast.deliver(channel, &server)
      collection.start(node, version: version, &server)
      start(node, version: version, &server)
      return
    }
    let delivery = collection.deliver(channel, &server)
    guard delivery.isForPivot else { return }
    if delivery.version == server.iteration { take(from: delivery, &server) }
    collection.resume(delivery.sender, &server)
  }

  /// A sum of gradients at the newest point has come to the pivot.
  private mutating func take(from delivery: Collection.Delivery, _ server: inout Server) {
    let size = collection.size(of: delivery.sender)
    for offset in 0..<size {
      let (node, portion) = collection.portion(offset, from: delivery.sender)
      if portion.count > 0 { take(node, portion, &server) }
    }
    stepIfComplete(&server)
    for offset in 0..<size {
      let (node, portion) = collection.portion(offset, from: delivery.sender)
      if portion.count > 0 { server.tell(range(node, portion), areUsed: true, version: delivery.version) }
    }
  }

  /// `node` has received the point of version `version` and begins there.
  private func start(_ node: Int, version: Int, _ server: inout Server) {
    let lost = computed[node] - delivered[node]
    server.tell(
      GradientRange(node: node, first: firsts[node] + delivered[node], count: lost, seconds: 0),
      areUsed: false, version: versions[node], delay: server.iteration - versions[node])
    versions[node] = version
    firsts[node] = server.job(of: node) + 1
    computed[node] = 0
    delivered[node] = 0
    server.compute(node, version: version)
  }

  /// The range of gradients of `node` that the pivot has taken in last.
  private func range(_ node: Int, _ portion: Collection.Portion) -> GradientRange {
    GradientRange(
      node: node, first: firsts[node] + delivered[node] - portion.count, count: portion.count,
      seconds: portion.seconds)
  }

  /// Gradients of `node` at the newest point have come to the pivot.
  private mutating func take(_ node: Int, _ portion: Collection.Portion, _ server: inout Server) {
    delivered[node] += portion.count
    collected += portion.count
    server.use(range(node, portion), into: update.sum)
  }

  private mutating func stepIfComplete(_ server: inout Server) {
    guard collected >= size else { return }
    update.step(by: gamma, over: Double(collected), &server)
    collected = 0
    start(pivot, version: server.iteration, &server)
    broadcast.send(server.iteration, from: pivot, &server)
  }
}
