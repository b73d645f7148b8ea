/// QSGD: Minibatch SGD with compressed messages. Every worker computes one gradient at x^k and sends K of its
/// coordinates, drawn at random, times d/K; when all are in: x^{k+1} = x^k − γ(1/n) Σ Cᵢ(∇f(x^k; ξᵢ)).
///
/// With ω = d/K − 1 the estimator has E‖g‖² ≤ (1 + ω/n)‖∇f‖² + (1 + ω)σ²/n, hence
/// γ = min{1/(L(1 + ω/n)), εn/(2L(1 + ω)σ²)}. A step takes max{hᵢ + Kθ̇ᵢ} seconds, θ̇ᵢ being those of a coordinate.
/// K = d is Minibatch SGD. Source: Alistarh, Grubic, Li, Tomioka, Vojnović, "QSGD" (2017), with RandK.
public struct QSGD: Method {
  public static var name: StaticText { "qsgd" }
  public static var summary: StaticText {
    "QSGD: a gradient from every worker, of which K random coordinates are sent"
  }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ; nil: the theory's.
  public var stepsize: Double?
  /// K, the coordinates of a message.
  public var coordinates = 1

  public private(set) var gamma = 0.0
  private var sum = Slot()
  private var whole = Slot()
  private var collected = 0
  /// ω.
  private var omega = 0.0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.stepsize(&stepsize)
    try keys.coordinates(&coordinates)
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    let omega = try setup.compress(to: coordinates)
    self.omega = omega
    gamma = try stepsize.or(Self.theory(setup, omega: omega))
    sum = setup.slot()
    whole = setup.slot()
    setup.horizon = 0
  }

  private static func theory(_ setup: borrowing Setup, omega: Double) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    let n = Double(setup.workers)
    return min(1 / (1 + omega / n), noise > 0 ? n / (2 * (1 + omega) * noise) : .infinity) / smoothness
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulateCompressed(arrival, into: sum, by: whole)
    collected += 1
    if collected == server.workers {
      server.step(along: sum, by: gamma / Double(collected))
      collected = 0
      server.assignAll()
    }
  }
}

extension Keys {
  /// K of RandK; that it is at most d is checked by `Setup.compress(to:)`.
  mutating func coordinates(_ value: inout Int) throws(SetupError) {
    try count(
      "k", &value, limit: Int(Int32.max), "K, the random coordinates of a message", standard: "1",
      expected: "an integer from 1 to d, the dimension of the problem")
  }
}

extension QSGD {
  /// K = ⌈(12LΔ/ε) max{1 + ω/n, 2(1 + ω)σ²/(nε)}⌉ updates of max{hᵢ + Kθ̇ᵢ} seconds; the table's
  /// max{hᵢ + Kθ̇ᵢ}((ω/n + 1)LΔ/ε + (1 + ω)σ²LΔ/(nε²)).
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, fleet, n) = (setup.goal, setup.fleet, Double(setup.workers))
    var seconds = 0.0
    for index in fleet.workers.indices {
      let worker = fleet[index]
      seconds = max(
        seconds, worker.tau + worker.delay.mean + worker.messageDuration(coordinates: coordinates))
    }
    var prediction = Prediction(.any, .derived)
    prediction.guarantee = .smallest
    prediction.iterations = goal.iterations(
      beta: 1 + omega / n, zeta: (1 + omega) * goal.noise * goal.epsilon / n)
    prediction.time = seconds * prediction.iterations
    prediction.table = seconds * goal.progress * (1 + omega / n + (1 + omega) * goal.noise / n)
    prediction.setLowerBounds(setup)
    prediction.add("k", Double(coordinates))
    prediction.add("omega", omega)
    prediction.add("iteration_time", seconds)
    return prediction
  }
}
