// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@Suite struct LocalSGDTests {
  private static let gamma = SlowSchedule.gamma

  private func choice(_ settings: Settings) throws -> MethodChoice {
    try #require(Catalogue().method("local-sgd")).choose(
      ["gamma": .number(Self.gamma)].merging(settings) { $1 })
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let n = workers.count
      let local = workers.map { _ in 1 + draw.integer(below: 4) }
      let values = SettingValue.perWorker(local.map(Double.init))
      let rule = SlowRule.batch(
        enough: { $0.reduce(0, +) == n }, ofMeans: false, isOnce: true, stops: true)
      // The step of the server has a length of its own.
      return try [(1.0, "mean", 1.0), (1.5, "mean", 1), (0.25, "sum", Double(n))].map {
        (server, aggregate, weight) in
        var test = SlowCase(
          "\(aggregate) \(server)",
          try choice(["local": values, "server": .number(server), "aggregate": .word(aggregate)]), rule)
        test.local = local
        test.schedule = { _, _, _ in server * Self.gamma * weight }
        return test
      }
    }
  }

  @Test func withABudgetAgreesWithSlowRuns() throws {
    try SlowSteps.expectAgreement { n, draw in
      let budget = 1 + draw.integer(below: 4 * n)
      return (try choice(["budget": .number(Double(budget))]), .budget(budget))
    }
  }

  /// With one step and the mean it is Minibatch SGD, in the log and every bit.
  @Test func oneStepIsMinibatch() throws {
    func log(_ name: String, _ settings: Settings) throws -> (log: [String], model: [Double]) {
      var experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 9, noise: 0.2)),
        workers: MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1)),
        method: try #require(Catalogue().method(name)).choose(settings), seed: 3)
      experiment.isLogging = true
      let run = try experiment.start()
      var log: [String] = []
      run.onLog = { log.append(EventReport.line($0)) }
      run.run(until: Stop(updates: 50))
      return (log + run.trace.map { "\($0)" }, run.model)
    }
    let minibatch = try log("minibatch", ["gamma": 0.3])
    for settings: Settings in [["gamma": 0.3], ["gamma": 0.3, "local": 1, "server": 1, "aggregate": "mean"]] {
      let found = try log("local-sgd", settings)
      #expect(found.log == minibatch.log && found.model == minibatch.model)
    }
  }

  /// x^{k+1} = x^k − (I − (I − γA)^H)(x^k − x*) on the quadratic without noise.
  @Test(arguments: [1, 2, 5, 8]) func hasTheClosedFormOnQuadratics(_ H: Int) throws {
    let d = 12
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: d, noise: 0)),
      workers: MethodLab.workers([1, 2, 3]), method: choice(["gamma": 0.7, "local": .number(Double(H))])
    ).start()
    // A x = b of ¼·tridiag(−1, 2, −1) and −¼e₁: x*ⱼ = −(1 − (j+1)/(d+1)).
    let optimum = (0..<d).map { -(1 - Double($0 + 1) / Double(d + 1)) }
    func product(_ v: [Double]) -> [Double] {
      v.indices.map { (2 * v[$0] - ($0 > 0 ? v[$0 - 1] : 0) - ($0 + 1 < d ? v[$0 + 1] : 0)) / 4 }
    }
    var x = MethodLab.start(d)
    for k in 1...30 {
      // (I − γA)^H (x − x*).
      var error = zip(x, optimum).map { $0 - $1 }
      for _ in 0..<H { error = zip(error, product(error)).map { $0 - 0.7 * $1 } }
      x = zip(optimum, error).map { $0 + $1 }
      run.run(until: Stop(updates: k))
      expectClose(run.model, x, 1e-12)
    }
  }

  /// FedNova's cure: with H that differ the mean of D/H times the mean of H.
  @Test func normalizedWeightsWorkersEqually() throws {
    let (H, gamma, d) = ([1, 3, 8], 0.2, 5)
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: d, noise: 0)),
      workers: MethodLab.workers([1, 2, 3]),
      method: choice([
        "gamma": .number(gamma), "local": .perWorker(H.map(Double.init)), "aggregate": "normalized",
        "server": 1.5,
      ])
    ).start()
    var x = MethodLab.start(d)
    for k in 1...10 {
      var total = x.map { _ in 0.0 }
      for count in H {
        var y = x
        for _ in 0..<count { y = zip(y, MethodLab.gradient(y)).map { $0 - gamma * $1 } }
        for j in x.indices { total[j] += (x[j] - y[j]) / gamma / Double(count) }
      }
      for j in x.indices { x[j] -= 1.5 * gamma * 4 * total[j] / 3 }
      run.run(until: Stop(updates: k))
      expectClose(run.model, x, 1e-12)
    }
  }

  /// A budget of one step is the fastest gradient of all, after which all workers stop.
  @Test func aBudgetOfOneIsRennalaWithOneGradient() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    func run(_ name: String, _ settings: Settings) throws -> Run {
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 9, noise: 0)), workers: workers,
        method: try #require(Catalogue().method(name)).choose(settings)
      ).start()
      run.run(until: Stop(updates: 40))
      return run
    }
    let local = try run("local-sgd", ["gamma": 0.1, "budget": 1])
    let rennala = try run("rennala", ["gamma": 0.1, "batch": 1, "stops": true])
    #expect(local.model == rennala.model)
    #expect(local.statistics.point.time == rennala.statistics.point.time)
    #expect(local.statistics.point.arrivals == rennala.statistics.point.arrivals)
  }

  /// Data that differ: rounds go to the point where Σ wᵢDᵢ = 0. On quadratics γDᵢ = Mᵢ(x − xᵢ*) with Mᵢ =
  /// I − (I − γAᵢ)^Hᵢ and the worker's own minimum xᵢ*, so that the point solves ΣwᵢMᵢx = ΣwᵢMᵢxᵢ*. It is
  /// reached to the last digits.
  @Test(
    arguments: [[1, 1, 1, 1], [2, 2, 2, 2], [5, 5, 5, 5], [1, 4, 2, 8]], ["mean", "sum", "normalized"])
  func endsAtTheFixedPointWhereDataDiffer(_ H: [Int], _ aggregate: String) throws {
    for gamma in [0.2, 0.03] {
      let run = try Experiment(
        problem: ProblemChoice(CoupledBowls()), workers: MethodLab.workers([1, 2, 3, 5]),
        method: choice([
          "gamma": .number(gamma), "local": .perWorker(H.map(Double.init)), "server": 0.5,
          "aggregate": .word(aggregate),
        ])
      ).start()
      run.run(until: Stop(updates: 6_000))
      let weights: [Double] = H.map { aggregate == "normalized" ? 1 / Double($0) : 1 }
      expectClose(
        run.model, CoupledBowls.fixedPoint(gamma, H, weights), 1e-13, "H = \(H), γ = \(gamma), \(aggregate)")
    }
  }

  /// The fixed point of H steps is γ(H−1)/2 · (ΣAᵢ)⁻¹ΣAᵢ∇fᵢ(x*) off the minimum x* of the mean, up to
  /// O(γ²): with H = 1 it is the minimum.
  @Test func stallsInProportionToGammaAndTheStepsBeyondTheFirst() {
    let workers = Array(0..<CoupledBowls.count)
    let sum = CoupledBowls.sum(workers.map { CoupledBowls.matrix($0) })
    let minimum = solve(sum, CoupledBowls.sum(workers.map { CoupledBowls.slope($0) }))
    let drift: [[Double]] = workers.map { worker in
      CoupledBowls.times(CoupledBowls.matrix(worker), CoupledBowls.gradient(minimum, worker))
    }
    let direction = solve(sum, CoupledBowls.sum(drift))
    #expect(direction.contains { abs($0) > 0.1 })
    for H in [1, 2, 4, 9] {
      func rest(_ gamma: Double) -> Double {
        let point = CoupledBowls.fixedPoint(
          gamma, workers.map { _ in H }, workers.map { _ in 1.0 })
        let expected = CoupledBowls.add(minimum, gamma * Double(H - 1) / 2, direction)
        return CoupledBowls.add(point, -1, expected).map { abs($0) }.max() ?? .infinity
      }
      if H == 1 {
        #expect(rest(0.2) < 1e-13)
      } else {
        #expect(abs(rest(2e-3) / rest(1e-3) - 4) < 0.1, "H = \(H)")
      }
    }
  }

  /// The log has every step, and those that are complete make the budget.
  @Test func theLogHasEveryStep() throws {
    let method = configured(LocalSGD.self) { ($0.gamma, $0.budget) = (0.1, 7) }
    let (run, log) = try MethodLab.run(method, MethodLab.workers([1, 1.5, 9]), until: Stop(updates: 10))
    #expect(log.count { $0.kind == .step } == 70)
    #expect(log.count { $0.kind == .cancel } == run.statistics.cancelled && run.statistics.cancelled == 10)
    #expect(run.statistics.point.used == 20)
  }

  @Test func endsAsStarvedWhereNobodyCanDeliver() throws {
    let endless = Worker(tau: 1, delay: .infbernoulli(q: 1))
    for (workers, reason) in [
      ([endless, endless], StopReason.starved), ([endless, Worker(tau: 1)], .updates),
    ] {
      let run = try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3, noise: 0)), workers: workers,
        method: choice(["budget": 3])
      ).start()
      #expect(run.run(until: Stop(updates: 5)) == reason)
    }
    #expect(throws: LabError.self) {
      try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: [Worker(tau: 0)],
        method: choice(["budget": 3])
      ).start()
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys(
      "local-sgd",
      [
        "gamma": "none: give it, or tune; with budget from the theorem", "server": "1",
        "aggregate": "mean, with budget sum", "budget": "none: every worker makes its H",
      ])
    try expectRefused("local-sgd", ["server": 0], "a positive number")
    try expectRefused("local-sgd", ["budget": 0], "a positive integer or theory")
    try expectRefused("local-sgd", ["aggregate": "median"], "mean sum normalized")
    for (settings, part): (Settings, String) in [
      (["budget": 3, "local": 2], "nothing beside budget="),
      (["budget": 3, "aggregate": "normalized"], "mean or sum beside budget="),
    ] {
      let method = try choice(settings)
      let experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 3)), workers: [Worker(tau: 1)], method: method)
      #expect {
        try experiment.start()
      } throws: {
        "\($0)".contains(part)
      }
    }
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, L, noise) = ([1.0, 2, 4], TheoryLab.L, TheoryLab.noise)
    for (setting, B) in [(SettingValue.word("theory"), 7.0), (2, 2), (11, 11)] {
      let forecast = try TheoryLab.forecast("local-sgd", MethodLab.workers(tau), ["budget": setting])
      #expect(forecast["budget"] == B)
      expectNear(forecast.gamma, min(1 / (2 * B * L), 1 / (4 * L * noise)))
      #expect(forecast["local_steps"] == ((4 * B + 8 * noise) * TheoryLab.progress).rounded(.up))
      #expect(forecast.iterations == (forecast["local_steps"] / B).rounded(.up))
      expectNear(forecast.time, TheoryLab.collecting(B, tau) * forecast.iterations)
    }
    #expect(throws: LabError.self) { try TheoryLab.forecast("local-sgd", MethodLab.workers(tau)) }
    let rounds = try TheoryLab.forecast("local-sgd", MethodLab.workers(tau), ["gamma": 0.1, "local": 4])
    #expect(rounds.time.isNaN && rounds.notes.contains { $0.contains("no theorem") })
  }

  @Test func boundsHoldOnRandomFleets() throws {
    try LocalTheoryLab.expectBoundsHold("local-sgd") { n, draw in
      draw.uniform() < 0.5
        ? ["budget": "theory"] : ["budget": .number(Double(1 + draw.integer(below: 2 * n)))]
    }
  }
}

/// fᵢ(x) = ½xᵀAᵢx − bᵢᵀx with matrices that do not commute, so that no two workers share their axes.
private struct CoupledBowls: Problem {
  static var name: StaticText { "coupled-bowls" }
  static var summary: StaticText { "a quadratic with a matrix of its own for every worker" }
  static let size = 4
  static let count = 4

  static let identity: [[Double]] = (0..<size).map { i in (0..<size).map { $0 == i ? 1.0 : 0.0 } }

  static func matrix(_ worker: Int) -> [[Double]] {
    var a = identity
    let v: [Double] = (0..<size).map { j in Double((3 * worker + 2 * j + worker * j) % 5) / 4 - 0.5 }
    let scale = 0.4 + 0.1 * Double(worker)
    for i in 0..<size {
      for j in 0..<size { a[i][j] = a[i][j] * scale + v[i] * v[j] }
    }
    return a
  }
  static func slope(_ worker: Int) -> [Double] {
    (0..<size).map { j in Double((5 * worker + 3 * j) % 7) - 3 }
  }
  static func times(_ a: [[Double]], _ x: [Double]) -> [Double] {
    a.map { row in
      var sum = 0.0
      for j in row.indices { sum += row[j] * x[j] }
      return sum
    }
  }
  /// x + weight · y.
  static func add(_ x: [Double], _ weight: Double, _ y: [Double]) -> [Double] {
    x.indices.map { j in x[j] + weight * y[j] }
  }
  static func sum(_ vectors: [[Double]]) -> [Double] {
    var total = [Double](repeating: 0, count: size)
    for vector in vectors { total = add(total, 1, vector) }
    return total
  }
  static func sum(_ matrices: [[[Double]]]) -> [[Double]] {
    (0..<size).map { i in sum(matrices.map { $0[i] }) }
  }
  static func gradient(_ x: [Double], _ worker: Int) -> [Double] {
    add(times(matrix(worker), x), -1, slope(worker))
  }

  /// The solution of ΣwᵢMᵢx = ΣwᵢMᵢxᵢ*.
  static func fixedPoint(_ gamma: Double, _ H: [Int], _ weights: [Double]) -> [Double] {
    var matrices: [[[Double]]] = []
    var right: [[Double]] = []
    for worker in 0..<count {
      let a = matrix(worker)
      // M is symmetric, so that its rows are what H steps leave out of the unit vectors.
      let m: [[Double]] = identity.map { unit in
        var y = unit
        for _ in 0..<H[worker] { y = add(y, -gamma, times(a, y)) }
        return add(unit, -1, y).map { weights[worker] * $0 }
      }
      matrices.append(m)
      right.append(times(m, solve(a, slope(worker))))
    }
    return solve(sum(matrices), sum(right))
  }

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  var dimension: Int { Self.size }
  var conditions: Conditions {
    var conditions = Conditions()
    conditions.isHeterogeneous = true
    return conditions
  }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) { for j in x.indices { x[j] = 1 } }
  mutating func value(at x: Span<Double>) -> Double { 0 }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    let point = x.indices.map { x[$0] }
    let total = Self.sum((0..<Self.count).map { Self.gradient(point, $0) })
    for j in g.indices { g[j] = total[j] / Double(Self.count) }
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    let gradient = Self.gradient(x.indices.map { x[$0] }, sample.worker)
    for j in g.indices { g[j] += weight * gradient[j] }
  }
}
