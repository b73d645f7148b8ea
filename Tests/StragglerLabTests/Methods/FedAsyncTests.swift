// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@Suite struct FedAsyncTests {
  private func fedasync(
    _ gamma: Double = 0.3, alpha: Double = 0.6, _ staleness: Staleness = .polynomial(a: 0.5)
  ) -> FedAsync {
    configured(FedAsync.self) { ($0.gamma.given, $0.alpha, $0.staleness) = (gamma, alpha, staleness) }
  }

  /// The mixture itself, with arrays.
  @Test func doesWhatTheSlowOneDoes() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let (alpha, a, b) = (0.1 + 0.9 * draw.uniform(), 4 * draw.uniform(), Double(draw.integer(below: 5)))
      let weights: [(Staleness, (Double) -> Double)] = [
        (.constant, { _ in 1 }), (.polynomial(a: a), { pow(1 + $0, -a) }),
        (.hinge(a: a, b: b), { $0 <= b ? 1 : 1 / (a * ($0 - b) + 1) }),
      ]
      let steps = 1 + draw.integer(below: 3)
      return weights.map { staleness, s in
        var slow = SlowCase(
          "\(staleness) H=\(steps)",
          MethodChoice(
            fedasync(0.1, alpha: alpha, staleness), modifiers: Modifiers(localSteps: .same(Double(steps)))),
          .arrivals {
            { arrival in
              let share = alpha * s(Double(arrival.delay))
              let y = zip(arrival.point, arrival.gradient).map { $0 - 0.1 * $1 }
              return (zip(arrival.x, y).map { (1 - share) * $0 + share * $1 }, true)
            }
          })
        slow.local = workers.map { _ in steps }
        return slow
      }
    }
  }

  @Test func staleResultsCountLess() {
    #expect(Staleness.constant.weight(delay: 9) == 1)
    #expect(Staleness.polynomial(a: 0.5).weight(delay: 0) == 1)
    #expect(Staleness.polynomial(a: 0.5).weight(delay: 3) == 0.5)
    #expect(Staleness.polynomial(a: 1).weight(delay: 3) == 0.25)
    #expect(Staleness.hinge(a: 2, b: 4).weight(delay: 4) == 1)
    #expect(Staleness.hinge(a: 2, b: 4).weight(delay: 6) == 0.2)
  }

  /// With one worker nothing is stale, and α = 1 takes its result for the model.
  @Test func allOfTheResultOfOneWorkerIsSGD() throws {
    let workers = [Worker(tau: 1, delay: .exponential(rate: 1))]
    let mixed = try MethodLab.outcome(fedasync(0.2, alpha: 1), workers: workers)
    let asgd = try MethodLab.outcome(
      configured(Asynchronous.self) { $0.gamma = 0.2 }, workers: workers)
    expectSame(mixed, asgd)
  }

  @Test func isRefusedWhereItIsNotRight() throws {
    let entry = try #require(Catalogue().method("fedasync"))
    for settings in [
      ["alpha": 0], ["alpha": 1.1], ["staleness": .call("hinge", [1])], ["staleness": "hinge"],
      ["staleness": .call("polynomial", [-1])], ["step": "adam"], ["max_norm": 1],
      ["gamma": .schedule(1 / (1 + .updates))],
    ] as [Settings] {
      #expect(throws: LabError.self, "\(settings)") { try entry.choose(settings) }
    }
    _ = try entry.choose(["step": "sgd", "staleness": "polynomial"])
    #expect(throws: LabError.self) { try MethodLab.outcome(FedAsync()) }
    // Data that differ need force=true.
    var problem = Quadratic<Double>(dimension: 5)
    problem.heterogeneity = 1
    let workers = MethodLab.workers([1, 2])
    #expect(throws: LabError.self) {
      try Experiment(problem, workers: workers, method: fedasync()).start()
    }
  }
}
