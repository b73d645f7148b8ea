extension Theory {
  /// B ≥ τ_n/(2τ_avg), the least harmonic mean of the gradients that workers have in the table of Ringleader ASGD
  /// when it makes an update. Workers that never finish do not count.
  static func ringleaderBatch(_ fleet: Fleet) -> Double {
    var (slowest, total, count) = (0.0, 0.0, 0.0)
    for index in fleet.workers.indices {
      let duration = fleet[index].typicalDuration
      guard duration < .infinity else { continue }
      slowest = max(slowest, duration)
      total += duration
      count += 1
    }
    return total > 0 ? slowest / (2 * (total / count)) : 0.5
  }

  /// γ = min{1/(8nL), εB/(10Lσ²)} of Ringleader ASGD. Source: Maranjyan, Richtárik (2025).
  static func ringleaderStepsize(_ setup: borrowing Setup) throws(SetupError) -> Double {
    let smoothness = try setup.smoothness(for: "gamma")
    let noise = try setup.noiseRatio(for: "gamma")
    let batch = ringleaderBatch(setup.fleet)
    return min(1 / (8 * Double(setup.workers)), noise > 0 ? batch / (10 * noise) : .infinity) / smoothness
  }
}
