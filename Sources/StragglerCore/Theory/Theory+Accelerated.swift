// SPDX-License-Identifier: Apache-2.0

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

  static func acceleratedBatch(_ conditions: Conditions) throws(SetupError) -> Int {
    let size = acceleratedBatch(
      smoothness: try conditions.smoothness(for: "batch"), distance: try conditions.distance(for: "batch"),
      variance: try conditions.noiseRatio(for: "batch") * conditions.epsilon,
      epsilon: conditions.epsilon)
    guard size <= 0x1p53 else { throw .excessive(key: "batch", limit: "2^53") }
    return Int(whole: size)
  }

  static func acceleratedStepsize(_ conditions: Conditions, batch: Int) throws(SetupError) -> Double {
    let smoothness = try conditions.smoothness(for: "gamma")
    let noise = try conditions.noiseRatio(for: "gamma")
    guard noise > 0 else { return 1 / (4 * smoothness) }
    let distance = try conditions.distance(for: "gamma")
    return acceleratedStepsize(
      smoothness: smoothness, distance: distance, variance: noise * conditions.epsilon,
      batch: Double(batch),
      iterations: acceleratedIterations(
        smoothness: smoothness, distance: distance, epsilon: conditions.epsilon))
  }
}
