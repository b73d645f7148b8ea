// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct MSynchronousTests {
  private func msync(_ m: Int, gamma: Double = 0.4) -> MSynchronous {
    MethodLab.make(MSynchronous.self) { ($0.gamma.given, $0.m.given) = (gamma, m) }
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let m = 1 + draw.integer(below: workers.count)
      return [
        SlowCase(
          "msync m=\(m)", msync(m, gamma: SlowSchedule.gamma),
          .batch(enough: { $0.reduce(0, +) == m }, ofMeans: false, isOnce: true, stops: true))
      ]
    }
  }

  @Test func withAllWorkersIsMinibatch() throws {
    let minibatch = MethodLab.make(Minibatch.self) { $0.gamma = 0.4 }
    expectSame(try MethodLab.outcome(minibatch), try MethodLab.outcome(msync(7)))
  }

  @Test func withOneIsRingmasterThatStopsAtOne() throws {
    let ringmaster = MethodLab.make(Ringmaster.self) {
      ($0.gamma, $0.threshold, $0.stops) = (0.4, 1, true)
    }
    expectSame(try MethodLab.outcome(msync(1)), try MethodLab.outcome(ringmaster))
  }

  @Test func hasItsKeys() throws {
    try expectKeys("msync", ["m": "argmin of τ_m(1 + σ²/(mε))"])
    try expectRefused("msync", ["m": 0], "a positive integer")
    try expectRefused("msync", ["m": 4], "from 1 to n, the number of workers")
  }

  @Test func hasTheTheorysNumbers() throws {
    for tau in [[1.0], [100, 2, 1.5, 1], [1, 9, 9]] {
      let forecast = try TheoryLab.forecast("msync", MethodLab.workers(tau))
      let sorted = tau.sorted()
      func cost(_ m: Int) -> Double { sorted[m - 1] * (1 + TheoryLab.noise / Double(m)) }
      let m = (1...tau.count).min { cost($0) < cost($1) }!
      #expect(forecast["m"] == Double(m))
      expectNear(forecast.gamma, min(1, Double(m) / TheoryLab.noise) / (2 * TheoryLab.L))
      #expect(abs(forecast.iterations - 8 * TheoryLab.progress * (1 + TheoryLab.noise / Double(m))) <= 1)
      expectNear(forecast.time, sorted[m - 1] * forecast.iterations)
      expectNear(forecast.table, TheoryLab.progress * cost(m))
    }
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("msync"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
