// SPDX-License-Identifier: Apache-2.0

/// The rounds of Amelie SGD, for the plain and the accelerated method.
///
/// The pivot broadcasts x^k; every node adds up the sᵢ gradients that it computes there in gᵢ. From numbers
/// that nodes send the pivot learns the harmonic mean of the counts (`HarmonicCounts`). When it has reached
/// S/n, the pivot calls for the sums, which takes a message of one coordinate along st_bc, and Σ gᵢ/sᵢ comes
/// to it along st: a node adds its part when it sends, so that counts may have grown. It steps along the
/// mean and broadcasts x^{k+1}, which stops all work at older points.
struct AmelieRounds: BitwiseCopyable, Sendable {
  private var gamma = 0.0
  private var pivot = 0
  /// n²/S: the harmonic mean of the counts is S/n when Σ 1/sᵢ is no more than this.
  private var bound = 0.0
  private var update = BatchUpdate()
  private var part = Slot()
  private var broadcast = Broadcast()
  private var call = Broadcast()
  private var counts = HarmonicCounts()
  private var reduction = Reduction()
  /// The version of each node's point, and the number of its first gradient there.
  private var versions = Table<Int>()
  private var firsts = Table<Int>()
  /// sᵢ when the node sent its part; 0 before.
  private var frozen = Table<Int>()
  private var isCalled = false

  init() {}

  init(
    _ setup: inout Setup, pivot rule: PivotRule, batch S: Int, gamma: Double, isAccelerated: Bool = false
  ) throws(SetupError) {
    let network = try setup.growTrees(rule, ratio: Double(S))
    self.gamma = gamma
    pivot = network.trees.pivot
    // Rounding, once for every node on the way, must not make a mean that is just reached look missed.
    let n = Double(setup.workers)
    bound = n / Double(S) * n * (1 + (n + 4) * 0x1p-52)
    update = BatchUpdate(&setup, isAccelerated: isAccelerated)
    part = setup.slot()
    broadcast = try Broadcast(&setup, network, coordinates: setup.conditions.dimension)
    call = try Broadcast(&setup, network, coordinates: 1)
    counts = try HarmonicCounts(&setup, network)
    reduction = try Reduction(&setup, network, coordinates: setup.conditions.dimension)
    versions = try setup.table(of: Int.self)
    firsts = try setup.table(of: Int.self)
    frozen = try setup.table(of: Int.self)
    setup.horizon = 0
  }

  mutating func begin(_ server: inout Server) {
    server.updates(at: pivot)
    update.begin(&server)
    counts.reset()
    versions.fill(-1)
    startRound(&server)
  }

  private mutating func startRound(_ server: inout Server) {
    isCalled = false
    start(pivot, version: server.iteration, &server)
    broadcast.send(server.iteration, from: pivot, &server)
  }

  private mutating func start(_ node: Int, version: Int, _ server: inout Server) {
    versions[node] = version
    firsts[node] = server.job(of: node) + 1
    frozen[node] = 0
    counts.start(node, version: version, &server)
    reduction.start(node)
    server.compute(node, version: version)
  }

  mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let node = arrival.worker
    if frozen[node] == 0 {
      // It will be in the node's part in any case.
      server.use(arrival)
      counts.add(node, &server)
      if node == pivot { callIfEnough(&server) }
    } else {
      server.tell(
        GradientRange(node: node, first: server.job(of: node), count: 1, seconds: 0), areUsed: false,
        version: versions[node], delay: server.iteration - versions[node])
    }
    if server.mayBeHopeless, isHopeless(server) { server.expectOnly(.arrivals) }
    server.compute(node, version: versions[node])
  }

  mutating func deliver(_ channel: Int, _ server: inout Server) {
    if broadcast.owns(channel) {
      let (node, version) = broadcast.deliver(channel, &server)
      start(node, version: version, &server)
    } else if call.owns(channel) {
      complete(call.deliver(channel, &server).node, &server)
    } else if counts.owns(channel) {
      if counts.deliver(channel, &server) == pivot { callIfEnough(&server) }
    } else {
      complete(reduction.receiver(of: channel), &server)
    }
  }

  private mutating func callIfEnough(_ server: inout Server) {
    guard !isCalled, counts.sum(at: pivot) <= bound else { return }
    isCalled = true
    call.send(server.iteration, from: pivot, &server)
    complete(pivot, &server)
  }

  /// The call, or a sum from behind, has come to `node`.
  private mutating func complete(_ node: Int, _ server: inout Server) {
    guard reduction.complete(node, &server) else { return }
    frozen[node] = counts.counts[node]
    if node == pivot { step(&server) }
  }

  private mutating func step(_ server: inout Server) {
    for node in frozen.indices {
      let count = frozen[node]
      server.accumulate(gradients: count, from: firsts[node], of: node, into: part)
      server.combine(update.sum, with: part, times: 1 / Double(count))
      server.clear(part)
    }
    update.step(by: gamma, over: Double(server.workers), &server)
    startRound(&server)
  }

  /// Whether nodes that will never deliver again keep the harmonic mean below S/n, however many gradients the
  /// others add.
  private func isHopeless(_ server: borrowing Server) -> Bool {
    var sum = CompensatedSum(0)
    for node in frozen.indices where server.isEndless(node) { sum.add(1 / Double(counts.counts[node])) }
    return sum.value > bound
  }
}
