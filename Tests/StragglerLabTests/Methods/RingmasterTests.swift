// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct RingmasterTests {
  private func ringmaster(_ threshold: Int, stops: Bool, gamma: Double) -> Ringmaster {
    MethodLab.make(Ringmaster.self) {
      ($0.gamma.given, $0.threshold.given, $0.stops) = (gamma, threshold, stops)
    }
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let (R, gamma) = (1 + draw.integer(below: 3 * workers.count), SlowSchedule.gamma)
      return [false, true].map { stops in
        SlowCase(
          "ringmaster R=\(R) \(stops)", ringmaster(R, stops: stops, gamma: gamma),
          .each(gamma: { $0 < R ? gamma : nil }, limit: stops ? R : .max))
      }
    }
  }

  @Test func withoutThresholdIsASGD() throws {
    let asgd = MethodLab.make(Asynchronous.self) { $0.gamma = 0.02 }
    let expected = try MethodLab.outcome(asgd, steps: 400)
    for stops in [false, true] {
      let method = ringmaster(.max, stops: stops, gamma: 0.02)
      expectSame(expected, try MethodLab.outcome(method, steps: 400))
    }
  }

  @Test func thresholdOneIsHeroForFixedTimes() throws {
    let hero = try MethodLab.outcome(MethodLab.make(Hero.self) { $0.gamma = 0.3 })
    for stops in [false, true] {
      let found = try MethodLab.outcome(ringmaster(1, stops: stops, gamma: 0.3))
      expectSame(hero, found, sameEvents: false)
    }
  }

  @Test func workersAreBusyUntilTheirMessageHasArrived() throws {
    let found = try MethodLab.outcome(
      ringmaster(2, stops: false, gamma: 0.1), workers: [Worker(tau: 1, upload: 0.5)], steps: 6)
    #expect(found.statistics.point.time == 9)
    #expect(found.statistics.busy == 1)
    #expect(found.statistics.messages == 6)
  }

  /// Any R updates in a row take at most 2 min_m (1/m Σ_{i≤m} 1/τᵢ)⁻¹(1 + R/m) seconds.
  @Test func roundsAreAsShortAsTheTheoremSays() throws {
    var draw = RandomStream(seed: 3, purpose: .data)
    for R in [1, 2, 5, 20] {
      let tau = (0..<6).map { _ in 0.1 + 10 * draw.uniform() }
      let bound = 2 * TheoryLab.collecting(Double(R), tau)
      for stops in [false, true] {
        let (_, log) = try MethodLab.run(
          ringmaster(R, stops: stops, gamma: 0.01), MethodLab.workers(tau), until: Stop(updates: 200))
        let times = [0] + log.filter { $0.kind == .update }.map(\.time)
        for (before, after) in zip(times, times.dropFirst(R)) { #expect(after - before <= bound) }
      }
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys("ringmaster", ["threshold": "max{1, ⌈σ²/ε⌉}", "stops": "false"])
    try expectRefused("ringmaster", ["threshold": 0], "a positive integer or inf")
    try expectRefused("ringmaster", ["threshold": 1.5], "a positive integer or inf")
    try expectRefused("ringmaster", ["stops": 2], "true or false")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, L, noise) = ([1.0, 2, 4], TheoryLab.L, TheoryLab.noise)
    for (settings, R) in [([:], 7.0), (["threshold": 2], 2), (["threshold": 11], 11)] as [(Settings, Double)]
    {
      let forecast = try TheoryLab.forecast("ringmaster", MethodLab.workers(tau), settings)
      let seconds = 2 * TheoryLab.collecting(R, tau)
      #expect(forecast["R"] == R)
      expectNear(forecast.gamma, min(1 / (2 * R * L), 1 / (4 * L * noise)))
      #expect(forecast.iterations == (8 * R + 16 * noise) * TheoryLab.progress)
      expectNear(forecast["round_time"], seconds)
      expectNear(forecast.time, seconds * (forecast.iterations / R).rounded(.up))
      expectNear(forecast.table, TheoryLab.progress * TheoryLab.collecting(noise, tau))
    }
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("ringmaster"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
