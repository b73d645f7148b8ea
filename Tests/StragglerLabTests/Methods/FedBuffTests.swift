// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct FedBuffTests {
  private func fedBuff(_ waiting: Int, active: Int? = nil) -> FedBuff {
    MethodLab.make(FedBuff.self) {
      ($0.family.gamma, $0.family.waiting, $0.family.active) = (0.05, waiting, active)
    }
  }

  @Test func isAsGradInRandomOrder() throws {
    let workers = MethodLab.workers(MethodLab.durations)
    for waiting in [1, 10] {
      let family = MethodLab.make(AsGrad.self) {
        ($0.gamma, $0.order, $0.waiting) = (0.05, .random, waiting)
      }
      let (a, _) = try MethodLab.run(fedBuff(waiting), workers, noise: 0.1, until: Stop(updates: 300))
      let (b, _) = try MethodLab.run(family, workers, noise: 0.1, until: Stop(updates: 300))
      #expect(a.model == b.model)
    }
    #expect(FedBuff().family.waiting == 10)
  }

  /// One job at a time: b gradients at the same point are applied one after another, which is a step of bγ.
  @Test(arguments: [1, 4]) func stepsOfTheBufferAreLongSteps(waiting: Int) throws {
    let (run, _) = try MethodLab.run(
      fedBuff(waiting, active: 1), MethodLab.workers(MethodLab.durations), until: Stop(updates: 60 * waiting))
    expectClose(run.model, MethodLab.descent(20, gamma: 0.05 * Double(waiting), steps: 60))
    #expect(run.statistics.concurrencyMax == 1)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("fedbuff", ["waiting": "10", "active": "n"])
    try expectRefused("fedbuff", ["waiting": 0], "a positive integer")
    try expectRefused("fedbuff", ["active": 4], "from 1 to n, the number of workers")
  }

  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("fedbuff", MethodLab.workers([1, 2, 4]))
    // Points are up to 9 updates old when a job is given. While the slowest worker does 3 jobs the others end
    // 12 + 6, and two more are there already.
    expectNear(forecast.gamma, 1 / (30 * TheoryLab.L * 9))
    #expect(forecast["delay_max"] == 18 + 2 + 9 && forecast["active"] == 3 && forecast["waiting"] == 10)
  }
}
