/// Parameters that the papers' theorems give, for fleets with fixed durations τᵢ (random ones enter with their
/// typical duration). Stepsizes and sizes need L and σ² of the problem and throw where these are not known.
public enum Theory {
  /// γ = min{1/L, εS/(2Lσ²)} of Rennala SGD with batch S. Source: Tyurin, Richtárik (2023).
  static func rennalaStepsize(_ setup: borrowing Setup, batch: Int) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    return min(1, noise > 0 ? Double(batch) / (2 * noise) : 1) / smoothness
  }

  /// γ = min{1/(2RL), ε/(4Lσ²)} of Ringmaster ASGD with threshold R. Source: Maranjyan, Tyurin, Richtárik (2025).
  ///
  /// For R = ∞ no theorem holds; R is then taken for the fleet's largest delay.
  static func ringmasterStepsize(_ setup: borrowing Setup, threshold: Int) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    let R = threshold == .max ? largestDelay(setup.fleet) + 1 : Double(threshold)
    return min(1 / (2 * R * smoothness), noise > 0 ? 1 / (4 * smoothness * noise) : .infinity)
  }

  /// γ = min{1/(2L√(τ_max n)), ε/(4Lσ²)} of Asynchronous SGD (constant not verified). Source: Koloskova, Stich, Jaggi (2022).
  static func asynchronousStepsize(_ setup: borrowing Setup) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    let delay = max(1, largestDelay(setup.fleet)) * Double(setup.workers)
    return min(
      1 / (2 * smoothness * delay.squareRoot()), noise > 0 ? 1 / (4 * smoothness * noise) : .infinity)
  }

  /// γ = min{1/(4Ln), ε/(4Lσ²)} of delay-adaptive ASGD with n jobs at a time (constant not verified).
  static func adaptiveStepsize(
    _ setup: borrowing Setup, concurrency: Int
  ) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    return min(1 / Double(concurrency), noise > 0 ? 1 / noise : .infinity) / (4 * smoothness)
  }

  /// τ_max, the updates that pass while the slowest worker does a job: Σᵢ max τ / τᵢ. Workers that never finish count nothing.
  static func largestDelay(_ fleet: Fleet) -> Double {
    var slowest = 0.0
    for index in fleet.workers.indices {
      let duration = fleet[index].typicalDuration
      if duration < .infinity { slowest = max(slowest, duration) }
    }
    var delay = 0.0
    for index in fleet.workers.indices {
      let duration = fleet[index].typicalDuration
      if duration > 0 { delay += slowest / duration }
    }
    return delay
  }

  /// m = argmin τ_m(1 + σ²/(mε)) of m-synchronous SGD, the workers in order of speed; the smallest of several.
  static func synchronousSize(_ setup: inout Setup) throws(SetupError) -> Int {
    let noise = try setup.noiseRatio(for: "m")
    let order = try setup.workersBySpeed()
    var best = (time: Double.infinity, m: 1)
    for index in order.indices {
      let m = index + 1
      let time = setup.fleet[Int(order[index])].typicalDuration * (1 + noise / Double(m))
      if time < best.time { best = (time, m) }
    }
    return best.m
  }

  /// m* = argmin (1/m Σ_{i≤m} 1/τᵢ)⁻¹(1 + σ²/(mε)) of Naive Optimal ASGD; the smallest of several.
  ///
  /// Source: Maranjyan, Tyurin, Richtárik (2025).
  static func naiveSize(_ setup: borrowing Setup, order: Table<Int32>) throws(SetupError) -> Int {
    let noise = try setup.noiseRatio(for: "m")
    var best = (time: Double.infinity, m: 1)
    var rate = 0.0
    for index in order.indices {
      rate += 1 / setup.fleet[Int(order[index])].typicalDuration
      let m = Double(index + 1)
      let time = (m + noise) / rate
      if time < best.time { best = (time, index + 1) }
    }
    return best.m
  }
}
