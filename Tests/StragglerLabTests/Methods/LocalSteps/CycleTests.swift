// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct CycleTests {
  private func choice(_ settings: Settings) throws -> MethodChoice {
    try #require(Catalogue().method("cycle")).choose(
      ["gamma": .number(SlowSchedule.gamma)].merging(settings) { $1 })
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSteps.expectAgreement { n, draw in
      let size = 1 + draw.integer(below: n)
      return (try choice(["group": .number(Double(size))]), .cycle(size))
    }
  }

  /// With all in one group a round takes as long as the slowest worker's step, and delays are 0.
  @Test func oneGroupSendsInEveryRound() throws {
    let method = configured(Cycle.self) { ($0.gamma, $0.group) = (0.02, 3) }
    let (run, log) = try MethodLab.run(method, MethodLab.workers([1, 2, 5]), until: Stop(updates: 8))
    #expect(run.statistics.point.time == 40 && run.statistics.point.arrivals == 24)
    #expect(run.statistics.delayMax == 0)
    // Worker 1 ends five steps at the instant at which worker 3 ends its one; the last comes before it.
    #expect(log.count { $0.kind == .step } == 8 * (5 + 2 + 1))
  }

  /// Groups that are ready send in turn at one instant; none is older than a round of turns.
  @Test func delaysAreBounded() throws {
    let method = configured(Cycle.self) { ($0.gamma, $0.group) = (0.02, 2) }
    let run = try MethodLab.run(
      method, MethodLab.workers(MethodLab.durations), until: Stop(updates: 60)
    ).run
    #expect(run.statistics.delayMax == 3)
  }

  /// A worker that will never make a step ends the run, and does not keep the others at work for ever.
  @Test(arguments: [0.05, 1]) func endsAsStarved(_ q: Double) throws {
    for index in 0..<4 {
      let workers = (0..<4).map { Worker(tau: 1, delay: $0 == index ? .infbernoulli(q: q) : .none) }
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3, noise: 0)), workers: workers,
        method: choice(["group": 2])
      ).start()
      #expect(run.run(until: Stop(events: 100_000)) == .starved)
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys("cycle", ["gamma": "none: give it, or tune", "group": "none"])
    try expectRefused("cycle", ["group": 0], "a positive integer")
    for settings: Settings in [[:], ["group": 4]] {
      let experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: MethodLab.workers([1, 2, 3]),
        method: try choice(settings))
      #expect {
        try experiment.start()
      } throws: {
        "\($0)".contains("from 1 to n")
      }
    }
  }

  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("cycle", MethodLab.workers([1, 2]), ["gamma": 0.1, "group": 1])
    #expect(forecast.time.isNaN && forecast.notes.contains { $0.contains("no theorem") })
    #expect(throws: LabError.self) {
      try TheoryLab.forecast("cycle", MethodLab.workers([1, 2]), ["group": 1])
    }
  }
}
