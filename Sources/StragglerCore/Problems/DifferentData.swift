// SPDX-License-Identifier: Apache-2.0

// What theorems about workers with objectives fᵢ of their own need to know of them, beyond what they need of
// f.

/// How far the workers' gradients are apart: (1/n) Σ ‖∇fᵢ(x) − ∇f(x)‖² ≤ ζ² + ρ‖∇f(x)‖² for every x.
public struct Dissimilarity: BitwiseCopyable, Equatable, Sendable {
  /// ζ²; NaN where no bound is known.
  public var constant = Double.nan
  /// ρ; 0 where the gradients differ by no more than ζ² however large ‖∇f‖ is.
  public var growth = 0.0

  /// Nothing known.
  public init() {}

  /// The bound with ζ² = `constant` and ρ = `growth`.
  public init(constant: Double, growth: Double = 0) {
    self.constant = constant
    self.growth = growth
  }
}

/// The smoothness constants Lᵢ of the workers' objectives; L ≤ mean ≤ root mean square ≤ largest.
public struct WorkerSmoothness: BitwiseCopyable, Equatable, Sendable {
  /// (1/n) Σ Lᵢ.
  public var mean = Double.nan
  /// √((1/n) Σ Lᵢ²): ‖∇f(x) − (1/n) Σ ∇fᵢ(yᵢ)‖² ≤ its square times (1/n) Σ ‖x − yᵢ‖².
  public var rootMeanSquare = Double.nan
  /// max Lᵢ.
  public var largest = Double.nan

  /// Nothing known.
  public init() {}

  /// The three numbers, in their order.
  public init(mean: Double, rootMeanSquare: Double, largest: Double) {
    self.mean = mean
    self.rootMeanSquare = rootMeanSquare
    self.largest = largest
  }
}

extension Conditions {
  /// Bounds what is not known of L and the Lᵢ by the next larger number that is.
  mutating func boundSmoothness() {
    if workerSmoothness.rootMeanSquare.isNaN { workerSmoothness.rootMeanSquare = workerSmoothness.largest }
    if workerSmoothness.mean.isNaN { workerSmoothness.mean = workerSmoothness.rootMeanSquare }
    if smoothness.isNaN { smoothness = workerSmoothness.mean }
  }

  /// √((1/n) Σ Lᵢ²); L where all workers have one objective.
  var rootMeanSquareSmoothness: Double { isHeterogeneous ? workerSmoothness.rootMeanSquare : smoothness }

  /// max Lᵢ; L where all workers have one objective.
  var largestSmoothness: Double { isHeterogeneous ? workerSmoothness.largest : smoothness }
}
