// SPDX-License-Identifier: Apache-2.0

/// The quantities of the fleet on which complexities depend. τᵢ is the mean duration of a job of worker i,
/// upload included; a worker whose mean is infinite counts as one that never delivers. All O(n).
extension Fleet {
  /// τₙ, the slowest worker's duration.
  public var slowestTime: Double {
    var slowest = 0.0
    for index in workers.indices { slowest = max(slowest, workers[index].meanDuration) }
    return slowest
  }

  /// (1/n) Σ τᵢ.
  public var averageTime: Double {
    var sum = CompensatedSum(0)
    for index in workers.indices { sum.add(workers[index].meanDuration) }
    return sum.value / Double(workers.count)
  }

  /// Σ 1/τᵢ, gradients a second.
  public var rate: Double {
    var sum = CompensatedSum(0)
    for index in workers.indices { sum.add(1 / workers[index].meanDuration) }
    return sum.value
  }

  /// min_m (Σ_{i≤m} 1/τᵢ)⁻¹(S + m), workers in order of speed: the seconds in which workers that start
  /// together complete S = `amount` gradients, at most.
  public func collectingTime(_ amount: Double) -> Double {
    Theory.fillingTime(demand: amount, count: workers.count) { (1, workers[$0].meanDuration) }
  }

  /// The same where messages take no time.
  func computingTime(_ amount: Double) -> Double {
    Theory.fillingTime(demand: amount, count: workers.count) { (1, workers[$0].computationMean) }
  }

  /// m*, how many of the fastest workers attain `collectingTime`; the smallest number of several.
  public func collectors(in time: Double) -> Double {
    var count = 0
    for index in workers.indices where workers[index].meanDuration < time * (1 - 0x1p-48) { count += 1 }
    return Double(max(1, count))
  }
}

extension Prediction {
  /// Sets the lower bounds for stochastic gradients: of shared data
  /// min_m (1/m Σ_{i≤m} 1/τᵢ)⁻¹(LΔ/ε + σ²LΔ/(mε²)), of data that differ τₙLΔ/ε + (1/n Σ τᵢ)σ²LΔ/(nε²), of
  /// convex problems min_m (1/m Σ_{i≤m} 1/τᵢ)⁻¹(√L R/√ε + σ²R²/(mε²)). Messages count nothing there: a method
  /// may send few, and the papers' theorems know none. Source: Tyurin, Richtárik (2023).
  mutating func setLowerBounds(_ conditions: Conditions, _ fleet: Fleet) {
    let goal = Goal(conditions)
    if conditions.isHeterogeneous {
      var (slowest, total) = (0.0, CompensatedSum(0))
      for index in fleet.workers.indices {
        slowest = max(slowest, fleet[index].computationMean)
        total.add(fleet[index].computationMean)
      }
      let n = Double(fleet.workers.count)
      lowerBound = Theory.heterogeneousTime(goal, workers: n, slowest: slowest, average: total.value / n)
    } else {
      lowerBound = goal.progress * fleet.computingTime(goal.noise)
      convexLowerBound = goal.acceleratedProgress * fleet.computingTime(goal.acceleratedNoise)
    }
  }

  /// The entry `perProgress` · LΔ/ε of the table, with its convex counterpart where f is smooth:
  /// τ(√L R/√ε + σ²R²/(Bε²)) for a method that takes `seconds` τ for a step with B = `batch` gradients.
  mutating func setTable(_ goal: Goal, seconds: Double, batch: Double) {
    table = seconds * goal.progress * (1 + goal.noise / batch)
    convexTable = seconds * (goal.acceleratedProgress + goal.convexNoise / batch)
  }
}

extension Goal {
  /// √L R/√ε.
  var acceleratedProgress: Double { (smoothness / epsilon).squareRoot() * distance }
  /// σ²R²/ε².
  var convexNoise: Double { noise * distance * distance / epsilon }
  /// σ²R/(ε^{3/2}√L), the relative noise of accelerated methods.
  var acceleratedNoise: Double { convexNoise / acceleratedProgress }
}

extension Theory {
  /// τₙLΔ/ε + τ_avg σ²LΔ/(nε²), which Malenia SGD and Ringleader ASGD attain up to a constant.
  static func heterogeneousTime(_ goal: Goal, _ fleet: Fleet) -> Double {
    heterogeneousTime(
      goal, workers: Double(fleet.workers.count), slowest: fleet.slowestTime, average: fleet.averageTime)
  }

  static func heterogeneousTime(
    _ goal: Goal, workers n: Double, slowest: Double, average: Double
  ) -> Double {
    // Without noise an infinite average does not matter.
    let noise = goal.noise == 0 ? 0 : average * goal.noise / n
    return goal.progress * (slowest + noise)
  }

  /// min_m (1/m Σ_{i≤m} 1/τᵢ)⁻¹(√L R/√ε + σ²R²/(mε²)), which Accelerated Rennala SGD attains up to a
  /// constant.
  public static func acceleratedTime(_ goal: Goal, _ fleet: Fleet) -> Double {
    goal.acceleratedProgress * fleet.collectingTime(goal.acceleratedNoise)
  }
}
