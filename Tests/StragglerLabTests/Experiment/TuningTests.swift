// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

@Suite struct TuningTests {
  static let methods = ["rennala", "asgd", "mindflayer"]
  static let grid = [4, 2, 1, 0.5, 0.25, 0.125, 1.0 / 16, 1.0 / 32]

  static func candidates() throws -> [[Experiment]] {
    let workers = (1...4).map { Worker(tau: Double($0).squareRoot(), delay: .exponential(rate: 2)) }
    let catalogue = Catalogue()
    return try methods.map { name in
      let entry = try #require(catalogue.method(name))
      return try grid.map { stepsize in
        Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 6, noise: 0.02)), workers: workers,
          method: try entry.choose(["gamma": .number(stepsize)]), interval: .updates(3))
      }
    }
  }

  /// The best of all candidates, run to the end one by one.
  static func slowChoice(
    _ experiments: [Experiment], until goal: StragglerLab.Goal, seeds: [UInt64]
  ) throws -> (index: Int, row: Comparison.Row) {
    let rows = try Comparison(experiments, until: goal.stop, or: goal.conditions, seeds: seeds).run()
    func key(_ row: Comparison.Row) -> (Int, Double, Double) {
      let times = row.runs.filter { $0.statistics.stopped == .condition }.map { $0.statistics.point.time }
      let sum = row.runs.reduce(0) { $0 + $1.statistics.point.gap }
      let gap = sum.isNaN ? .infinity : sum
      return goal.conditions.isEmpty ? (0, 0, gap) : (-times.count, times.reduce(0, +), gap)
    }
    var best = 0
    for index in rows.indices where key(rows[index]) < key(rows[best]) { best = index }
    return (best, rows[best])
  }

  @Test(arguments: [1, 2, 4])
  func choosesWhatAFullSearchChooses(threads: Int) throws {
    let seeds: [UInt64] = [3, 4, 5]
    for goal in [
      StragglerLab.Goal(stop: Stop(updates: 400), conditions: [.init(.gradnorm2, .below, 1e-2)]),
      StragglerLab.Goal(stop: Stop(time: 30)),
      // Not all seeds get there.
      StragglerLab.Goal(stop: Stop(updates: 25), conditions: [.init(.gap, .below, 0.1)]),
    ] {
      let candidates = try Self.candidates()
      let tuning = Tuning(
        candidates, until: goal.stop, or: goal.conditions, seeds: seeds, threads: threads)
      let choices = try tuning.run().choices
      #expect(choices.map(\.method) == [0, 1, 2])
      for choice in choices {
        let slow = try Self.slowChoice(candidates[choice.method], until: goal, seeds: seeds)
        #expect(choice.candidate == slow.index)
        #expect(choice.row.gamma == Self.grid[choice.candidate])
        #expect(choice.row.reached == slow.row.reached)
        // A plot of the choice needs its traces.
        for (run, other) in zip(choice.row.runs, slow.row.runs) {
          let isSame = SweepTests.areEqual(run.trace, other.trace)
          #expect(run.seed == other.seed && isSame && !run.trace.isEmpty)
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [1, 2])
  func stepsizesThatNeverEndDoNotKeepOthersWaiting(threads: Int) throws {
    let low = [Stop.Condition(.gradnorm2, .below, 1e-2)]
    let candidates = [1e-12, 0.5, 1e-13].map { SweepTests.experiment(stepsize: $0) }
    let choices = try Tuning([candidates], until: Stop(), or: low, seeds: [1, 2], threads: threads).run()
      .choices
    #expect(choices.map(\.candidate) == [1])
    #expect(choices.first?.row.reached == 1)
  }

  /// Candidates that cannot run are told, and the others compete.
  @Test func candidatesThatCannotRunAreTold() throws {
    var broken = SweepTests.experiment(stepsize: 0.5)
    broken.workers = []
    let good = SweepTests.experiment(stepsize: 0.5)
    let low = [Stop.Condition(.gradnorm2, .below, 1e-2)]
    let (choices, refusals) = try Tuning([[broken, good], [broken]], until: Stop(), or: low, seeds: [1, 2])
      .run()
    #expect(choices.map(\.method) == [0] && choices.map(\.candidate) == [1])
    #expect(refusals.map(\.method) == [0, 1] && refusals.map(\.candidate) == [0, 0])
    #expect(refusals.allSatisfy { $0.error.message == "there are no workers" })
    #expect(throws: Sweep.Failure.self) {
      try Tuning([[broken], [broken]], until: Stop(), or: low, seeds: [1]).run()
    }
  }

  @Test func theGridFallsFromTwoToTheTen() {
    #expect(Tuning.grid.count == 21)
    #expect(Tuning.grid.first == 1024 && Tuning.grid[10] == 1 && Tuning.grid.last == 1.0 / 1024)
  }
}
