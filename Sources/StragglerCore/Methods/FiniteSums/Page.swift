// SPDX-License-Identifier: Apache-2.0

/// The estimator of PAGE, which several methods let their workers compute in different ways:
/// x^{k+1} = x^k − γg^k; with probability p g^{k+1} = ∇f(x^{k+1}), the mean of all m samples' gradients, else
/// g^{k+1} = g^k + (1/S) Σ (∇fⱼ(x^{k+1}) − ∇fⱼ(x^k)) over S samples j, independent and uniform.
///
/// γ = (L₋ + L±√((1 − p)/(pS)))⁻¹, where L₋ is the smoothness of f and L±² the Hessian variance of the
/// samples; K ≥ (2Δ/ε)/γ updates. The coin of update k is a function of seed and k, and the samples of a
/// difference are those of its job, so that the methods differ in times and the order of summation only.
/// Source: Li, Bao, Zhang, Richtárik, "PAGE" (2021); Tyurin, Gruntkowska, Richtárik, "Freya PAGE" (2024).
public struct Page: BitwiseCopyable, Sendable {
  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the differences of a step; nil: ⌈√m⌉.
  public var batch = Parameter<Int>.theory
  /// p, how often a step takes the full gradient; nil: S/(S + m), or 1 for gradient descent.
  public var p = Parameter<Double>.theory
  /// What a difference costs in gradients: 2, or 1 as the papers count.
  public var pairCost = 2

  /// m.
  private(set) var samples = 0
  /// Whether p is 1 where it is left out.
  private(set) var isDescent = false
  private var estimate = Slot()
  /// x^k, while the differences to x^{k+1} are collected.
  private(set) var previous = HeldPoint()
  private(set) var seed: UInt64 = 0

  /// PAGE with every parameter from the theorem.
  public init() {}

  /// With `isDescent`, p is 1 unless it is given: gradient descent.
  init(isDescent: Bool) { self.isDescent = isDescent }

  mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("batch", &batch.given, "S, the differences of a step", standard: "⌈√m⌉")
    try keys.optionalProbability(
      "p", &p.given, "the probability of a step to take the full gradient",
      standard: isDescent ? "1: gradient descent" : "batch/(batch + m)")
    try keys.count(
      "pair_cost", &pairCost, limit: 2, "what a difference of two gradients costs, in gradients",
      standard: "2",
      expected: "2, or 1 as the papers count")
  }

  mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    samples = try setup.sampleCount()
    seed = setup.seed
    batch = try batch.or(Theory.pageBatch(samples: samples))
    guard batch.value <= Int(Int32.max) else {
      throw .invalid(key: "batch", expected: "an integer from 1 to 2147483647")
    }
    p = try p.or(isDescent ? 1 : Double(batch.value) / (Double(batch.value) + Double(samples)))
    gamma = try gamma.or(Theory.pageStepsize(setup.conditions, batch: batch.value, probability: p.value))
    estimate = setup.slot()
    // x^k is held while jobs work at x^{k+1}.
    setup.horizon = 1
  }

  /// The work of a difference.
  func difference(isSent: Bool = true) -> Work {
    if pairCost == 2 { return isSent ? .pair : .localPair }
    return isSent ? .gradient : .localGradient
  }

  /// Adds sample `index` of a full gradient, which has just arrived.
  func add(_ arrival: Arrival, index: Int, _ server: inout Server) {
    server.accumulate(arrival, index: index, into: estimate, weight: 1 / Double(samples))
  }

  /// Adds the difference that has just arrived.
  func addDifference(_ arrival: Arrival, _ server: inout Server) {
    addDifference(arrival, since: previous, &server)
  }

  /// Adds the difference that has just arrived, to another point than the last one.
  func addDifference(_ arrival: Arrival, since previous: HeldPoint, _ server: inout Server) {
    let index = server.sampleIndex(of: arrival, below: samples, seed: seed)
    server.accumulateDifference(
      arrival, index: index, since: previous, into: estimate, weight: 1 / Double(batch.value))
  }

  /// Takes the step along the complete estimate and returns whether the next estimate is a full gradient,
  /// which starts from zero.
  mutating func step(_ server: inout Server) -> Bool {
    server.release(previous)
    previous = server.hold()
    server.step(keeping: estimate, by: gamma.value)
    var coin = RandomStream(seed: seed, purpose: .method, job: server.iteration)
    guard p.value == 1 || coin.uniform() < p.value else { return false }
    server.clear(estimate)
    return true
  }
}

extension Page {
  /// A prediction with K = ⌈(2Δ/ε)/γ⌉ updates, where an estimate takes `full` seconds with probability p,
  /// else `batch`.
  ///
  /// The table's entry is `full` Δ/ε for descent, else `full` + `batch` Δ/ε, with the seconds in `table`: the
  /// tables of the paper count a difference as one gradient, split samples evenly and leave out L.
  func prediction(
    _ setup: inout Setup, full: Double, batch: Double, table: (full: Double, batch: Double)
  ) throws(SetupError) -> Prediction {
    let progress = setup.goal.gap / setup.goal.epsilon
    let times = try freyaTimes(&setup)
    var prediction = Prediction(.finiteSum, .derived)
    prediction.iterations = times.iterations
    prediction.time = full + times.iterations * (p.value * full + (1 - p.value) * batch)
    prediction.table = isDescent ? table.full * progress : table.full + table.batch * progress
    if p.value < 1 {
      try setup.remark("time is the mean over the coin tosses between full gradients and batches")
    }
    prediction.lowerBound = try lowerBound(&setup)
    try addParameters(to: &prediction)
    try prediction.add("full_time", full)
    try prediction.add("batch_time", batch)
    return prediction
  }

  /// The paper's complexities for the fleet of `setup`.
  func freyaTimes(_ setup: inout Setup) throws(SetupError) -> Theory.FreyaTimes {
    Theory.FreyaTimes(
      try setup.fleet.sortedTimes(in: &setup.arena), samples: samples, batch: batch.value,
      probability: p.value,
      gamma: gamma.value,
      progress: setup.goal.gap / setup.goal.epsilon)
  }

  /// A lower bound for every method, up to a constant: messages take no time, since few may be sent.
  func lowerBound(_ setup: inout Setup) throws(SetupError) -> Double {
    try Self.lowerBound(&setup, samples: samples)
  }

  /// The lower bound for sums of `samples` functions.
  static func lowerBound(_ setup: inout Setup, samples: Int) throws(SetupError) -> Double {
    Theory.FreyaTimes(
      try setup.fleet.sortedTimes(sending: false, in: &setup.arena), samples: samples, batch: 1,
      probability: 1, gamma: 1,
      progress: setup.goal.gap / setup.goal.epsilon
    ).lowerBound
  }

  func addParameters(to prediction: inout Prediction) throws(SetupError) {
    try prediction.add("samples", Double(samples))
    try prediction.add("batch", Double(batch.value))
    try prediction.add("p", p.value)
  }
}
