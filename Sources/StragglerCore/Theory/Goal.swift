// SPDX-License-Identifier: Apache-2.0

/// The target of a run, in the quantities on which iteration counts depend.
public struct Goal: BitwiseCopyable, Sendable {
  /// L, the smoothness constant of f.
  public let smoothness: Double
  /// Δ = f(x⁰) − f*.
  public let gap: Double
  /// ε, the accuracy aimed at.
  public let epsilon: Double
  /// σ²/ε, the noise relative to the accuracy.
  public let noise: Double
  /// R = ‖x⁰ − x*‖.
  public let distance: Double
  /// LΔ/ε.
  public let progress: Double

  /// The values of `conditions`; unknown ones are NaN.
  public init(_ conditions: Conditions) { self.init(conditions, smoothness: conditions.smoothness) }

  /// The same for theorems that hold with another constant than f's L.
  init(_ conditions: Conditions, smoothness L: Double) {
    smoothness = L > 0 ? L : .nan
    gap = conditions.gap >= 0 ? conditions.gap : .nan
    epsilon = conditions.epsilon
    noise = conditions.noiseRatio >= 0 ? conditions.noiseRatio : .nan
    distance = conditions.distance >= 0 ? conditions.distance : .nan
    progress = smoothness * gap / epsilon
  }

  /// K = ⌈8LΔ/ε + 8σ²LΔ/(Bε²)⌉ updates of SGD with gradients of variance σ²/B and γ = (1/2L) min{1, εB/σ²}:
  /// then the mean of E‖∇f(x^k)‖² is at most ε. The classical theorem (Ghadimi and Lan, 2013).
  public func iterations(batch: Double) -> Double {
    Theory.ceiling(8 * progress * (1 + noise / batch))
  }

  /// K = ⌈(12LΔ/ε) max{β, 12Δα/ε, 2ζ/ε}⌉ updates of SGD with E‖g‖² ≤ 2α(f − f*) + β‖∇f‖² + ζ: then the
  /// smallest E‖∇f(x^k)‖² is at most ε. Source: Khaled, Richtárik (2020).
  public func iterations(alpha: Double = 0, beta: Double, zeta: Double) -> Double {
    let failures = alpha > 0 ? 12 * gap * alpha / epsilon : 0
    return Theory.ceiling(12 * progress * max(beta, max(failures, 2 * zeta / epsilon)))
  }
}

/// SGD with delayed gradients: γ = min{1/(aL), ε/(cLσ²)}, and K = ⌈4Δ/(γε)⌉ with the minimum split into its
/// sum: K = ⌈4aLΔ/ε + 4cσ²LΔ/ε²⌉. a and c are those of the method's theorem.
public struct DelayedSGD: BitwiseCopyable, Sendable {
  /// a, of the size of the largest delay.
  public let delay: Double
  /// c, how much the variance σ² counts.
  public let noise: Double

  /// SGD whose theorem has the constants a = `delay` and c = `noise`.
  public init(delay: Double, noise: Double) {
    self.delay = delay
    self.noise = noise
  }

  /// K = ⌈4aLΔ/ε + 4cσ²LΔ/ε²⌉ updates for `goal`; NaN where a constant is not known.
  public func iterations(_ goal: Goal) -> Double {
    Theory.ceiling(4 * goal.progress * (delay + noise * goal.noise))
  }

  /// γ, for the L and σ² of `conditions`.
  func stepsize(_ conditions: Conditions) throws(SetupError) -> Double {
    try stepsize(conditions, smoothness: conditions.smoothness(for: "gamma"))
  }

  /// γ of a method that uses every gradient as it comes, for the σ² of `conditions` and the largest Lᵢ;
  /// throws where data differ without a known bound, since any γ can then be too large.
  func stepsizeForSimilarWorkers(_ conditions: Conditions) throws(SetupError) -> Double {
    try stepsize(conditions, smoothness: conditions.smoothnessOfSimilarWorkers(for: "gamma"))
  }

  /// γ, for L = `smoothness` and the σ² of `conditions`.
  func stepsize(_ conditions: Conditions, smoothness: Double) throws(SetupError) -> Double {
    let ratio = try conditions.noiseRatio(for: "gamma")
    return min(1 / (delay * smoothness), ratio > 0 ? 1 / (noise * smoothness * ratio) : .infinity)
  }
}

/// SGD with E‖g‖² ≤ β‖∇f‖² + ζ: γ = min{1/(Lβ), ε/(2Lζ)}, and K of `Goal.iterations(beta:zeta:)`.
///
/// Source: Khaled, Richtárik (2020).
struct SecondMoment: BitwiseCopyable, Sendable {
  var beta: Double
  var zeta: Double

  func stepsize(smoothness: Double, epsilon: Double) -> Double {
    min(1 / beta, zeta > 0 ? epsilon / (2 * zeta) : .infinity) / smoothness
  }
}

extension Theory {
  /// ⌈x⌉, where what rounding adds to an integer does not count: ⌈0.3/0.1⌉ is 3.
  public static func ceiling(_ x: Double) -> Double {
    (x - min(0.25, x.magnitude * 0x1p-48)).rounded(.up)
  }

  /// ⌊x⌋, where what rounding takes from an integer does not count: ⌊1.2/0.2⌋ is 6.
  public static func floor(_ x: Double) -> Double {
    (x + min(0.25, x.magnitude * 0x1p-48)).rounded(.down)
  }
}
