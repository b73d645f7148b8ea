// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct ShadowheartTests {
  static let workers = [0.3, 2, 1.1, 7, 0.05].map { Worker(tau: $0) }
  static let upload = [1.7, 0.2, 0.6, 0.01, 30]

  private func experiment(
    _ method: some Method, workers: [Worker] = workers, upload: [Double] = upload, dimension: Int = 10,
    noise: Double = 0, seed: UInt64 = 1
  ) -> Experiment {
    var experiment = Experiment(
      Quadratic<Double>(dimension: dimension, noise: noise, x0: .ones), workers: workers, method: method,
      seed: seed)
    experiment.uploadPerCoordinate = upload
    return experiment
  }

  /// An iteration takes as long as the longest bᵢhᵢ + mᵢτᵢ, with the reference's bᵢ and mᵢ.
  @Test func iterationsTakeTheTimeOfTheirShares() throws {
    let method = configured(Shadowheart.self) {
      $0.gamma = 0.1
      $0.coordinates = 2
      $0.ratio = 25
    }
    // Messages of two coordinates take the reference's τᵢ.
    let run = try experiment(method, upload: Self.upload.map { $0 / 2 }).start()
    run.run(until: Stop(updates: 3))
    let (b, m) = ([65, 9, 17, 2, 0], [11, 97, 32, 1952, 0])
    let longest = (0..<4).map { Double(b[$0]) * Self.workers[$0].tau + Double(m[$0]) * Self.upload[$0] }
      .max()!
    #expect(abs(run.statistics.point.time - 3 * longest) < 1e-9 * longest)
    #expect(longest <= 2 * 19.529969705075715)
    #expect(run.statistics.messages == 3 * m.reduce(0, +))
    #expect(run.statistics.coordinates == 6 * m.reduce(0, +))
    #expect(run.statistics.point.used == 3 * b.reduce(0, +))
    #expect(run.statistics.gradients == 3 * b.reduce(0, +))
  }

  @Test func clippedMessagesAreAtMostTheDimensionOverK() throws {
    let method = configured(Shadowheart.self) {
      $0.gamma = 0.1
      $0.coordinates = 3
      $0.ratio = 25
      $0.clipsMessages = true
    }
    let run = try experiment(method).start()
    run.run(until: Stop(updates: 1))
    #expect(run.statistics.messages <= 5 * 4)
    #expect(run.statistics.messages > 4)
  }

  @Test func withoutCompressionItIsRennalaWithFixedBatches() throws {
    let workers = (1...5).map { Worker(tau: Double($0).squareRoot()) }
    let shadowheart = configured(Shadowheart.self) {
      $0.gamma = 0.3
      $0.coordinates = 10
      $0.ratio = 6
    }
    // s_n = 2σ²/ε (Σ 1/h)⁻¹ with ω = 0, and messages take no time.
    let rate = workers.reduce(0) { $0 + 1 / $1.tau }
    let times = (1...5).map { n in
      max(workers[n - 1].tau, 12 / workers[..<n].reduce(0) { $0 + 1 / $1.tau })
    }
    #expect(times.min()! >= 12 / rate)
    let trials = workers.map { (times.min()! / $0.tau).rounded(.down) }
    let mindFlayer = try #require(Catalogue().method("mindflayer")).choose(
      ["gamma": 0.3, "trials": .perWorker(trials), "clip": .number(.infinity)])
    let one = try experiment(shadowheart, workers: workers, upload: [], noise: 0.1).start()
    let other = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 10, noise: 0.1, x0: .ones)), workers: workers,
      method: mindFlayer
    ).start()
    for run in [one, other] { run.run(until: Stop(updates: 30)) }
    #expect(areClose(one.model, other.model))
    #expect(abs(one.statistics.point.time - other.statistics.point.time) < 1e-9)
    #expect(one.statistics.point.used == other.statistics.point.used)
  }

  @Test(arguments: [false, true]) func isUnbiasedWithBoundedVariance(isAdaptive: Bool) throws {
    // σ² = noise² d = 0.4; with σ²/ε = 4, E‖g‖² ≤ 2‖∇f‖² + ε for ε = 0.1.
    let method = configured(Shadowheart.self) {
      $0.gamma = 1
      $0.coordinates = 2
      $0.ratio = 4
      $0.isAdaptive = isAdaptive
    }
    var estimates: [[Double]] = []
    var gradient: [Double] = []
    for seed in 1...600 {
      let run = try experiment(method, noise: 0.2, seed: UInt64(seed)).start()
      let (models, estimators) = estimators(of: run, steps: 1)
      gradient = slowGradient(models[0])
      estimates.append(estimators[0])
    }
    #expect(haveMean(estimates, gradient))
    let squares = estimates.map(squaredNorm)
    let mean = squares.reduce(0, +) / 600
    let error = (squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 599 / 600).squareRoot()
    #expect(mean <= 2 * squaredNorm(gradient) + 0.1 + 5 * error)
  }

  /// Without noise of the gradients the estimator is a mean of compressions: compressed gradient descent.
  @Test func withoutNoiseItIsCompressedDescent() throws {
    let method = configured(Shadowheart.self) {
      $0.gamma = 0.5
      $0.coordinates = 2
    }
    let run = try experiment(method).start()
    run.run(until: Stop(updates: 400))
    #expect(run.statistics.point.gap < 1e-3 * run.trace[0].gap)
  }

  @Test func adaptiveIterationsAreNotMuchLongerThanTheEquilibrium() throws {
    var stream = RandomStream(seed: 4, purpose: .data)
    var worst = 0.0
    for _ in 0..<40 {
      let n = 1 + stream.integer(below: 20)
      func draw() -> Double { Elementary.exp(6 * stream.uniform() - 3) }
      let workers = (0..<n).map { _ in Worker(tau: draw()) }
      let upload = (0..<n).map { _ in draw() }
      let ratio = stream.uniform() < 0.2 ? 0 : 10 * draw()
      var times: [Double] = []
      for isAdaptive in [false, true] {
        let method = configured(Shadowheart.self) {
          $0.gamma = 0.1
          $0.ratio.given = ratio
          $0.isAdaptive = isAdaptive
        }
        let run = try experiment(method, workers: workers, upload: upload, dimension: 20).start()
        #expect(run.run(until: Stop(updates: 3)) == .updates)
        times.append(run.statistics.point.time)
      }
      worst = max(worst, times[1] / times[0])
    }
    // Rounds that grow twofold and are balanced up to twice, and a last one that may be cut short.
    #expect(worst < 8)
  }

  /// Ten workers with σ²/ε = 10 have a tenth each after one gradient and one message; added up in doubles
  /// these are 1 − 2⁻⁵³.
  @Test func sharesThatAddUpToOneButForRoundingEndTheIteration() throws {
    for n in 1...60 {
      let method = configured(Shadowheart.self) {
        ($0.gamma, $0.coordinates, $0.ratio.given, $0.isAdaptive) = (0.1, 10, Double(n), true)
      }
      let workers = (0..<n).map { _ in Worker(tau: 1) }
      let run = try experiment(method, workers: workers, upload: workers.map { _ in 0.7 }).start()
      run.run(until: Stop(updates: 1))
      #expect(run.statistics.point.time == 8, "\(n) workers")
      #expect(run.statistics.point.arrivals == n)
    }
  }

  @Test func senselessConfigurationsAreRefused() throws {
    for name in ["shadowheart", "qsgd"] {
      let entry = try #require(Catalogue().method(name))
      #expect(throws: LabError.self) { try entry.choose(["K": 0]) }
      #expect(throws: LabError.self) { try entry.choose(["K": -2]) }
      let beyond = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 5)), workers: Self.workers,
        method: try entry.choose(["K": 6]))
      let error = #expect(throws: LabError.self) { try beyond.start() }
      #expect(error?.key == "K")
    }
    let stuck = experiment(
      configured(Shadowheart.self) { $0.ratio = 1 }, workers: [Worker(tau: .infinity)], upload: [1])
    #expect(throws: LabError.self) { try stuck.start() }
  }

  @Test func hasItsKeys() throws {
    try expectKeys(
      "shadowheart", ["K": "1", "ratio": "the problem's", "clip_messages": "false", "adaptive": "false"])
    try expectRefused("shadowheart", ["K": 11], "1 to d, the dimension of the problem")
    try expectRefused("shadowheart", ["ratio": -1], "a number that is not negative")
    try expectRefused("shadowheart", ["adaptive": 2], "true or false")
  }

  /// t* by bisection of (Σ_{i≤j} 1/(2τᵢω + 4τᵢhᵢωσ²/(sε) + 2hᵢσ²/ε))⁻¹ = s, and what follows of it.
  @Test func hasTheTheorysNumbers() throws {
    // Workers in the order of max{hᵢ, τᵢ}; messages of two of eight coordinates.
    let (h, seconds, noise, omega) = ([1.0, 2, 3], [0.5, 0.25, 4], TheoryLab.noise, 3.0)
    let times = (1...3).map { j in
      var (low, high) = (1e-6, 1e6)
      for _ in 0..<200 {
        let s = (low + high) / 2
        let rate = (0..<j).map { i in
          1 / (2 * seconds[i] * omega + 4 * seconds[i] * h[i] * omega * noise / s + 2 * h[i] * noise)
        }.reduce(0, +)
        if 1 / rate > s { low = s } else { high = s }
      }
      return max(max(h[j - 1], seconds[j - 1]), low)
    }
    let t = times.min()!
    let forecast = try TheoryLab.forecast(
      "shadowheart", MethodLab.workers(h), ["K": 2], uploadPerCoordinate: seconds.map { $0 / 2 })
    #expect(abs(forecast["t_star"] / t - 1) < 1e-9)
    #expect(forecast["omega"] == omega && forecast["ratio"] == noise)
    #expect(forecast["j_star"] == Double(times.firstIndex(of: t)! + 1))
    #expect(forecast.list("b") == h.map { (t / $0).rounded(.down) })
    #expect(forecast.list("m") == seconds.map { (t / $0).rounded(.down) })
    expectNear(forecast.gamma, 1 / (2 * TheoryLab.L))
    #expect(forecast.iterations == 16 * TheoryLab.progress)
    #expect(abs(forecast.time / (32 * t * TheoryLab.progress) - 1) < 1e-9)
  }
}
