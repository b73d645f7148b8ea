// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct RennalaTests {
  private func rennala(_ batch: Int, stops: Bool = false, gamma: Double = 0.4) -> Rennala {
    MethodLab.make(Rennala.self) { ($0.gamma.given, $0.batch.given, $0.stops) = (gamma, batch, stops) }
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let S = 1 + draw.integer(below: 3 * workers.count)
      return [false, true].map { stops in
        SlowCase(
          "rennala S=\(S) \(stops)", rennala(S, stops: stops, gamma: SlowSchedule.gamma),
          .batch(enough: { $0.reduce(0, +) == S }, ofMeans: false, isOnce: false, stops: stops))
      }
    }
  }

  @Test func batchOfOneIsHeroForFixedTimes() throws {
    let hero = try MethodLab.outcome(MethodLab.make(Hero.self) { $0.gamma = 0.3 })
    for stops in [false, true] {
      let found = try MethodLab.outcome(rennala(1, stops: stops, gamma: 0.3))
      expectSame(hero, found, sameEvents: false)
    }
  }

  /// Jobs that the update cancels use up their samples: without noise that is all one.
  @Test func withAllOfEqualWorkersIsMinibatch() throws {
    let equal = MethodLab.workers(Array(repeating: 1, count: 7))
    let minibatch = try MethodLab.outcome(
      MethodLab.make(Minibatch.self) { $0.gamma = 0.4 }, workers: equal, noise: 0)
    let found = try MethodLab.outcome(rennala(7, stops: true), workers: equal, noise: 0)
    expectSame(minibatch, found, sameEvents: false)
    #expect(found.statistics.point.arrivals == minibatch.statistics.point.arrivals)
  }

  @Test func scalingTimeScalesTimeAndNothingElse() throws {
    let slow = MethodLab.workers(MethodLab.durations.map { 8 * $0 })
    for batch in [1, 5] {
      let (fast, scaled) = (
        try MethodLab.outcome(rennala(batch)), try MethodLab.outcome(rennala(batch), workers: slow)
      )
      #expect(fast.model == scaled.model)
      #expect(8 * fast.statistics.point.time == scaled.statistics.point.time)
    }
  }

  /// Without noise, who computed a gradient does not matter; durations that do not tie.
  @Test func permutingWorkersPermutesTheTrace() throws {
    let workers = [1, 1.37, 1.91, 2.23, 2.713, 3.141, 3.57].map { Worker(tau: $0) }
    let permuted = [3, 0, 6, 1, 5, 2, 4].map { workers[$0] }
    let runs = try [workers, permuted].map {
      try MethodLab.outcome(rennala(3, gamma: 0.3), workers: $0, noise: 0, steps: 25)
    }
    #expect(runs[0].statistics.point.time == runs[1].statistics.point.time)
  }

  @Test func workersAreBusyUntilTheirMessageHasArrived() throws {
    let found = try MethodLab.outcome(
      rennala(1, gamma: 0.1), workers: [Worker(tau: 1, upload: 0.5)], steps: 6)
    #expect(found.statistics.point.time == 9)
    #expect(found.statistics.busy == 1)
    #expect(found.statistics.messages == 6)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("rennala", ["batch": "max{1, ⌈σ²/ε⌉}", "stops": "false"])
    for batch: SettingValue in [0, -3, 2.5] {
      try expectRefused("rennala", ["batch": batch], "a positive integer")
    }
    try expectRefused("rennala", ["stops": 2], "true or false")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, L, noise, progress) = ([1.0, 2, 4, 90], TheoryLab.L, TheoryLab.noise, TheoryLab.progress)
    for (settings, S) in [([:], 7.0), (["batch": 3], 3), (["batch": 20], 20)] as [(Settings, Double)] {
      let forecast = try TheoryLab.forecast("rennala", MethodLab.workers(tau), settings)
      let seconds = TheoryLab.collecting(S, tau)
      #expect(forecast["batch"] == S)
      #expect(forecast["m_star"] == Double(tau.filter { $0 < seconds }.count))
      expectNear(forecast["iteration_time"], seconds)
      expectNear(forecast.gamma, min(1 / L, S / (2 * L * noise)))
      #expect(forecast.iterations == (24 * progress * max(1, noise / S)).rounded(.up))
      expectNear(forecast.table, progress * TheoryLab.collecting(noise, tau))
      expectNear(
        forecast.time, settings.isEmpty ? 96 * forecast.table : 2 * seconds * forecast.iterations)
    }
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("rennala"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
