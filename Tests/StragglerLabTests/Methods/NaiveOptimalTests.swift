// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct NaiveOptimalTests {
  private func naive(_ m: Int, _ gamma: Double) -> NaiveOptimal {
    MethodLab.make(NaiveOptimal.self) { ($0.gamma.given, $0.m.given) = (gamma, m) }
  }

  /// The m workers of the smallest mean durations; of equal ones the first.
  private func fastest(_ m: Int, _ workers: [Worker]) -> [Int] {
    let durations = workers.map { $0.tau + $0.delay.mean + $0.upload }
    return workers.indices.sorted { (durations[$0], $0) < (durations[$1], $1) }.prefix(m).sorted()
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let (m, gamma) = (1 + draw.integer(below: workers.count), SlowSchedule.gamma)
      return [
        SlowCase(
          "asgd-naive m=\(m)", naive(m, gamma),
          .each(gamma: { gamma * Double(m) / Double(max(m, $0)) }, limit: .max),
          participants: fastest(m, workers))
      ]
    }
  }

  @Test func withAllWorkersIsDelayAdaptiveASGD() throws {
    let adaptive = MethodLab.make(DelayAdaptive.self) { $0.gamma = 0.05 }
    let expected = try MethodLab.outcome(adaptive, steps: 300)
    let found = try MethodLab.outcome(naive(7, 0.05), steps: 300)
    // γ·n/δ is rounded in another order.
    expectClose(found.model, expected.model, 1e-12)
    #expect(found.statistics.point.time == expected.statistics.point.time)
    #expect(found.statistics.delayMax == expected.statistics.delayMax)
  }

  @Test func workersThatNeverDeliverChangeNothing() throws {
    let fleet = MethodLab.workers(MethodLab.durations)
    let settings = MethodLab.make(NaiveOptimal.self) { $0.gamma = 0.05 }
    expectSame(
      try MethodLab.outcome(settings, workers: fleet),
      try MethodLab.outcome(settings, workers: fleet + [Worker(tau: .infinity)]))
  }

  @Test func hasItsKeys() throws {
    try expectKeys("asgd-naive", ["m": "argmin of (1/m Σ 1/τᵢ)⁻¹(1 + σ²/(mε))"])
    try expectRefused("asgd-naive", ["m": 0], "a positive integer")
    try expectRefused("asgd-naive", ["m": 4], "from 1 to n, the number of workers")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (L, noise, progress) = (TheoryLab.L, TheoryLab.noise, TheoryLab.progress)
    for tau in [[1.0], [100, 4, 1, 2], [1, 1, 1, 1]] {
      let forecast = try TheoryLab.forecast("asgd-naive", MethodLab.workers(tau))
      let sorted = tau.sorted()
      func cost(_ m: Int) -> Double { (Double(m) + noise) / sorted[..<m].map { 1 / $0 }.reduce(0, +) }
      let m = (1...tau.count).min { cost($0) < cost($1) }!
      #expect(forecast["m"] == Double(m))
      expectNear(forecast.gamma, min(1 / (4 * L * Double(m)), 1 / (4 * L * noise)))
      #expect(forecast.iterations == 16 * progress * (Double(m) + noise))
      expectNear(forecast.time, TheoryLab.collecting(forecast.iterations, Array(sorted[..<m])))
      expectNear(forecast.table, progress * cost(m))
    }
  }
}
