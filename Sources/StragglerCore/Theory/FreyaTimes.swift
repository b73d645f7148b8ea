// SPDX-License-Identifier: Apache-2.0

extension Theory {
  /// ⌈√m⌉, the batch of the methods for finite sums.
  public static func pageBatch(samples: Int) -> Int {
    max(1, Int(Double(max(0, samples)).squareRoot().rounded(.up)))
  }

  /// γ = (L₋ + L±√((1 − p)/(pS)))⁻¹ of PAGE. Source: Li, Bao, Zhang, Richtárik (2021).
  public static func pageStepsize(
    smoothness: Double, hessianVariance: Double, batch: Int, probability: Double
  ) -> Double {
    guard probability < 1 else { return 1 / smoothness }
    let ratio = (1 - probability) / (probability * Double(batch))
    return 1 / (smoothness + (hessianVariance * ratio).squareRoot())
  }

  static func pageStepsize(
    _ conditions: Conditions, batch: Int, probability: Double
  ) throws(SetupError) -> Double {
    let smoothness = try conditions.smoothness(for: "gamma")
    let variance = conditions.hessianVariance
    guard probability == 1 || variance >= 0 else {
      throw .noTheory(key: "gamma", missing: .hessianVariance)
    }
    return pageStepsize(
      smoothness: smoothness, hessianVariance: variance, batch: batch, probability: probability)
  }

  /// min_j (Σ_{i≤j} 1/τᵢ)⁻¹(`amount` + j), the seconds in which workers with times `times`, in ascending
  /// order, complete the `amount` fastest gradients; with the smallest such j, from 1. O(n).
  public static func batchTime(_ times: Table<Double>, amount: Double) -> (seconds: Double, workers: Int) {
    var best = (seconds: Double.infinity, workers: 1)
    var rate = 0.0
    for index in times.indices {
      rate += 1 / times[index]
      let seconds = (amount + Double(index + 1)) / rate
      if seconds < best.seconds { best = (seconds, index + 1) }
    }
    return best
  }

  /// The time complexities of the methods for finite sums, in seconds.
  ///
  /// Without constants, as in Table 1 of "Freya PAGE" (2024), unless said otherwise.
  public struct FreyaTimes: Sendable {
    /// min_j (Σ_{i≤j} 1/τᵢ)⁻¹(m + j), about the seconds of a full gradient.
    public let full: Double
    /// min_j (Σ_{i≤j} 1/τᵢ)⁻¹(S + j), about the seconds of a batch.
    public let batch: Double
    /// A full gradient with the duplicates: m + min{m, n} ln min{m, n} instead of m.
    public let fullWithDuplicates: Double
    /// K = ⌈(2Δ/ε)/γ⌉.
    public let iterations: Double
    /// Freya PAGE: `full` + (Δ/ε) `batch`.
    public let freya: Double
    /// Freya PAGE with the constants 12 and 4 (not verified).
    public let freyaBound: Double
    /// Hero GD: τ₁m Δ/ε.
    public let heroGD: Double
    /// Soviet GD: τₙ(m/n) Δ/ε.
    public let sovietGD: Double
    /// Hero PAGE: τ₁m + τ₁√m Δ/ε.
    public let heroPage: Double
    /// Soviet PAGE: τₙm/n + τₙ(√m/n) Δ/ε.
    public let sovietPage: Double
    /// `full` (1 + Δ/(ε√m)): no method is faster.
    public let lowerBound: Double

    /// For workers with `times` in ascending order, m = `samples`, Δ/ε = `progress`, and PAGE with S, p and
    /// γ.
    public init(
      _ times: Table<Double>, samples: Int, batch size: Int, probability p: Double, gamma: Double,
      progress: Double
    ) {
      let (m, S, n) = (Double(samples), Double(size), Double(times.count))
      let coupons = min(m, n)
      full = batchTime(times, amount: m).seconds
      batch = batchTime(times, amount: S).seconds
      fullWithDuplicates = batchTime(times, amount: m + coupons * Elementary.log(max(1, coupons))).seconds
      iterations = Theory.ceiling(2 * progress / gamma)
      freya = full + progress * batch
      freyaBound =
        12 * fullWithDuplicates + iterations * (p * 12 * fullWithDuplicates + (1 - p) * 4 * batch)
      let first = times.isEmpty ? .nan : times[0]
      let last = times.isEmpty ? .nan : times[times.count - 1]
      let root = m.squareRoot()
      heroGD = first * m * progress
      sovietGD = last * m / n * progress
      heroPage = first * m + first * progress * root
      sovietPage = last * m / n + last * progress * root / n
      lowerBound = full + progress / root * full
    }
  }
}
