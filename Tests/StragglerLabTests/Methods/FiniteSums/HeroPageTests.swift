// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct HeroPageTests {
  private func hero(_ p: Double, cost: Int = 2) -> HeroPage {
    MethodLab.make(HeroPage.self) {
      ($0.page.gamma, $0.page.batch, $0.page.p.given, $0.page.pairCost) = (0.5, 4, p, cost)
    }
  }

  /// Full gradients by every sample in turn; else S differences, the same sample at both points.
  @Test func estimatesAsPage() throws {
    let record = SampleRecord()
    let run = try Experiment(
      RecordedSum(MethodLab.sum(19), record), workers: MethodLab.workers([3, 1.5, 2]), method: hero(0.3)
    ).start()
    var (before, gradients) = (run.model, 0)
    for step in 1...60 {
      record.samples = []
      run.run(until: Stop(updates: step))
      let next = run.model
      if record.samples.count == 19 {
        #expect(record.samples.map(\.index) == Array(0..<19))
        #expect(areClose(zip(before, next).map { ($0 - $1) / 0.5 }, slowGradient(before)))
      } else {
        #expect(record.samples.count == 8)
        for pair in 0..<4 {
          #expect(record.samples[2 * pair].index == record.samples[2 * pair + 1].index)
          #expect(record.samples[2 * pair].weight == -record.samples[2 * pair + 1].weight)
        }
      }
      gradients += record.samples.count
      before = next
    }
    #expect(run.statistics.point.time == 1.5 * Double(gradients))
    #expect(run.statistics.messages == 0 && run.statistics.delayMax == 0)
  }

  @Test(arguments: [1, 2]) func pairsCostTwoGradientsOrOne(cost: Int) throws {
    let run = try Experiment(
      MethodLab.sum(10), workers: MethodLab.workers([3, 5]), method: hero(1e-300, cost: cost)
    ).start()
    run.run(until: Stop(updates: 4))
    #expect(run.statistics.point.time == Double(3 * (10 + 3 * 4 * cost)))
  }

  @Test func ofEqualSamplesIsGradientDescent() throws {
    let run = try Experiment(
      MethodLab.sum(20, spread: 0), workers: MethodLab.workers([2, 1]), method: hero(0.2)
    ).start()
    run.run(until: Stop(updates: 50))
    #expect(areClose(run.model, MethodLab.descent(6, gamma: 0.5, steps: 50)))
  }

  @Test func hasItsKeys() throws {
    try expectKeys("hero-page", ["batch": "⌈√m⌉", "p": "batch/(batch + m)", "pair_cost": "2"])
    try expectRefused("hero-page", ["batch": 0], "a positive integer")
    try expectRefused("hero-page", ["p": 0], "above 0 and at most 1")
    try expectRefused("hero-page", ["p": 1.5], "above 0 and at most 1")
    try expectRefused("hero-page", ["pair_cost": 3], "1 as the papers count")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (p, K, rest) = (5 / 28.0, TheoryLab.pageUpdates(), TheoryLab.gap / TheoryLab.epsilon)
    for cost in [1.0, 2] {
      let forecast = try TheoryLab.forecast(
        "hero-page", MethodLab.workers([4, 1, 2]), ["pair_cost": .number(cost)])
      #expect(forecast["batch"] == 5 && forecast["p"] == p && forecast.iterations == K)
      expectNear(forecast.gamma, TheoryLab.pageStepsize())
      expectNear(forecast.time, 23 + K * (p * 23 + (1 - p) * 5 * cost))
      expectNear(forecast.table, 23 + rest * 23.0.squareRoot())
    }
  }
}
