// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct MindFlayerTests {
  private func mindFlayer(_ trials: [Double], clip: SettingValue, gamma: Double = 0.4) throws -> MethodChoice
  {
    try #require(Catalogue().method("mindflayer")).choose(
      ["gamma": .number(gamma), "trials": .perWorker(trials), "clip": clip])
  }

  /// η is uniform between 0 and 2, so that p = 3/4 for t = 3/2.
  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement(hasTies: false) { workers, draw in
      let trials = workers.map { _ in draw.integer(below: 4) }
      let total = Double(trials.reduce(0, +))
      guard total > 0 else { return [] }
      return [
        SlowCase(
          "mindflayer \(trials)",
          try mindFlayer(trials.map(Double.init), clip: 1.5, gamma: SlowSchedule.gamma),
          .trials(trials, clip: 1.5, weights: trials.map { _ in 1 / (0.75 * total) }))
      ]
    }
  }

  @Test func withoutDelaysTakesTheLongestWorkersTrials() throws {
    let trials = [3.0, 1, 2, 2, 1, 4, 1]
    let longest = zip(trials, MethodLab.durations).map { trial, tau in
      // The trials of a worker end one after another.
      (0..<Int(trial)).reduce(0) { time, _ in time + tau }
    }.max()
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 50)),
      workers: MethodLab.workers(MethodLab.durations), method: try mindFlayer(trials, clip: 0)
    ).start()
    run.run(until: Stop(updates: 1))
    #expect(run.statistics.point.time == longest)
    #expect(run.statistics.point.used == 14)
  }

  @Test func oneCertainTrialEachIsMinibatch() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let method = MethodLab.make(MindFlayer.self) {
      ($0.gamma, $0.trials, $0.clip) = (0.4, .same(1), .times(.same(.infinity)))
    }
    expectSame(
      try MethodLab.outcome(MethodLab.make(Minibatch.self) { $0.gamma = 0.4 }, workers: workers),
      try MethodLab.outcome(method, workers: workers))
  }

  @Test func trialsThatAreGivenUpSendNothing() throws {
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 4)),
      workers: [Worker(tau: 1, upload: 0.25), Worker(tau: 1, delay: .constant(2), upload: 0.25)],
      method: try mindFlayer([4, 4], clip: 0.5)
    ).start()
    run.run(until: Stop(updates: 1))
    #expect(run.statistics.messages == 4)
    // Four trials of 1.5 seconds, given up, outlast four of 1.25 that are sent.
    #expect(run.statistics.point.time == 6)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("mindflayer", ["clip": "median", "trials": "from the theorem"])
    try expectRefused("mindflayer", ["trials": -1], "from 0 to 1e9")
    try expectRefused("mindflayer", ["trials": 1.5], "from 0 to 1e9")
    try expectRefused("mindflayer", ["clip": -1], "clip= takes")
  }

  @Test(arguments: [0, 0.5, 0.9]) func hasTheTheorysNumbers(failures: Double) throws {
    let (tau, t, noise, progress) = ([4.0, 1, 2], 0.5, TheoryLab.noise, TheoryLab.progress)
    let workers = MethodLab.workers(tau, delay: .infbernoulli(q: failures))
    let p = 1 - failures
    let c = tau.map { $0 + t }
    let order = c.sorted()
    let seconds = (1...3).map { m in
      (noise + p * Double(m)) / order[..<m].map { p / $0 }.reduce(0, +)
    }.min()!
    let trials = c.map { max(0, (seconds / $0 - 1).rounded(.up)) }
    let B = p * trials.reduce(0, +)
    let forecast = try TheoryLab.forecast("mindflayer", workers, ["clip": .number(t)])
    expectNear(forecast["t_star"], seconds)
    #expect(forecast.list("trials") == trials)
    expectNear(forecast["B"], B)
    expectNear(forecast.gamma, min(1, B / noise) / (2 * TheoryLab.L))
    #expect(forecast.iterations == 8 * progress)
    expectNear(forecast.time, 8 * seconds * progress)
    // For Bᵢ that are given, max Bᵢ(τᵢ + tᵢ) · 8LΔ/ε max{1, σ²/(εB)}.
    let given = try TheoryLab.forecast("mindflayer", workers, ["clip": .number(t), "trials": 1])
    expectNear(given.time, 4.5 * 8 * progress * max(1, noise / (3 * p)))
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("mindflayer"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
