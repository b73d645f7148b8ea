// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct VecnaTests {
  private func settings(_ trials: [Double], _ clip: SettingValue) -> Settings {
    ["gamma": 0.4, "trials": .perWorker(trials), "clip": clip]
  }

  private func run(
    _ method: String, _ settings: Settings, _ workers: [Worker], steps: Int, seed: UInt64 = 1
  ) throws -> Run {
    let entry = try #require(Catalogue().method(method))
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 20, noise: 0.01)), workers: workers,
      method: try entry.choose(settings), seed: seed
    ).start()
    #expect(run.run(until: Stop(updates: steps)) == .updates)
    return run
  }

  @Test func oneCertainTrialEachIsMinibatch() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let vecna = try run("vecna", settings([1, 1, 1, 1, 1, 1, 1], .number(.infinity)), workers, steps: 50)
    let minibatch = try run("minibatch", ["gamma": 0.4], workers, steps: 50)
    #expect(vecna.model == minibatch.model)
    #expect(vecna.statistics.point.time == minibatch.statistics.point.time)
  }

  @Test func isMindFlayerWhereAllSucceedEquallyOften() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .lognormal(mu: 0, sigma: 1))
    let same = settings([4, 4, 4, 4, 4, 4, 4], .call("quantile", [0.7]))
    let vecna = try run("vecna", same, workers, steps: 50)
    let mindFlayer = try run("mindflayer", same, workers, steps: 50)
    expectClose(vecna.model, mindFlayer.model, 1e-12)
    #expect(vecna.statistics.point.time == mindFlayer.statistics.point.time)
    #expect(vecna.statistics.cancelled == mindFlayer.statistics.cancelled)
  }

  /// Over many seeds the first step is the gradient's: successes are binomial, z-scores below 4.5.
  @Test func isUnbiased() throws {
    let (q, trials, count) = (0.6, [1.0, 3, 2], 400)
    let x = MethodLab.start(10)
    let g = MethodLab.gradient(x)[0]
    var sum = 0.0
    for seed in 1...count {
      let entry = try #require(Catalogue().method("vecna"))
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 10, noise: 0)),
        workers: MethodLab.workers([1, 2, 3], delay: .infbernoulli(q: q)),
        method: try entry.choose(settings(trials, 0)), seed: UInt64(seed)
      ).start()
      run.run(until: Stop(updates: 1))
      sum += (x[0] - run.model[0]) / (0.4 * g)
    }
    // The factor of ∇f is (1/n) Σ successesᵢ/(pBᵢ).
    let variance = trials.map { q / ((1 - q) * $0) }.reduce(0, +) / 9
    let z = (sum / Double(count) - 1) / (variance / Double(count)).squareRoot()
    #expect(abs(z) < 4.5)
  }

  @Test func findsTheMinimumOfDifferentWorkers() throws {
    let vecna = MethodLab.make(Vecna.self) {
      ($0.gamma, $0.trials, $0.clip) = (0.5, .same(2), .times(.same(.infinity)))
    }
    #expect(try MethodLab.gap(vecna, steps: 3_000) < 1e-9)
  }

  @Test func refusesWorkersThatNeverSucceed() throws {
    let workers = [Worker(tau: 1), Worker(tau: 1, delay: .uniform(a: 1, b: 2))]
    for (settings, key) in [
      (["gamma": 0.4, "trials": 1, "clip": 0.5] as Settings, nil),
      (["gamma": 0.4, "trials": 0, "clip": 3], "trials"),
      (["gamma": 0.4, "trials": 1.5, "clip": 3], "trials"),
    ] {
      let entry = try #require(Catalogue().method("vecna"))
      let experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 10)), workers: workers,
        method: try entry.choose(settings))
      do throws(LabError) {
        _ = try experiment.start()
        Issue.record("\(settings) was taken")
      } catch { #expect(error.key == key) }
    }
  }

  @Test(
    .enabled(if: TheoryCase.arePresent, "the shared folder is not here"),
    arguments: ["vecna_p1_equals_malenia", "vecna_sqrt5_median"])
  func hasTheTheorysParameters(id: String) throws {
    let reference = try TheoryCase(id)
    let (tau, t) = (try reference.inputs("tau"), try reference.inputs("t"))
    let p = try reference.inputs("p")
    let theory = VecnaTheory(
      workers: tau.count, smoothness: try reference.input("L"), gap: try reference.input("Delta"),
      variance: try reference.input("sigma2"), epsilon: try reference.input("eps"))
    func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * abs(b) }
    let time = theory.time { (tau[$0] + t[$0], p[$0]) }
    #expect(isClose(time, try reference.output("T")))
    let B = tau.indices.map { (time / (tau[$0] + t[$0])).rounded(.up) }
    for (a, b) in zip(B, try reference.outputs("B")) { #expect(abs(a - b) <= 1) }
    let (alpha, zeta) = theory.moments { (p[$0], 1 / (p[$0] * B[$0])) }
    #expect(isClose(alpha, try reference.output("alpha")))
    #expect(isClose(zeta, try reference.output("zeta")))
    let K = theory.iterations(alpha: alpha, zeta: zeta)
    #expect(abs(K - (try reference.output("K"))) <= 1)
    #expect(
      isClose(
        theory.stepsize(alpha: alpha, zeta: zeta, iterations: try reference.output("K")),
        try reference.output("gamma")))
  }

  /// η is uniform between 0 and 2, so that p = 3/4 for t = 3/2.
  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement(hasTies: false) { workers, draw in
      let trials = workers.map { _ in 1 + draw.integer(below: 3) }
      let settings: Settings = [
        "gamma": .number(SlowSchedule.gamma), "trials": .perWorker(trials.map(Double.init)), "clip": 1.5,
      ]
      return [
        SlowCase(
          "vecna \(trials)", try #require(Catalogue().method("vecna")).choose(settings),
          .trials(
            trials, clip: 1.5, weights: trials.map { 1 / (0.75 * Double($0) * Double(workers.count)) }))
      ]
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys("vecna", ["clip": "median", "trials": "from the theorem", "updates": "from the theorem"])
    try expectRefused("vecna", ["trials": 0], "from 1 to 1e9")
    try expectRefused("vecna", ["updates": 0], "a positive integer")
    try expectRefused("vecna", ["clip": -1], "clip= takes")
  }

  /// T, Bᵢ, α, ζ, K and γ by the formulas of Theorem D.2, term by term.
  @Test func hasTheTheorysNumbers() throws {
    let (c, p, n) = ([1.5, 2.5, 4.5], 0.5, 3.0)
    let (L, noise, progress) = (TheoryLab.L, TheoryLab.noise, TheoryLab.progress)
    let workers = MethodLab.workers(c.map { $0 - 0.5 }, delay: .infbernoulli(q: 0.5))
    let sum = c.reduce(0, +)
    let T = 4.5 + sum / p / n * noise / n + sum * (1 - p) / p / n * progress / n
    let B = c.map { (T / $0).rounded(.up) }
    let inverses = B.map { 1 / (p * $0) }.reduce(0, +)
    let alpha = L / (n * n) * (1 - p) * inverses
    let zeta = noise * TheoryLab.epsilon / (n * n) * inverses
    let failures = 12 * TheoryLab.gap * alpha / TheoryLab.epsilon
    let K = (12 * progress * max(1, failures, 2 * zeta / TheoryLab.epsilon)).rounded(.up)
    let forecast = try TheoryLab.forecast("vecna", workers, ["clip": 0.5])
    expectNear(forecast["T"], T, "T")
    #expect(forecast.list("trials") == B)
    expectNear(forecast["alpha"], alpha, "α")
    expectNear(forecast["zeta"], zeta, "ζ")
    #expect(forecast.iterations == K)
    expectNear(
      forecast.gamma,
      min(1 / (L * alpha * K).squareRoot(), 1 / L, TheoryLab.epsilon / (2 * L * zeta)), "γ")
    expectNear(forecast.time, 288 * progress * T, "time")
  }
}
