// SPDX-License-Identifier: Apache-2.0

/// Parameters that the papers' theorems give, for fleets with fixed durations τᵢ (random ones enter with
/// their typical duration). Stepsizes and sizes need L and σ² of the problem and throw where these are not
/// known.
public enum Theory {
  /// γ = min{1/L, εS/(2Lσ²)} of Rennala SGD with batch S. Source: Tyurin, Richtárik (2023).
  static func rennalaStepsize(_ conditions: Conditions, batch: Int) throws(SetupError) -> Double {
    let smoothness = try conditions.smoothness(for: "gamma")
    let noise = try conditions.noiseRatio(for: "gamma")
    return min(1, noise > 0 ? Double(batch) / (2 * noise) : 1) / smoothness
  }

  /// a = 2R and c = 4 of Ringmaster ASGD with threshold R: γ = min{1/(2RL), ε/(4Lσ²)} and
  /// K = ⌈8RLΔ/ε + 16σ²LΔ/ε²⌉ (K's constants not verified). Source: Maranjyan, Tyurin, Richtárik (2025).
  ///
  /// R = ∞ is R = τ_max + 1, from which on nothing is discarded; where τ_max has no bound no theorem holds,
  /// and that for the mean durations takes its place.
  static func ringmaster(_ fleet: Fleet, threshold: Int) -> DelayedSGD {
    DelayedSGD(delay: 2 * (threshold == .max ? usualDelay(fleet) + 1 : Double(threshold)), noise: 4)
  }

  /// a = 2√(τ_max n) and c = 4 of Asynchronous SGD (constants not verified). Source: Koloskova, Stich, Jaggi
  /// (2022).
  static func asynchronous(_ fleet: Fleet) -> DelayedSGD {
    let delay = max(1, usualDelay(fleet)) * Double(fleet.count)
    return DelayedSGD(delay: 2 * delay.squareRoot(), noise: 4)
  }

  /// a = 4n and c = 4 of delay-adaptive ASGD with n jobs at a time (constants not verified).
  ///
  /// Source: Mishchenko, Bach, Even, Woodworth (2022).
  static func adaptive(concurrency: Int) -> DelayedSGD {
    DelayedSGD(delay: 4 * Double(concurrency), noise: 4)
  }

  /// m = argmin τ_m(1 + σ²/(mε)) of m-synchronous SGD, the workers in order of speed; the smallest of
  /// several.
  static func synchronousSize(
    _ conditions: Conditions, _ fleet: Fleet, order: Table<Int32>
  ) throws(SetupError) -> Int {
    let noise = try conditions.noiseRatio(for: "m")
    var best = (time: Double.infinity, m: 1)
    for index in order.indices {
      let m = index + 1
      let time = fleet[Int(order[index])].typicalDuration * (1 + noise / Double(m))
      if time < best.time { best = (time, m) }
    }
    return best.m
  }

  /// m* = argmin (1/m Σ_{i≤m} 1/τᵢ)⁻¹(1 + σ²/(mε)) of Naive Optimal ASGD; the smallest of several.
  ///
  /// Source: Maranjyan, Tyurin, Richtárik (2025).
  static func naiveSize(
    _ conditions: Conditions, _ fleet: Fleet, order: Table<Int32>
  ) throws(SetupError) -> Int {
    let noise = try conditions.noiseRatio(for: "m")
    var best = (time: Double.infinity, m: 1)
    var rate = 0.0
    for index in order.indices {
      rate += 1 / fleet[Int(order[index])].typicalDuration
      let m = Double(index + 1)
      let time = (m + noise) / rate
      if time < best.time { best = (time, index + 1) }
    }
    return best.m
  }
}
