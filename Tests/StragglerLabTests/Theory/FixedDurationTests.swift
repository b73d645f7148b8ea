// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@testable import StragglerLab

/// What `theory` says under fixed durations against runs, for every method on fleets, parameters and goals
/// drawn at random: K updates take no longer than `time`, and without noise they reach the goal.
@Suite struct FixedDurationTests {
  private struct Case: CustomStringConvertible {
    let experiment: Experiment
    let description: String
    let hasNoise: Bool

    init(_ method: String, trial: Int) throws {
      var draw = RandomStream(seed: 21, purpose: .data, worker: trial)
      func pick<Value>(_ values: [Value]) -> Value { values[draw.integer(below: values.count)] }
      let n = 1 + draw.integer(below: 7)
      let unit = pick([1, 0.1, 1 / 3.0])
      let isWhole = draw.uniform() < 0.5
      let hasUploads = draw.uniform() < 0.5
      let workers = (0..<n).map { _ in
        Worker(
          tau: isWhole ? unit * Double(1 + draw.integer(below: 5)) : 0.05 + 4 * draw.uniform(),
          upload: hasUploads ? 2 * draw.uniform() : 0)
      }
      hasNoise = draw.uniform() < 0.5
      let size = 1 + draw.integer(below: 2 * n)
      var settings: Settings = [:]
      if draw.uniform() < 0.5 {
        for (key, value) in ["batch": size, "threshold": size, "m": 1 + draw.integer(below: n)] {
          settings[key] = .number(Double(value))
        }
        settings["trials"] = .number(Double(1 + draw.integer(below: 3)))
      }
      settings["stops"] = pick([true, false])
      settings["allocation"] = .word(pick(["ata", "empirical", "greedy", "uniform", "optimal"]))
      settings["clip"] = pick([.word("median"), .word("optimal")])
      if draw.uniform() < 0.5 { settings["ratio"] = .number(3 * draw.uniform()) }
      settings["clip_messages"] = pick([true, false])
      settings["K"] = .number(Double(1 + draw.integer(below: 4)))
      let entry = try #require(Catalogue().method(method))
      let known = Set(entry.keys.map(\.name))
      settings = settings.filter { known.contains($0.key) }
      if method == "fragile-accelerated" || method == "amelie-accelerated" { settings["batch"] = nil }
      var problem = Quadratic<Double>(dimension: 4, noise: hasNoise ? 0.05 : 0)
      if ["page", "-gd", "freya", "synthesis"].contains(where: method.contains) {
        problem.samples = 1 + draw.integer(below: 20)
      }
      // Δ and L are what they are; LΔ/ε decides how many updates there are.
      let progress = pick([0.01, 0.3, 2, 9]) * (0.5 + draw.uniform())
      var experiment = Experiment(
        problem: ProblemChoice(problem), workers: workers, method: try entry.choose(settings),
        seed: UInt64(trial + 1))
      if draw.uniform() < 0.5 { experiment.uploadPerCoordinate = workers.map { _ in 0.3 * draw.uniform() } }
      let shape = pick([Topology.Shape.line, .ring, .star(center: 0), .complete, .tree(branching: 2)])
      let link = pick([0, 0.1, 2])
      experiment.topology = try? NetworkLab.topology(shape, n, seconds: link, perCoordinate: 0.01)
      let conditions = try experiment.situation().conditions
      experiment.epsilon = conditions.smoothness * conditions.gap / progress
      experiment.interval = .updates(1)
      self.experiment = experiment
      description = "\(method) \(settings) trial \(trial)"
    }
  }

  /// Their estimates are random even without noise: they compress, or draw samples.
  private static let random = [
    "qsgd", "shadowheart", "synthesis", "freya-sgd", "freya-page", "hero-page", "soviet-page",
  ]

  @Test(arguments: Catalogue().methods.map(\.name)) func runsKeepWhatTheoryPromises(method: String) throws {
    for trial in 0..<60 {
      let test = try Case(method, trial: trial)
      let situation = try test.experiment.situation()
      guard let forecast = try? test.experiment.method.forecast(situation) else { continue }
      let K = forecast.iterations
      guard K <= 3_000, let run = try? test.experiment.start() else { continue }
      #expect(K >= 1, "\(test)")
      run.run(until: Stop(updates: Int(K)))
      // How often the coin falls is chance.
      if !forecast.time.isNaN, !forecast.notes.contains(where: { $0.contains("coin") }) {
        let time = run.statistics.point.time
        #expect(time <= forecast.time * (1 + 1e-9), "\(test): K = \(K) in \(time), not \(forecast.time)")
      }
      if !test.hasNoise, !Self.random.contains(method) {
        let points = run.trace.filter { $0.iteration < Int(K) }
        let squares = points.map(\.gradnorm2)
        let value =
          switch forecast.guarantee {
          case .mean: squares.reduce(0, +) / Double(squares.count)
          case .smallest: squares.min() ?? .nan
          case .gap: run.statistics.point.gap
          }
        #expect(points.count == Int(K), "\(test)")
        #expect(value <= test.experiment.epsilon * (1 + 1e-9), "\(test): \(value)")
      }
    }
  }
}
