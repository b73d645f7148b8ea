// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// Every job that was assigned has arrived, was cancelled, or runs.
@Suite struct CountsTests {
  private static let network: [(name: String, settings: Settings)] = [
    ("fragile", ["batch": 9]), ("fragile-accelerated", ["batch": 5]), ("amelie", ["batch": 14]),
    ("amelie-accelerated", ["batch": 8]), ("minibatch-decentralized", [:]), ("relaysgd", [:]),
    ("gradient-tracking", [:]), ("asgd-decentralized", [:]), ("hogwild", ["reads": "inconsistent"]),
    ("hero-page", ["batch": 3, "p": 0.4]), ("soviet-gd", [:]),
    ("shadowheart", ["ratio": 3, "K": 1, "clip_messages": true]),
  ]

  private static let laws: [Delay] = [
    .none, .exponential(rate: 1), .lognormal(mu: 0, sigma: 2), .infbernoulli(q: 0.1),
    .markov(up: 5, down: 2), .uniform(a: 0, b: 1),
  ]

  @Test(arguments: 0..<12) func everyJobArrivesIsCancelledOrRuns(trial: Int) throws {
    var draw = RandomStream(seed: 11, purpose: .data, worker: trial)
    let count = 2 + draw.integer(below: 6)
    let workers = (0..<count).map { _ in
      let seconds = [1, 2, 0.3 + 2 * draw.uniform()][draw.integer(below: 3)]
      return Worker(
        tau: seconds, delay: Self.laws[trial % Self.laws.count], upload: [0, 0.5][draw.integer(below: 2)])
    }
    for (name, settings) in LogTests.methods + Self.network {
      var problem = Quadratic<Double>(dimension: 4, noise: 0.01)
      if name.contains("page") || name.contains("-gd") || ["freya-sgd", "synthesis"].contains(name) {
        problem.samples = 7
      }
      var settings = settings.merging(["gamma": 0.05]) { given, _ in given }
      for (key, largest) in [("m", count), ("trials", 3)] {
        if case .number(let value)? = settings[key] { settings[key] = .number(min(value, Double(largest))) }
      }
      // Without a mean duration there are none of the fleet.
      if name == "rescaled", !workers.allSatisfy({ $0.delay.mean < .infinity }) {
        settings["times"] = "measured"
      }
      var experiment = Experiment(
        problem: ProblemChoice(problem), workers: workers,
        method: try #require(Catalogue().method(name)).choose(settings), seed: UInt64(trial + 1))
      experiment.topology = try NetworkLab.topology(.ring, count, seconds: 0.4)
      experiment.isLogging = true
      let run = try experiment.start()
      // Messages are no jobs: their entries repeat the number of the worker's last gradient.
      var last = [Int](repeating: 0, count: count)
      var isJob = [Bool](repeating: false, count: count)
      run.onLog = { entry in
        switch entry.kind {
        case .assign:
          isJob[entry.worker] = entry.job > last[entry.worker]
          last[entry.worker] = entry.job
        case .arrive, .clip, .cancel: isJob[entry.worker] = false
        default: break
        }
      }
      for step in 1...8 {
        run.run(until: Stop(time: Double(step) * 2.3, events: 500))
        let statistics = run.statistics
        #expect(
          statistics.assigned
            == statistics.point.arrivals + statistics.cancelled + isJob.count { $0 },
          "\(name) \(settings) at \(statistics.point.time)")
      }
    }
  }
}
