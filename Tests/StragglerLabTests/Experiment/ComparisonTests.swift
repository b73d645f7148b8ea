// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

@Suite struct ComparisonTests {
  private func row(losses: [Double]) -> Comparison.Row {
    let trials = losses.enumerated().map { index, loss in
      let statistics = Statistics(method: "hero", stopped: .updates) { $0 == "loss" ? loss : .nan }
      let run = Comparison.FinishedRun(seed: UInt64(index), statistics: statistics, trace: [])
      return Trial(run: run, gamma: 1)
    }
    return Comparison.Row(method: "hero", trials, until: StragglerLab.Goal(stop: Stop(updates: 1)))
  }

  @Test func extremesAreThoseOfWhatIsKnown() {
    let some = row(losses: [.nan, 2, .infinity, -1])
    #expect(some.minimum(.loss) == -1)
    #expect(some.maximum(.loss) == .infinity)
    for unknown in [row(losses: [.nan, .nan]), row(losses: [])] {
      #expect(unknown.minimum(.loss).isNaN)
      #expect(unknown.maximum(.loss).isNaN)
    }
  }

  /// Of two seeds neither of which met the condition, one whose model was never updated does not hide the
  /// other.
  @Test func timeIsUnknownOnlyWithoutAnUpdateOfAnySeed() {
    func time(iterations: [Double], goal: StragglerLab.Goal) -> Double {
      let trials = iterations.map { iteration in
        let statistics = Statistics(method: "asgd", stopped: .starved) {
          $0 == "iteration" ? iteration : $0 == "time" ? 5 : .nan
        }
        return Trial(run: Comparison.FinishedRun(seed: 1, statistics: statistics, trace: []), gamma: 1)
      }
      return Comparison.Row(method: "asgd", trials, until: goal).time
    }
    let (low, ten) = (
      StragglerLab.Goal(conditions: [.init(.gap, .below, 1)]), StragglerLab.Goal(stop: Stop(updates: 10))
    )
    #expect(time(iterations: [0, 3], goal: low) == .infinity)
    #expect(time(iterations: [2, 3], goal: low) == .infinity)
    #expect(time(iterations: [0, 0], goal: low).isNaN)
    #expect(time(iterations: [0, 3], goal: ten).isNaN)
    #expect(time(iterations: [2, 3], goal: ten) == 5)
  }

  @Test(arguments: [1, 3]) func uploadsAreGivenForAllOrNone(count: Int) {
    var experiment = Experiment(
      Quadratic<Double>(dimension: 3), workers: [Worker(tau: 1), Worker(tau: 2)], method: Minibatch())
    experiment.uploadPerCoordinate = Array(repeating: 0.1, count: count)
    #expect(throws: LabError.self) { try experiment.start() }
    #expect(throws: LabError.self) { try experiment.situation() }
  }
}
