// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct SovietGDTests {
  private func soviet(_ gamma: Double) -> SovietGD {
    MethodLab.make(SovietGD.self) { $0.soviet.page.gamma.given = gamma }
  }

  @Test func isGradientDescentThatWaitsForTheSlowest() throws {
    let run = try Experiment(
      MethodLab.sum(12), workers: MethodLab.workers([1, 2, 3, 4]), method: soviet(0.5)
    ).start()
    run.run(until: Stop(updates: 20))
    #expect(areClose(run.model, MethodLab.descent(6, gamma: 0.5, steps: 20)))
    #expect(run.statistics.point.time == 20 * 4 * 3)
  }

  @Test func isSovietPageWithoutCoin() throws {
    let page = MethodLab.make(SovietPage.self) { ($0.page.gamma, $0.page.p) = (0.5, 1) }
    let workers = MethodLab.workers([3, 1, 2])
    let runs = [
      try Experiment(MethodLab.sum(13), workers: workers, method: soviet(0.5)).start(),
      try Experiment(MethodLab.sum(13), workers: workers, method: page).start(),
    ]
    for run in runs { run.run(until: Stop(updates: 20)) }
    #expect(runs[0].model == runs[1].model)
    #expect(runs[0].statistics.point.time == runs[1].statistics.point.time)
  }

  @Test func workersSendOneSum() throws {
    let run = try Experiment(
      MethodLab.sum(12, dimension: 4), workers: (1...4).map { _ in Worker(tau: 1, upload: 0.5) },
      method: soviet(0.1)
    ).start()
    run.run(until: Stop(updates: 2))
    #expect(run.statistics.point.time == 7)
    #expect(run.statistics.messages == 8)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("soviet-gd", ["batch": "⌈√m⌉", "p": "1: gradient descent", "pair_cost": "2"])
    try expectRefused("soviet-gd", ["batch": 0], "a positive integer")
    try expectRefused("soviet-gd", ["p": 0], "above 0 and at most 1")
    try expectRefused("soviet-gd", ["p": 1.5], "above 0 and at most 1")
    try expectRefused("soviet-gd", ["pair_cost": 3], "1 as the papers count")
  }

  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("soviet-gd", MethodLab.workers([4, 1, 2]))
    let (L, rest) = (TheoryLab.L, TheoryLab.gap / TheoryLab.epsilon)
    #expect(forecast.gamma == 1 / L && forecast["p"] == 1)
    #expect(forecast.iterations == 2 * L * rest)
    // ⌈23/3⌉ samples of 4 seconds.
    expectNear(forecast.time, 32 * (1 + forecast.iterations))
    expectNear(forecast.table, 4 * 23 / 3.0 * rest)
  }
}
