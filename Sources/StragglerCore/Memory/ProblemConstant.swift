// SPDX-License-Identifier: Apache-2.0

/// A constant of a problem that theorems need, with its key in the command language and words for it.
public enum ProblemConstant: Int, BitwiseCopyable, Sendable {
  /// L, the smoothness constant of f.
  case smoothness
  /// σ², the variance of a stochastic gradient.
  case variance
  /// Δ = f(x⁰) − f*.
  case gap
  /// R = ‖x⁰ − x*‖.
  case distance
  /// f*, the infimum of f.
  case optimum
  /// L±², the Hessian variance of a finite sum; its key takes the root.
  case hessianVariance
  /// (1/n) Σ Lᵢ.
  case meanSmoothness
  /// √((1/n) Σ Lᵢ²).
  case rootMeanSquareSmoothness
  /// max Lᵢ.
  case largestSmoothness
  /// ζ², the bound on (1/n) Σ ‖∇fᵢ − ∇f‖² for all points.
  case dissimilarity

  /// The key of `target` that gives it.
  public var key: StaticText {
    switch self {
    case .smoothness: "L"
    case .variance: "sigma2"
    case .gap: "Delta"
    case .distance: "R"
    case .optimum: "fstar"
    case .hessianVariance: "L_pm"
    case .meanSmoothness: "L_mean"
    case .rootMeanSquareSmoothness: "L_rms"
    case .largestSmoothness: "L_max"
    case .dissimilarity: "zeta2"
    }
  }

  /// What the key takes, with its symbol, for `help`.
  public var summary: StaticText {
    switch self {
    case .smoothness: "smoothness of f"
    case .variance: "σ², the variance of a stochastic gradient"
    case .gap: "Δ = f(x⁰) − f*, how much there is to gain"
    case .distance: "R = ‖x⁰ − x*‖, for convex problems"
    case .optimum: "f*, the infimum of f, for the gap"
    case .hessianVariance: "L±, the root of a finite sum's Hessian variance"
    case .meanSmoothness: "(1/n) Σ Lᵢ, the mean smoothness of the workers' objectives"
    case .rootMeanSquareSmoothness: "√((1/n) Σ Lᵢ²), for gradients of several ages"
    case .largestSmoothness: "max Lᵢ, the smoothness of every worker's objective"
    case .dissimilarity: "ζ², a bound on (1/n) Σ ‖∇fᵢ − ∇f‖² for all points"
    }
  }

  /// What it is, with its symbol, as the object of a sentence that begins with "the".
  public var words: StaticText {
    switch self {
    case .smoothness: "smoothness constant L"
    case .variance: "variance σ² of its gradients"
    case .gap: "distance Δ of the first loss from the smallest one"
    case .distance: "distance R from the starting point to a minimum"
    case .optimum: "infimum f*"
    case .hessianVariance: "Hessian variance L±²"
    case .meanSmoothness: "mean of the workers' constants Lᵢ"
    case .rootMeanSquareSmoothness: "root mean square of the workers' constants Lᵢ"
    case .largestSmoothness: "largest of the workers' constants Lᵢ"
    case .dissimilarity: "bound ζ² on (1/n) Σ ‖∇fᵢ − ∇f‖² for all points"
    }
  }

  /// Whether it has to be positive to be of use; others may be 0, and f* any number.
  public var isPositive: Bool {
    switch self {
    case .smoothness, .meanSmoothness, .rootMeanSquareSmoothness, .largestSmoothness: true
    case .variance, .gap, .distance, .optimum, .hessianVariance, .dissimilarity: false
    }
  }
}
