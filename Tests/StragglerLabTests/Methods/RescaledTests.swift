// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@Suite struct RescaledTests {
  private func rescaled(_ gamma: Double = 0.1, _ times: JobTimes = .fleet) -> Rescaled {
    configured(Rescaled.self) { ($0.gamma.given, $0.times) = (gamma, times) }
  }

  @Test func doesWhatTheSlowOneDoes() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let steps = 1 + draw.integer(below: 3)
      let modifiers = Modifiers(localSteps: .same(Double(steps)))
      let means = workers.map {
        $0.tau + $0.delay.mean + ($0.upload + $0.download) / Double(steps)
      }
      let mean = means.reduce(0, +) / Double(means.count)
      func step(_ arrival: SlowArrival, _ factor: Double) -> (x: [Double]?, isUsed: Bool) {
        (zip(arrival.x, arrival.gradient).map { $0 - 0.1 * factor * $1 }, true)
      }
      var cases = [
        SlowCase(
          "fleet", MethodChoice(rescaled(), modifiers: modifiers),
          .arrivals { { step($0, means[$0.worker] / mean) } }),
        SlowCase(
          "measured", MethodChoice(rescaled(0.1, .measured), modifiers: modifiers),
          .arrivals {
            var durations = workers.map { _ in [Double]() }
            return { arrival in
              durations[arrival.worker].append(arrival.seconds)
              let known = durations.filter { !$0.isEmpty }.map { $0.reduce(0, +) / Double($0.count) }
              let own = durations[arrival.worker]
              return step(
                arrival,
                own.reduce(0, +) / Double(own.count) / (known.reduce(0, +) / Double(known.count)))
            }
          }),
      ]
      for index in cases.indices { cases[index].local = workers.map { _ in steps } }
      return cases
    }
  }

  /// Equal times: no bit differs from Asynchronous SGD.
  @Test(arguments: [0.1, 1, 1.0 / 3], [JobTimes.fleet, .measured])
  func equalTimesAreAsynchronousSGD(tau: Double, times: JobTimes) throws {
    // Measured times differ by the rounding of the clock, unless they are whole.
    let tau = times == .measured ? 1 : tau
    let workers = MethodLab.workers(Array(repeating: tau, count: 7))
    let asgd = configured(Asynchronous.self) { $0.gamma = 0.1 }
    expectSame(
      try MethodLab.outcome(rescaled(0.1, times), workers: workers),
      try MethodLab.outcome(asgd, workers: workers))
  }

  /// ∇fᵢ = ciAx + di of the problem with objectives that differ, found by evaluating it.
  private static func fixedPoint(_ problem: Targets, weights: [Double]) -> [Double] {
    let d = problem.dimension
    var a = Array(repeating: Array(repeating: 0.0, count: d), count: d)
    var b = Array(repeating: 0.0, count: d)
    for (worker, weight) in weights.enumerated() {
      for j in 0..<d {
        a[j][j] += weight * problem.curvature(worker, j)
        b[j] += weight * problem.curvature(worker, j) * problem.target(worker, j)
      }
    }
    return solve(a, b)
  }

  private func distance(
    _ method: some Method, _ tau: [Double], to point: [Double], seconds: Double
  ) throws -> Double {
    let run = try Experiment(
      problem: ProblemChoice(Targets(workers: tau.count)), workers: MethodLab.workers(tau),
      method: MethodChoice(method)
    ).start()
    run.run(until: Stop(time: seconds))
    return sqrt(zip(run.model, point).map { ($0 - $1) * ($0 - $1) }.reduce(0, +))
  }

  /// As γ → 0, Asynchronous SGD goes to the point where Σ ∇fᵢ/tᵢ = 0, and this to the minimum of the mean:
  /// the distances shrink in proportion to γ, and the two points are far from each other.
  @Test(arguments: [JobTimes.fleet, .measured])
  func weighsDataThatDifferEqually(times: JobTimes) throws {
    let tau = [1.0, 2, 3.5, 8]
    let problem = Targets(workers: tau.count)
    let minimum = Self.fixedPoint(problem, weights: tau.map { _ in 1 })
    let biased = Self.fixedPoint(problem, weights: tau.map { 1 / $0 })
    let apart = sqrt(zip(minimum, biased).map { ($0 - $1) * ($0 - $1) }.reduce(0, +))
    #expect(apart > 0.3)
    let gammas = [0.04, 0.02, 0.01, 0.005]
    // Whole periods of the workers' deliveries, so that all runs end in the same phase of one.
    let period = 56.0
    func check(_ method: (Double) -> some Method, _ point: [Double]) throws {
      let distances = try gammas.map {
        try distance(method($0), tau, to: point, seconds: period * (1.28 / $0).rounded())
      }
      for (large, small) in zip(distances, distances.dropFirst()) {
        #expect(small / large > 0.4 && small / large < 0.6, "\(distances)")
      }
      #expect(distances[3] < 0.05 * apart)
    }
    try check({ rescaled($0, times) }, minimum)
    try check({ gamma in configured(Asynchronous.self) { $0.gamma.given = gamma } }, biased)
  }

  @Test func isRefusedWhereTimesAreNotKnown() throws {
    let endless = [Worker(tau: 1, delay: .pareto(minimum: 1, alpha: 0.9)), Worker(tau: 1)]
    #expect(throws: LabError.self) { try MethodLab.outcome(rescaled(), workers: endless) }
    _ = try MethodLab.outcome(rescaled(0.01, .measured), workers: endless)
    #expect(throws: LabError.self) { try MethodLab.outcome(Rescaled()) }
  }
}

/// fᵢ(x) = ½ Σⱼ cᵢⱼ(xⱼ − bᵢⱼ)²: every worker has a minimum of its own.
struct Targets: Problem {
  static var name: StaticText { "targets" }
  static var summary: StaticText { "quadratics with a minimum for each worker" }
  var workers = 1
  init() {}
  init(workers: Int) { self.workers = workers }
  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  var dimension: Int { 3 }
  var conditions: Conditions {
    var conditions = Conditions()
    conditions.isHeterogeneous = workers > 1
    return conditions
  }
  func curvature(_ worker: Int, _ j: Int) -> Double { 0.5 + Double((worker + 2 * j) % 3) / 4 }
  func target(_ worker: Int, _ j: Int) -> Double { Double((3 * worker + j) % 5) - 1.5 }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) { for j in x.indices { x[j] = 1 } }
  mutating func value(at x: Span<Double>) -> Double {
    var sum = 0.0
    for worker in 0..<workers {
      for j in x.indices {
        sum += curvature(worker, j) / 2 * (x[j] - target(worker, j)) * (x[j] - target(worker, j))
      }
    }
    return sum / Double(workers)
  }
  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    for j in g.indices {
      g[j] = 0
      for worker in 0..<workers {
        g[j] += curvature(worker, j) * (x[j] - target(worker, j)) / Double(workers)
      }
    }
  }
  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    for j in g.indices {
      g[j] += weight * curvature(sample.worker, j) * (x[j] - target(sample.worker, j))
    }
  }
}
