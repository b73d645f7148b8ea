extension Theory {
  /// S = max{⌈σ²R/(ε^{3/2}√L)⌉, 1} of Accelerated Rennala SGD. Source: Tyurin, Richtárik (2024).
  public static func acceleratedBatch(
    smoothness: Double, distance: Double, variance: Double, epsilon: Double
  ) -> Double {
    let demand = variance * distance / (epsilon * epsilon.squareRoot() * smoothness.squareRoot())
    return max(1, Theory.ceiling(demand))
  }

  /// K = ⌈8√L R/√ε⌉ updates of Accelerated Rennala SGD reach E f(x^K) − f* ≤ ε.
  public static func acceleratedIterations(smoothness: Double, distance: Double, epsilon: Double) -> Double {
    Theory.ceiling(8 * smoothness.squareRoot() * distance / epsilon.squareRoot())
  }

  /// γ = min{1/(4L), (3R²S/(4σ²(K + 1)(K + 2)²))^{1/2}} for K = `iterations` updates with batch S.
  public static func acceleratedStepsize(
    smoothness: Double, distance: Double, variance: Double, batch: Double, iterations K: Double
  ) -> Double {
    let safe = 1 / (4 * smoothness)
    guard variance > 0 else { return safe }
    let (a, b) = (K + 1, K + 2)
    return min(safe, (3 * distance * distance * batch / (4 * variance * a * b * b)).squareRoot())
  }

  static func acceleratedBatch(_ setup: borrowing Setup) throws(SetupError) -> Int {
    let size = acceleratedBatch(
      smoothness: try setup.smoothness(for: "batch"), distance: try setup.distance(for: "batch"),
      variance: try setup.noiseRatio(for: "batch") * setup.conditions.epsilon,
      epsilon: setup.conditions.epsilon)
    guard size <= 0x1p53 else {
      throw .invalid(key: "batch", expected: "a batch given, since the theory's is beyond all bounds")
    }
    return Int(size)
  }

  static func acceleratedStepsize(_ setup: borrowing Setup, batch: Int) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    guard noise > 0 else { return 1 / (4 * smoothness) }
    let distance = try setup.distance(for: "gamma")
    return acceleratedStepsize(
      smoothness: smoothness, distance: distance, variance: noise * setup.conditions.epsilon,
      batch: Double(batch),
      iterations: acceleratedIterations(
        smoothness: smoothness, distance: distance, epsilon: setup.conditions.epsilon))
  }
}

extension Setup {
  /// R = ‖x⁰ − x*‖ for the theory's value of `key`.
  func distance(for key: StaticText) throws(SetupError) -> Double {
    guard conditions.distance >= 0 else {
      throw .noTheory(key: key, missing: .distance)
    }
    return conditions.distance
  }
}
