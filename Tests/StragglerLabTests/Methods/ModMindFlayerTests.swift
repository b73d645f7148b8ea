// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct ModMindFlayerTests {
  @Test(.enabled(if: TheoryCase.arePresent, "the shared folder is not here"))
  func learnsAsRobbinsAndMonro() throws {
    let reference = try TheoryCase("robbins_monro")
    var time = try reference.input("t1")
    let (a, p) = (try reference.input("a"), try reference.input("p"))
    let expected = try reference.outputs("t")
    for (index, duration) in try reference.inputs("T_obs").enumerated() {
      time = Theory.robbinsMonro(
        time, step: a / Double(index + 1), hasSucceeded: duration <= time, probability: p)
      #expect(abs(time - expected[index]) < 1e-13)
    }
    #expect(Theory.robbinsMonro(0.1, step: 5, hasSucceeded: true, probability: 0.5) == 0)
  }

  @Test func certainTrialsAreRennala() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let modified = MethodLab.make(ModMindFlayer.self) {
      ($0.gamma, $0.batch, $0.p, $0.clip) = (0.4, 5, 1, .times(.same(.infinity)))
    }
    let rennala = MethodLab.make(Rennala.self) { ($0.gamma, $0.batch, $0.stops) = (0.4, 5, true) }
    let (a, _) = try MethodLab.run(modified, workers, noise: 0.1, until: Stop(updates: 80))
    let (b, _) = try MethodLab.run(rennala, workers, noise: 0.1, until: Stop(updates: 80))
    #expect(a.model == b.model)
    #expect(a.statistics.point.time == b.statistics.point.time)
    #expect(a.statistics.cancelled == b.statistics.cancelled)
  }

  /// With a = 1/F'(t) the error of F(t) after N trials is normal with variance p(1 − p)/N: |z| < 5.
  @Test(arguments: [(0.3, 4.6), (0.5, 6.8), (0.7, 13)]) func learnsTheQuantile(p: Double, alpha: Double)
    throws
  {
    let law = Delay.lognormal(mu: 1, sigma: 1)
    let method = MethodLab.make(ModMindFlayer.self) {
      ($0.gamma, $0.batch, $0.p.given, $0.alpha) = (1e-3, 6_000, p, alpha)
    }
    let (_, log) = try MethodLab.run(method, MethodLab.workers([1], delay: law), until: Stop(updates: 1))
    // What a clipped trial lasted beyond τ was its allotted time.
    let clip = try #require(log.last { $0.kind == .clip })
    let start = try #require(log.last { $0.kind == .assign && $0.job == clip.job })
    let deviation = (p * (1 - p) / 6_000).squareRoot()
    #expect(abs(law.cdf(clip.time - start.time - 1) - p) < 5 * deviation)
    let ends = log.filter { $0.kind == .clip || $0.kind == .arrive }
    #expect(ends.count == 6_000)
    #expect(abs(Double(ends.filter { $0.kind == .arrive }.count) / 6_000 - p) < 0.05)
  }

  @Test func learnsAgainAfterAReset() throws {
    let workers = MethodLab.workers([1, 2], delay: .lognormal(mu: 0, sigma: 2))
    let method = MethodLab.make(ModMindFlayer.self) { ($0.gamma, $0.batch) = (0.1, 4) }
    let (run, _) = try MethodLab.run(method, workers, until: Stop(updates: 50))
    let (time, model) = (run.statistics.point.time, run.model)
    run.reset()
    run.run(until: Stop(updates: 50))
    #expect(run.statistics.point.time == time)
    #expect(run.model == model)
  }

  @Test func batchAndStepsizeAreTheTheorys() throws {
    for (p, noise, batch) in [(0.5, 7.0, 14.0), (0.3, 0.4, 4), (1, 3, 3)] {
      let gamma = try MethodLab.theoryStepsize(
        MethodLab.make(ModMindFlayer.self) { $0.p.given = p }, [1, 2]
      ) {
        ($0.smoothness, $0.variance, $0.epsilon) = (2, noise, 1)
      }
      #expect(abs(gamma - min(1, p * batch / noise) / 4) < 1e-15)
    }
  }

  /// Where no time-out, or not the given one, lets a share p of the trials succeed, runs and theory say so.
  @Test func saysWherePCannotBeAttained() throws {
    func remarks(_ delay: Delay, _ settings: Settings) throws -> [String] {
      let choice = try #require(Catalogue().method("mindflayer-mod")).choose(
        settings.merging(["gamma": 0.1, "batch": 4]) { a, _ in a })
      let experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: [Worker(tau: 1, delay: delay)],
        method: choice)
      let run = try experiment.start()
      #expect(
        try choice.forecast(try experiment.situation()).notes.filter(run.remarks.contains) == run.remarks)
      return run.remarks
    }
    #expect(try remarks(.infbernoulli(q: 0.7), [:]).contains { $0.contains("never end") })
    #expect(try remarks(.infbernoulli(q: 0.2), [:]).contains { $0.contains("too long") })
    #expect(try remarks(.none, [:]).contains { $0.contains("too long") })
    let fixed: Settings = ["clip": 1, "p": 0.9]
    #expect(try remarks(.exponential(rate: 1), fixed).contains { $0.contains("p_expected") })
    for settings in [[:], ["p": 0.9], ["clip": .word("median")]] as [Settings] {
      #expect(try remarks(.exponential(rate: 1), settings).isEmpty)
    }
  }

  /// η is uniform between 0 and 2, so that p = 3/4 for t = 3/2.
  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement(hasTies: false) { workers, draw in
      let batch = 1 + draw.integer(below: 3 * workers.count)
      let method = MethodLab.make(ModMindFlayer.self) {
        ($0.gamma.given, $0.batch.given, $0.clip) = (SlowSchedule.gamma, batch, .times(.same(1.5)))
      }
      return [
        SlowCase(
          "mindflayer-mod B=\(batch)", method,
          .pool(count: batch, clip: 1.5, expected: 0.75 * Double(batch)))
      ]
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys(
      "mindflayer-mod",
      [
        "p": "1/2, or what clip= gives", "batch": "max{1, ⌈σ²/ε⌉}/p", "alpha": "the median of η",
        "clip": "robbins-monro: they are learnt",
      ])
    try expectRefused("mindflayer-mod", ["p": 0], "above 0 and at most 1")
    try expectRefused("mindflayer-mod", ["batch": 0], "a positive integer")
    try expectRefused("mindflayer-mod", ["alpha": 0], "a positive number")
  }

  @Test func hasTheTheorysNumbers() throws {
    for (settings, p, B) in [([:], 0.5, 14.0), (["p": 0.3], 0.3, 24)] as [(Settings, Double, Double)] {
      let forecast = try TheoryLab.forecast("mindflayer-mod", MethodLab.workers([1, 2, 4]), settings)
      #expect(forecast["p"] == p && forecast["batch"] == B)
      expectNear(forecast.gamma, min(1, p * B / TheoryLab.noise) / (2 * TheoryLab.L))
      #expect(forecast.time.isNaN)
    }
  }
}
