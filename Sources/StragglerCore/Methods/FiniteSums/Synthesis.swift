// SPDX-License-Identifier: Apache-2.0

/// SYNTHESIS: variance reduction with delays. A full gradient by all workers anchors the estimate; then
/// workers compute differences ∇fⱼ(x^s) − ∇fⱼ(x^{s−1}) at the point that was the newest when they began, go
/// on without waiting for one another, and every S of them, however old, make a step: v ← v + (1/S) Σ
/// differences, x^{k+1} = x^k − γv. After a step the estimate is anchored anew with probability p; nothing
/// else is cancelled.
///
/// The full gradient is paid for and is computed as in Freya PAGE. S, p and γ as in `Page`, of which this is
/// the asynchronous variant; the theory needs bounded delays and gradients (constants not verified). f =
/// (1/m) Σ fⱼ. Source: Liu, Zhang, Liu, "SYNTHESIS" (2022), here as SPIDER with delays.
public struct Synthesis: Method {
  public static var name: StaticText { "synthesis" }
  public static var summary: StaticText {
    "SYNTHESIS: asynchronous variance reduction for finite sums, with delayed differences"
  }
  public static var allowsHeterogeneousData: Bool { true }

  /// The estimator with its parameters.
  public var page = Page()

  public var gamma: Parameter<Double> { page.gamma }
  private var missing = SampleSet()
  /// The sample that each worker is at, for the full gradient.
  private var indices = Table<Int32>()
  /// x^{s−1} of each worker's difference.
  private var earlier = Table<HeldPoint>()
  private var isFull = true
  private var collected = 0
  private var stream = RandomStream(seed: 0, purpose: .method, worker: 1)

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try page.keys(&keys) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try page.prepare(&setup)
    // The delay of a job is unbounded, and each job uses two points.
    setup.horizon = .max
    setup.heldPoints = setup.workers + 1
    stream = RandomStream(seed: setup.seed, purpose: .method, worker: 1)
    missing = try SampleSet(samples: page.samples, arena: &setup.arena)
    indices = try setup.table(of: Int32.self)
    earlier = try setup.table(of: HeldPoint.self)
    earlier.fill(HeldPoint())
  }

  public mutating func begin(_ server: inout Server) {
    earlier.fill(HeldPoint())
    anchor(&server)
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if isFull {
      let index = Int(indices[arrival.worker])
      if missing.remove(index) { page.add(arrival, index: index, &server) }
      guard missing.count == 0 else { return assignSample(arrival.worker, &server) }
      update(&server)
      // The other workers' samples are no longer needed.
      if !isFull { for worker in 0..<server.workers { assignDifference(worker, &server) } }
    } else {
      page.addDifference(arrival, since: earlier[arrival.worker], &server)
      collected += 1
      if collected == page.batch.value { update(&server) }
      if !isFull { assignDifference(arrival.worker, &server) }
    }
  }

  private mutating func update(_ server: inout Server) {
    collected = 0
    isFull = page.step(&server)
    if isFull { anchor(&server) }
  }

  private mutating func anchor(_ server: inout Server) {
    missing.fill()
    for worker in 0..<server.workers {
      releaseEarlier(worker, &server)
      assignSample(worker, &server)
    }
  }

  private mutating func assignSample(_ worker: Int, _ server: inout Server) {
    indices[worker] = Int32(truncatingIfNeeded: missing.draw(&stream))
    server.assign(worker)
  }

  private func assignDifference(_ worker: Int, _ server: inout Server) {
    releaseEarlier(worker, &server)
    earlier[worker] = server.hold(page.previous)
    server.assign(worker, work: page.difference())
  }

  private func releaseEarlier(_ worker: Int, _ server: inout Server) {
    server.release(earlier[worker])
    earlier[worker] = HeldPoint()
  }
}

extension Synthesis {
  /// Only the parameters: there is no theorem that could be verified.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.finiteSum, .unverified)
    try page.addParameters(to: &prediction)
    return prediction
  }
}
