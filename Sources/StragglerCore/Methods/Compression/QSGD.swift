// SPDX-License-Identifier: Apache-2.0

/// QSGD: Minibatch SGD with compressed messages. Every worker computes one gradient at x^k and sends K of its
/// coordinates, drawn at random, times d/K; when all are in: x^{k+1} = x^k − γ(1/n) Σ Cᵢ(∇f(x^k; ξᵢ)).
///
/// With ω = d/K − 1 the estimator has E‖g‖² ≤ β‖∇f‖² + ζ, where β = 1 + ω(1 + ρ)/n and ζ = (ωζ_d² + (1 +
/// ω)σ²)/n: compression adds ω/n times the mean of ‖∇fᵢ‖², which is at most ζ_d² + (1 + ρ)‖∇f‖²
/// (`Dissimilarity`), and ‖∇f‖² where data are shared. Hence γ = min{1/(Lβ), ε/(2Lζ)}. A step takes max{hᵢ +
/// Kθ̇ᵢ} seconds, θ̇ᵢ being those of a coordinate. K = d is Minibatch SGD. Source: Alistarh, Grubic, Li,
/// Tomioka, Vojnović, "QSGD" (2017), with RandK.
public struct QSGD: Method {
  public static var name: StaticText { "qsgd" }
  public static var summary: StaticText {
    "QSGD: a gradient from every worker, of which K random coordinates are sent"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .stepsize }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// K, the coordinates of a message.
  public var coordinates = 1

  private var sum = Slot()
  private var whole = Slot()
  private var collected = 0
  /// ω.
  private var omega = 0.0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.coordinates(&coordinates)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let omega = try setup.compress(to: coordinates)
    self.omega = omega
    gamma = try gamma.or(Self.theory(setup, omega: omega))
    sum = setup.slot()
    whole = setup.slot()
    setup.horizon = 0
  }

  private static func theory(_ setup: borrowing Setup, omega: Double) throws(SetupError) -> Double {
    let smoothness = try setup.conditions.smoothness(for: "gamma")
    let (epsilon, noise) = (setup.conditions.epsilon, try setup.conditions.noiseRatio(for: "gamma"))
    let dissimilarity =
      omega > 0 ? try setup.conditions.dissimilarity(for: "gamma") : Dissimilarity(constant: 0)
    return moment(
      omega: omega, workers: setup.workers, variance: noise * epsilon, dissimilarity
    ).stepsize(smoothness: smoothness, epsilon: epsilon)
  }

  /// β and ζ of E‖g‖² ≤ β‖∇f‖² + ζ.
  private static func moment(
    omega: Double, workers: Int, variance: Double, _ dissimilarity: Dissimilarity
  ) -> SecondMoment {
    let n = Double(workers)
    // Without compression it does not matter by how much gradients differ.
    let difference = omega > 0 ? omega * dissimilarity.constant : 0
    return SecondMoment(
      beta: 1 + omega * (1 + dissimilarity.growth) / n, zeta: (difference + (1 + omega) * variance) / n)
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulateCompressed(arrival, into: sum, by: whole)
    collected += 1
    if collected == server.workers {
      server.step(along: sum, by: gamma, over: Double(collected))
      collected = 0
      server.assignAll()
    }
  }
}

extension Keys {
  /// K of RandK; that it is at most d is checked by `Setup.compress(to:)`.
  mutating func coordinates(_ value: inout Int) throws(SetupError) {
    try count(
      KeyName("K", formerly: "k"), &value, limit: Int(Int32.max), "the random coordinates of a message",
      standard: "1",
      expected: "an integer from 1 to d, the dimension of the problem")
  }
}

extension QSGD {
  /// K = ⌈(12LΔ/ε) max{β, 2ζ/ε}⌉ updates of max{hᵢ + Kθ̇ᵢ} seconds; the table's max{hᵢ + Kθ̇ᵢ}(LΔ/ε)(β +
  /// ζ/ε), which for shared data is max{hᵢ + Kθ̇ᵢ}((ω/n + 1)LΔ/ε + (1 + ω)σ²LΔ/(nε²)).
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, fleet, conditions) = (setup.goal, setup.fleet, setup.conditions)
    var seconds = 0.0
    for index in fleet.workers.indices {
      let worker = fleet[index]
      seconds = max(
        seconds, worker.tau + worker.delay.mean + worker.messageDuration(coordinates: coordinates))
    }
    var prediction = Prediction(.any, .derived)
    prediction.guarantee = .smallest
    let dissimilarity =
      conditions.isHeterogeneous ? conditions.dissimilarity : Dissimilarity(constant: 0)
    let moment = Self.moment(
      omega: omega, workers: setup.workers, variance: goal.noise * goal.epsilon, dissimilarity)
    prediction.iterations = goal.iterations(beta: moment.beta, zeta: moment.zeta)
    prediction.time = seconds * prediction.iterations
    prediction.table = seconds * goal.progress * (moment.beta + moment.zeta / goal.epsilon)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("k", Double(coordinates))
    try prediction.add("omega", omega)
    if conditions.isHeterogeneous {
      try prediction.add(ProblemConstant.dissimilarity.key, dissimilarity.constant)
    }
    try prediction.add("iteration_time", seconds)
    return prediction
  }
}
