// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@Suite struct ProxSkipTests {
  /// The number of steps of a round: the first toss that succeeds.
  private func steps(_ p: Double, round: Int, seed: UInt64) -> Int {
    var stream = RandomStream(seed: seed, purpose: .method, job: round)
    return 1 + Int(floor(Foundation.log(stream.uniform()) / Foundation.log1p(-p)))
  }

  /// Algorithm 2 in arrays, one step after the other.
  @Test func agreesWithSlowRuns() throws {
    for trial in 0..<16 {
      var draw = RandomStream(seed: 32, purpose: .data, worker: trial)
      let n = 1 + draw.integer(below: 6)
      let workers = (0..<n).map { _ in
        Worker(
          tau: 0.2 + 3 * draw.uniform(), delay: .uniform(a: 0, b: 2), upload: trial % 4 == 1 ? 0.5 : 0)
      }
      let (p, gamma, seed) = (0.15 + 0.7 * draw.uniform(), 0.1, UInt64(trial))
      let method = ProxSkip { ($0.gamma, $0.probability) = (0.1, p) }
      let run = try Experiment(
        problem: ProblemChoice(Bowls(noise: 0.1)), workers: workers, method: MethodChoice(method), seed: seed
      ).start()
      var (x, time, number) = (Bowls.start, 0.0, 0)
      var h = workers.map { _ in Bowls.start.map { _ in 0.0 } }
      for round in 0..<20 {
        let H = steps(p, round: round, seed: seed)
        var y = workers.map { _ in x }
        for step in 1...H {
          for i in workers.indices {
            let g = Bowls.gradient(y[i], i, job: number + step, noise: 0.1)
            y[i] = y[i].indices.map { y[i][$0] - gamma * (g[$0] - h[i][$0]) }
          }
        }
        time = workers.indices.map { i in
          var seconds = 0.0
          for step in 1...H {
            var stream = RandomStream(seed: seed, purpose: .delay, worker: i, job: number + step)
            seconds += workers[i].tau + workers[i].delay.sample(&stream, job: number + step)
          }
          return (time + seconds) + workers[i].upload
        }.max()!
        number += H
        x = NetworkLab.mean(y)
        for i in workers.indices {
          h[i] = h[i].indices.map { h[i][$0] + p / gamma * (x[$0] - y[i][$0]) }
        }
        run.run(until: Stop(updates: round + 1))
        expectClose(run.model, x, 1e-9, "fleet \(trial)")
        expectClose([run.statistics.point.time], [time], 1e-12, "fleet \(trial)")
        #expect(run.statistics.gradients == n * number, "fleet \(trial)")
      }
    }
  }

  /// To the last bit.
  @Test func withCertainAveragesIsMinibatch() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let minibatch = try MethodLab.outcome(Minibatch { $0.gamma = 0.3 }, workers: workers)
    let method = ProxSkip { ($0.gamma, $0.probability) = (0.3, 1) }
    expectSame(minibatch, try MethodLab.outcome(method, workers: workers))
  }

  /// The steps of a round are geometric: mean 1/p, variance (1 − p)/p².
  @Test func roundsHaveTheirLength() throws {
    let p = 0.2
    let run = try Experiment(
      problem: ProblemChoice(Quadratic<Double>(dimension: 2)), workers: [Worker(tau: 1)],
      method: MethodChoice(ProxSkip { ($0.gamma, $0.probability) = (0.1, p) })
    ).start()
    run.run(until: Stop(updates: 4_000))
    let deviation = (4_000 * (1 - p) / (p * p)).squareRoot()
    #expect(abs(Double(run.statistics.gradients) - 4_000 / p) < 5 * deviation)
  }

  @Test func reachesTheMinimumOfDataThatDiffer() throws {
    let method = ProxSkip { ($0.gamma, $0.probability) = (0.5, 0.3) }
    let run = try Experiment(
      problem: ProblemChoice(Bowls()), workers: MethodLab.workers([1, 2, 1, 3, 1]),
      method: MethodChoice(method)
    ).start()
    run.run(until: Stop(updates: 400))
    expectClose(run.model, Bowls.optimum(5), 1e-10)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("proxskip", ["p": "0.1"])
    try expectRefused("proxskip", ["p": 0], "a probability")
    try expectRefused("proxskip", ["p": 1.5], "a probability")
  }

  @Test func hasTheTheorysStepsize() throws {
    let forecast = try TheoryLab.forecast("proxskip", MethodLab.workers([1, 2, 3]))
    expectNear(forecast.gamma, 1 / TheoryLab.L)
    #expect(forecast.time.isNaN && forecast.notes.contains { $0.contains("no time follows") })
  }

  /// The theorem's stepsize is said to be the theorem's; one that is given is not.
  @Test func saysWhatItsStepsizeIsFor() throws {
    func remarks(_ settings: Settings) throws -> [String] {
      let entry = try #require(Catalogue().method("proxskip"))
      return try Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 4)), workers: MethodLab.workers([1, 2, 3]),
        method: entry.choose(settings)
      ).start().remarks
    }
    #expect(try remarks([:]).contains { $0.contains("promises nothing") })
    #expect(try remarks(["gamma": 0.1]).isEmpty)
  }
}
