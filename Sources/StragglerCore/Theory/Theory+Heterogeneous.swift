// SPDX-License-Identifier: Apache-2.0

extension Theory {
  /// B ≥ τ_n/(2τ_avg), the least harmonic mean of the gradients that workers have in the table of Ringleader
  /// ASGD when it makes an update. Workers that never finish do not count.
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

  /// a = 8n and c = 10/B of Ringleader ASGD: γ = min{1/(8nL), εB/(10Lσ²)} and K = ⌈32nLΔ/ε + 40σ²LΔ/(Bε²)⌉.
  ///
  /// Source: Maranjyan, Richtárik (2025).
  static func ringleader(_ fleet: Fleet) -> DelayedSGD {
    DelayedSGD(delay: 8 * Double(fleet.count), noise: 10 / ringleaderBatch(fleet))
  }
}
