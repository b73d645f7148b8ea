// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// What theorems about local steps say against runs on random fleets.
enum LocalTheoryLab {
  /// On 100 fleets: K updates take no longer than said, and the mean of ‖∇f‖² over them is at most ε.
  static func expectBoundsHold(
    _ name: String, _ settings: (_ workers: Int, _ draw: inout RandomStream) -> Settings
  ) throws {
    var told = 0
    for trial in 0..<100 {
      var draw = RandomStream(seed: 4, purpose: .data, worker: trial)
      let workers = (0..<1 + draw.integer(below: 8)).map { _ in
        Worker(tau: 0.1 + 4 * draw.uniform(), upload: draw.uniform() < 0.5 ? 2 * draw.uniform() : 0)
      }
      let entry = try #require(Catalogue().method(name))
      var experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 4, noise: 0.05)), workers: workers,
        method: try entry.choose(settings(workers.count, &draw)), seed: UInt64(trial + 1))
      let conditions = try experiment.situation().conditions
      // LΔ/ε from 1/2 to 4.
      experiment.epsilon = conditions.smoothness * conditions.gap / (0.5 + 3.5 * draw.uniform())
      experiment.interval = .updates(1)
      let forecast = try experiment.method.forecast(try experiment.situation())
      let K = Int(forecast.iterations)
      let run = try experiment.start()
      run.run(until: Stop(updates: K))
      told += 1
      #expect(run.statistics.point.time <= forecast.time * (1 + 1e-9), "\(name), fleet \(trial)")
      let squares = run.trace.filter { $0.iteration < K }.map(\.gradnorm2)
      #expect(squares.count == K, "\(name), fleet \(trial)")
      let mean = squares.reduce(0, +) / Double(K)
      #expect(mean <= experiment.epsilon, "\(name), fleet \(trial): \(mean) \(experiment.epsilon)")
    }
    #expect(told == 100)
  }
}
