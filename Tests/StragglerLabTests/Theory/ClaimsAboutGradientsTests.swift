// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData
import Testing

@testable import StragglerLab

/// What is said of gradients against simulated runs: every method with a theorem about shared data, on random
/// fleets of fixed, independent, interrupted and replayed durations, makes the K updates that the theory asks
/// for with the parameters that it gives, and then ε is reached in the theorem's sense.
/// `DifferentDataTheoryTests` has those for data that differ.
@Suite struct ClaimsAboutGradientsTests {
  typealias Draw = ClaimsOverTimeTests.Draw

  static let draws = ClaimsOverTimeTests.Kind.allCases.map { kind in
    Draw(kind: kind, seed: 11)
  }

  @Test(arguments: draws) func whatIsPromisedHolds(_ draw: Draw) throws {
    let fleet = try ClaimsOverTimeTests.fleet(draw)
    var told: Set<String> = []
    for entry in Catalogue().methods {
      for isSum in [false, true] where !told.contains(entry.name) {
        var problem = Quadratic<Double>(dimension: 6, noise: 0.35)
        if isSum { problem.samples = 9 }
        let choice = try entry.choose()
        var experiment = Experiment(
          problem: ProblemChoice(problem), workers: fleet.workers, method: choice, epsilon: 0.2)
        experiment.owners = fleet.owners
        experiment.topology = try Topology(.ring, nodes: fleet.workers.count) { _, _ in
          LinkTime(seconds: 0.1)
        }
        guard let forecast = try? choice.forecast(try experiment.situation()), forecast.applies,
          forecast.iterations <= 4_000
        else { continue }
        told.insert(entry.name)
        try Self.check(forecast, experiment, seeds: 3, "\(entry.name) on \(draw)")
      }
    }
    // Nearly all that have a theorem.
    #expect(told.count >= 18, "\(told.sorted())")
  }

  /// Split data, of which compressed gradients keep less than whole ones: the number of updates is some
  /// thousand, and with it the goal is reached.
  @Test(arguments: [SampleSplit.Kind.contiguous, .shuffled, .dirichlet(0.1)])
  func compressedGradientsOfSplitData(_ split: SampleSplit.Kind) throws {
    let samples = SparseSamples.synthetic(count: 120, width: 6, features: 3, seed: 3)
    let choice = try #require(Catalogue().method("qsgd")).choose(["K": 2])
    var experiment = Experiment(
      problem: ProblemChoice(
        Logistic<Double>(lambda: 0.05, regularizer: .l2, split: split, batch: 4),
        data: ProblemData(samples)), workers: (1...4).map { Worker(tau: Double($0).squareRoot()) },
      method: choice)
    let start = try experiment.start().statistics.point.gradnorm2
    experiment.epsilon = start / 3
    let forecast = try choice.forecast(try experiment.situation())
    #expect(forecast.iterations > 500 && forecast.iterations < 20_000, "\(forecast.iterations)")
    try Self.check(forecast, experiment, seeds: 2, "\(split)")
  }

  /// Runs K updates under `seeds` seeds. The bounds hold for the worst problems and have constants of 4 to
  /// 96, so that means over so few seeds need no slack.
  private static func check(
    _ forecast: Forecast, _ experiment: Experiment, seeds: Int, _ what: String
  ) throws {
    let K = Int(forecast.iterations)
    var (experiment, sums, gap) = (experiment, [Double](), 0.0)
    experiment.interval = .updates(max(1, K / 100))
    for seed in 1...seeds {
      experiment.seed = UInt64(seed)
      let run = try experiment.start()
      run.run(until: Stop(updates: K))
      // Fleets in which all workers get stuck promise nothing.
      if run.stopped == .starved { return }
      #expect(run.stopped == .updates, "\(what): \(String(describing: run.stopped))")
      let points = run.trace.dropLast()
      if sums.isEmpty { sums = Array(repeating: 0, count: points.count) }
      for (index, point) in points.enumerated() where index < sums.count {
        sums[index] += point.gradnorm2 / Double(seeds)
      }
      gap += run.statistics.point.gap / Double(seeds)
    }
    let (mean, epsilon) = (sums.reduce(0, +) / Double(sums.count), experiment.epsilon)
    switch forecast.guarantee {
    case .mean: #expect(mean <= epsilon, "\(what): \(mean / epsilon)")
    case .smallest: #expect((sums.min() ?? .infinity) <= epsilon, "\(what): \(sums.min() ?? .nan)")
    case .gap: #expect(gap <= epsilon, "\(what): \(gap / epsilon)")
    }
  }
}
