// SPDX-License-Identifier: Apache-2.0

/// What the theory needs to know of a problem and of the goal. A quantity that is not known is NaN.
public struct Conditions: BitwiseCopyable, Sendable {
  /// L, the smoothness constant of f.
  public var smoothness = Double.nan
  /// σ², the bound on E‖∇f(x;ξ) − ∇f(x)‖², or on E‖∇fᵢ(x;ξ) − ∇fᵢ(x)‖² of every worker.
  public var variance = Double.nan
  /// f*, the infimum of f.
  public var optimum = Double.nan
  /// Δ = f(x⁰) − f*.
  public var gap = Double.nan
  /// R = ‖x⁰ − x*‖, the distance from the start to a minimum.
  public var distance = Double.nan
  /// ε, the accuracy aimed at: ‖∇f‖² ≤ ε.
  public var epsilon = 1e-4

  /// d, the length of a vector; 0 where it is not known.
  public var dimension = 0
  /// m of a finite sum f = (1/m) Σⱼ fⱼ; 0 where f is none.
  public var sampleCount = 0
  /// L±², the Hessian variance of a finite sum: the least constant with
  /// (1/m) Σⱼ ‖∇fⱼ(x) − ∇fⱼ(y)‖² − ‖∇f(x) − ∇f(y)‖² ≤ L±² ‖x − y‖².
  public var hessianVariance = Double.nan
  /// The bound on (1/m) Σⱼ ‖∇fⱼ(x) − ∇f(x)‖², the variance of one sample of a finite sum.
  public var sampleVariance = Double.nan
  /// Whether workers have objectives fᵢ of their own, with f = (1/n) Σᵢ fᵢ.
  public var isHeterogeneous = false
  /// What is known of the smoothness constants Lᵢ of the fᵢ, where workers have their own.
  public var workerSmoothness = WorkerSmoothness()
  /// What is known of how far the ∇fᵢ are apart, where workers have their own.
  public var dissimilarity = Dissimilarity()
  /// False where f is known not to be convex.
  public var isConvex = true

  /// The constants that are known: the others are NaN, d and m 0, and workers share one objective.
  public init(
    smoothness: Double = .nan, variance: Double = .nan, gap: Double = .nan, optimum: Double = .nan,
    distance: Double = .nan, epsilon: Double = 1e-4, dimension: Int = 0
  ) {
    (self.smoothness, self.variance, self.gap, self.optimum) = (smoothness, variance, gap, optimum)
    (self.distance, self.epsilon, self.dimension) = (distance, epsilon, dimension)
  }

  /// The same with what is known in `other` of L, σ², Δ, R, L±², the Lᵢ and ζ²: what a user knows and the
  /// problem does not, or values that the theory uses instead of the problem's. Where L, the mean or
  /// the root mean square of the Lᵢ is known on neither side, the next larger of these and max Lᵢ takes its
  /// place.
  public func assuming(_ other: Conditions) -> Conditions {
    var conditions = self
    if !other.smoothness.isNaN { conditions.smoothness = other.smoothness }
    if !other.variance.isNaN {
      conditions.variance = other.variance
      conditions.sampleVariance = other.variance
    }
    if !other.gap.isNaN { conditions.gap = other.gap }
    if !other.distance.isNaN { conditions.distance = other.distance }
    if !other.hessianVariance.isNaN { conditions.hessianVariance = other.hessianVariance }
    let given = other.workerSmoothness
    if !given.mean.isNaN { conditions.workerSmoothness.mean = given.mean }
    if !given.rootMeanSquare.isNaN { conditions.workerSmoothness.rootMeanSquare = given.rootMeanSquare }
    if !given.largest.isNaN { conditions.workerSmoothness.largest = given.largest }
    if !other.dissimilarity.constant.isNaN { conditions.dissimilarity = other.dissimilarity }
    conditions.boundSmoothness()
    return conditions
  }

  /// σ²/ε, the noise that the accuracy has to cope with.
  public var noiseRatio: Double { variance / epsilon }
}
