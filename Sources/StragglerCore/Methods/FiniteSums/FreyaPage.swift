// SPDX-License-Identifier: Apache-2.0

/// Freya PAGE: PAGE whose full gradients and differences come from the workers that finish first.
///
/// ComputeGradient: every worker starts with a sample j uniform on [m]; a gradient whose sample is not yet in
/// M is added and the sample joins M, else it is discarded; the worker goes on with j uniform on [m] ∖ M. At
/// M = [m] the others are cancelled. ComputeBatchDifference: the first S differences from any workers, each
/// with an independent sample; then the others are cancelled. All work is at fixed points, so that nothing is
/// stale.
///
/// S = ⌈√m⌉, p = S/(S + m), γ as in `Page`; a full gradient takes about min_j (Σ_{i≤j} 1/τᵢ)⁻¹(m + j) seconds
/// and a batch min_j (Σ_{i≤j} 1/τᵢ)⁻¹(S + j) (`Theory.FreyaTimes`); optimal where √m ≥ n. f = (1/m) Σ fⱼ.
/// Source: Tyurin, Gruntkowska, Richtárik, "Freya PAGE" (2024), Algorithms 1 to 3.
public struct FreyaPage: Method {
  public static var name: StaticText { "freya-page" }
  public static var summary: StaticText {
    "Freya PAGE: variance reduction for finite sums, by the first workers that are ready"
  }
  public static var allowsHeterogeneousData: Bool { true }

  /// The estimator with its parameters.
  public var page = Page()

  public var gamma: Parameter<Double> { page.gamma }
  /// [m] ∖ M while a full gradient is computed.
  private var missing = SampleSet()
  /// The sample that each worker is at, for the full gradient.
  private var indices = Table<Int32>()
  private var isFull = true
  private var collected = 0
  private var stream = RandomStream(seed: 0, purpose: .method, worker: 1)

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try page.keys(&keys) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try page.prepare(&setup)
    stream = RandomStream(seed: setup.seed, purpose: .method, worker: 1)
    missing = try SampleSet(samples: page.samples, arena: &setup.arena)
    indices = try setup.table(of: Int32.self)
  }

  public mutating func begin(_ server: inout Server) {
    missing.fill()
    for worker in 0..<server.workers { assignSample(worker, &server) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if isFull {
      let index = Int(indices[arrival.worker])
      if missing.remove(index) { page.add(arrival, index: index, &server) }
      if missing.count == 0 { update(&server) } else { assignSample(arrival.worker, &server) }
    } else {
      page.addDifference(arrival, &server)
      collected += 1
      if collected == page.batch.value {
        update(&server)
      } else {
        server.assign(arrival.worker, work: page.difference())
      }
    }
  }

  private mutating func update(_ server: inout Server) {
    isFull = page.step(&server)
    if isFull { return begin(&server) }
    collected = 0
    for worker in 0..<server.workers { server.assign(worker, work: page.difference()) }
  }

  private mutating func assignSample(_ worker: Int, _ server: inout Server) {
    indices[worker] = Int32(truncatingIfNeeded: missing.draw(&stream))
    server.assign(worker)
  }
}

extension FreyaPage {
  /// K = ⌈(2Δ/ε)/γ⌉ updates; with a full gradient in 12 min_j (Σ_{i≤j} 1/τᵢ)⁻¹(m + min{m, n} ln min{m, n} +
  /// j) seconds and a batch in 4 min_j (Σ_{i≤j} 1/τᵢ)⁻¹(S + j), a difference counted as one gradient (12 and
  /// 4 not verified).
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let times = try page.freyaTimes(&setup)
    var prediction = Prediction(.finiteSum, .unverified)
    prediction.iterations = times.iterations
    prediction.time = times.freyaBound
    prediction.table = times.freya
    prediction.lowerBound = try page.lowerBound(&setup)
    try page.addParameters(to: &prediction)
    try prediction.add("full_time", times.full)
    try prediction.add("batch_time", times.batch)
    try prediction.add("coupon_time", times.fullWithDuplicates)
    return prediction
  }
}
