// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AsynchronousTests {
  private func asgd(_ gamma: Double) -> Asynchronous {
    MethodLab.make(Asynchronous.self) { $0.gamma.given = gamma }
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { _, _ in
      [
        SlowCase(
          "asgd", asgd(SlowSchedule.gamma), .each(gamma: { _ in SlowSchedule.gamma }, limit: .max))
      ]
    }
  }

  /// Of equal workers every job is n − 1 updates late, except for the first of each.
  @Test func equalWorkersAreAllEquallyLate() throws {
    let workers = MethodLab.workers(Array(repeating: 1, count: 7))
    let statistics = try MethodLab.outcome(asgd(0.02), workers: workers, steps: 700).statistics
    #expect(statistics.delayMax == 6)
    #expect(abs(statistics.delayMean - (6 - 21 / 700.0)) < 1e-12)
  }

  @Test func workersAreBusyUntilTheirMessageHasArrived() throws {
    let found = try MethodLab.outcome(asgd(0.1), workers: [Worker(tau: 1, upload: 0.5)], steps: 6)
    #expect(found.statistics.point.time == 9)
    #expect(found.statistics.busy == 1)
    #expect(found.statistics.messages == 6)
  }

  /// Without noise, who computed a gradient does not matter; durations that do not tie.
  @Test func permutingWorkersPermutesTheTrace() throws {
    let workers = [1, 1.37, 1.91, 2.23, 2.713, 3.141, 3.57].map { Worker(tau: $0) }
    let permuted = [3, 0, 6, 1, 5, 2, 4].map { workers[$0] }
    let runs = try [workers, permuted].map {
      try MethodLab.outcome(asgd(0.02), workers: $0, noise: 0, steps: 25)
    }
    #expect(runs[0].statistics.point.time == runs[1].statistics.point.time)
  }

  @Test func hasItsKeys() throws { try expectKeys("asgd", [:]) }

  @Test func hasTheTheorysNumbers() throws {
    let tau = [1.0, 2, 4]
    let forecast = try TheoryLab.forecast("asgd", MethodLab.workers(tau))
    let (L, noise) = (TheoryLab.L, TheoryLab.noise)
    // In the slowest worker's 4 seconds the others end 4 + 2 jobs.
    let late = (6 * 3.0).squareRoot()
    #expect(forecast["delay_max"] == 6)
    expectNear(forecast.gamma, min(1 / (2 * L * late), 1 / (4 * L * noise)))
    let updates = 8 * TheoryLab.progress * late + 16 * noise * TheoryLab.progress
    #expect(forecast.iterations == updates.rounded(.up))
    expectNear(forecast.time, TheoryLab.collecting(forecast.iterations, tau))
    expectNear(forecast.table, TheoryLab.progress * (3 + noise) / 1.75)
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("asgd"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
