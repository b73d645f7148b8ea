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
    #expect(run.run(until: Stop(steps: steps)) == .steps)
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
    let same = settings([4, 4, 4, 4, 4, 4, 4], .call("quantile", 0.7))
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
      run.run(until: Stop(steps: 1))
      sum += (x[0] - run.model[0]) / (0.4 * g)
    }
    // The factor of ∇f is (1/n) Σ successesᵢ/(pBᵢ).
    let variance = trials.map { q / ((1 - q) * $0) }.reduce(0, +) / 9
    let z = (sum / Double(count) - 1) / (variance / Double(count)).squareRoot()
    #expect(abs(z) < 4.5)
  }

  @Test func findsTheMinimumOfDifferentWorkers() throws {
    let vecna = MethodLab.make(Vecna.self) {
      ($0.stepsize, $0.trials, $0.clip) = (0.5, .same(2), .times(.same(.infinity)))
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
    let (alpha, beta, zeta) = theory.moments { (p[$0], 1 / (p[$0] * B[$0])) }
    #expect(beta == 1)
    #expect(isClose(alpha, try reference.output("alpha")))
    #expect(isClose(zeta, try reference.output("zeta")))
    let K = theory.iterations(alpha: alpha, zeta: zeta)
    #expect(abs(K - (try reference.output("K"))) <= 1)
    #expect(
      isClose(
        theory.stepsize(alpha: alpha, zeta: zeta, iterations: try reference.output("K")),
        try reference.output("gamma")))
  }
}
