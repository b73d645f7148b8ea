// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct HeroTests {
  private func hero(_ gamma: Double, worker: Int? = nil) -> Hero {
    MethodLab.make(Hero.self) { ($0.gamma.given, $0.worker) = (gamma, worker) }
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement(hasUploads: false) { workers, draw in
      let worker = draw.integer(below: workers.count)
      let rule = SlowRule.each(gamma: { _ in SlowSchedule.gamma }, limit: .max)
      let durations = workers.map { $0.tau + $0.delay.mean }
      let fastest = durations.firstIndex(of: durations.min()!)!
      return [
        SlowCase("hero", hero(SlowSchedule.gamma), rule, participants: [fastest]),
        SlowCase(
          "hero worker=\(worker + 1)", hero(SlowSchedule.gamma, worker: worker + 1), rule,
          participants: [worker]),
      ]
    }
  }

  @Test func withOneWorkerAllAreSGD() throws {
    let one = [Worker(tau: 1.5)]
    let hero = try MethodLab.outcome(hero(0.5), workers: one)
    #expect(hero.statistics.point.time == 90)
    func expectSGD<M: Method>(_ type: M.Type, _ change: (inout M) -> Void) throws {
      expectSame(hero, try MethodLab.outcome(MethodLab.make(type, change), workers: one))
    }
    try expectSGD(Minibatch.self) { $0.gamma = 0.5 }
    try expectSGD(Asynchronous.self) { $0.gamma = 0.5 }
    try expectSGD(DelayAdaptive.self) { $0.gamma = 0.5 }
    for threshold in [1, 3, Int.max] {
      for stops in [false, true] {
        try expectSGD(Ringmaster.self) { ($0.gamma, $0.threshold.given, $0.stops) = (0.5, threshold, stops) }
      }
    }
    try expectSGD(Rennala.self) { ($0.gamma, $0.batch) = (0.5, 1) }
  }

  @Test func sendsNoMessages() throws {
    let workers = [Worker(tau: 1, upload: 0.5), Worker(tau: 2)]
    let statistics = try MethodLab.outcome(hero(0.1), workers: workers, steps: 5).statistics
    #expect(statistics.point.time == 5)
    #expect(statistics.messages == 0)
    #expect(statistics.coordinates == 0)
  }

  /// Of equal τ the smaller mean of η decides, and not the upload: nothing is uploaded.
  @Test func isTheOneThatComputesFastest() throws {
    let workers = [
      Worker(tau: 1, delay: .constant(2), upload: 0), Worker(tau: 1, delay: .constant(0.5), upload: 9),
    ]
    #expect(try MethodLab.outcome(hero(0.1), workers: workers, steps: 5).statistics.point.time == 7.5)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("hero", ["worker": "the fastest"])
    try expectRefused("hero", ["worker": 0], "a positive integer")
    try expectRefused("hero", ["worker": 4], "from 1 to n")
  }

  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("hero", MethodLab.workers([3, 1.5, 2]))
    expectNear(forecast.gamma, 1 / (2 * TheoryLab.L) / TheoryLab.noise)
    expectNear(forecast.iterations, 8 * TheoryLab.progress * (1 + TheoryLab.noise))
    expectNear(forecast.time, 1.5 * forecast.iterations)
    expectNear(forecast.table, 1.5 * TheoryLab.progress * (1 + TheoryLab.noise))
    #expect(forecast["worker"] == 2)
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("hero"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
