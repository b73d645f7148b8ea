// SPDX-License-Identifier: Apache-2.0

/// Freya SGD: x^{k+1} = x^k − γ(1/S) Σ ∇fⱼ(x^k) over the first S gradients from any workers, each of an
/// independent uniform sample j; then the others are cancelled. Rennala SGD with `stops` on a finite sum.
///
/// S = ⌈√m⌉, γ = min{1/L, εS/(2Lσ²)}, where σ² bounds the variance (1/m) Σ ‖∇fⱼ − ∇f‖² of one sample, however
/// many a stochastic gradient of the problem has. f = (1/m) Σ fⱼ. Not optimal. Source: Tyurin, Gruntkowska,
/// Richtárik, "Freya PAGE" (2024), where it is named.
public struct FreyaSGD: Method {
  public static var name: StaticText { "freya-sgd" }
  public static var summary: StaticText {
    "Freya SGD: a step along the mean of the first S samples' gradients, for finite sums"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .stepsize }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the gradients of a step; nil: ⌈√m⌉.
  public var batch = Parameter<Int>.theory

  private var samples = 0
  private var seed: UInt64 = 0
  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("batch", &batch.given, "S, the gradients of a step", standard: "⌈√m⌉")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    samples = try setup.sampleCount()
    seed = setup.seed
    batch = try batch.or(Theory.pageBatch(samples: samples))
    gamma = try gamma.or(Self.theory(setup, batch: batch.value))
    sum = setup.slot()
    setup.horizon = 0
  }

  private static func theory(_ setup: borrowing Setup, batch: Int) throws(SetupError) -> Double {
    let smoothness = try setup.conditions.smoothness(for: "gamma")
    guard setup.conditions.sampleVariance >= 0 else { throw .noTheory(key: "gamma", missing: .variance) }
    return SecondMoment(beta: 1, zeta: setup.conditions.sampleVariance / Double(batch))
      .stepsize(smoothness: smoothness, epsilon: setup.conditions.epsilon)
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let index = server.sampleIndex(of: arrival, below: samples, seed: seed)
    server.accumulate(arrival, index: index, into: sum, weight: 1)
    collected += 1
    guard collected == batch.value else { return server.assign(arrival.worker) }
    server.step(along: sum, by: gamma, over: Double(batch.value))
    collected = 0
    server.assignAll()
  }
}

extension FreyaSGD {
  /// K = ⌈(12LΔ/ε) max{1, 2σ²/(Sε)}⌉ updates, each in at most min_j (Σ_{i≤j} 1/τᵢ)⁻¹(S + j) seconds.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, S) = (setup.goal, Double(batch.value))
    let seconds = setup.fleet.collectingTime(S)
    var prediction = Prediction(.finiteSum, .derived)
    prediction.guarantee = .smallest
    prediction.iterations = goal.iterations(beta: 1, zeta: setup.conditions.sampleVariance / S)
    prediction.time = seconds * prediction.iterations
    prediction.table = seconds * goal.progress
    prediction.lowerBound = try Page.lowerBound(&setup, samples: samples)
    try prediction.add("samples", Double(samples))
    try prediction.add("batch", S)
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}
