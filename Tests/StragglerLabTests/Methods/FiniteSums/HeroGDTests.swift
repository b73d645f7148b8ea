// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct HeroGDTests {
  private let hero = MethodLab.make(HeroGD.self) { $0.hero.page.gamma = 0.5 }

  @Test func isGradientDescentOnTheFastestWorker() throws {
    let run = try Experiment(
      MethodLab.sum(12), workers: MethodLab.workers([3, 1, 2, 4]), method: hero
    ).start()
    run.run(until: Stop(updates: 20))
    #expect(areClose(run.model, MethodLab.descent(6, gamma: 0.5, steps: 20)))
    #expect(run.statistics.point.time == 20 * 12)
    #expect(run.statistics.messages == 0)
  }

  @Test func isHeroPageWithoutCoin() throws {
    let page = MethodLab.make(HeroPage.self) { ($0.page.gamma, $0.page.p) = (0.5, 1) }
    let workers = MethodLab.workers([3, 1, 2])
    let runs = [
      try Experiment(MethodLab.sum(12), workers: workers, method: hero).start(),
      try Experiment(MethodLab.sum(12), workers: workers, method: page).start(),
    ]
    for run in runs { run.run(until: Stop(updates: 20)) }
    #expect(runs[0].model == runs[1].model)
    #expect(runs[0].statistics.point.time == runs[1].statistics.point.time)
  }

  /// Of equal τ the smaller mean of η decides, and not the upload: nothing is uploaded.
  @Test func isTheOneThatComputesFastest() throws {
    let workers = [
      Worker(tau: 1, delay: .constant(2), upload: 0), Worker(tau: 1, delay: .constant(0.5), upload: 9),
    ]
    let run = try Experiment(MethodLab.sum(3, dimension: 4), workers: workers, method: hero).start()
    run.run(until: Stop(updates: 2))
    #expect(run.statistics.point.time == 9)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("hero-gd", ["batch": "⌈√m⌉", "p": "1: gradient descent", "pair_cost": "2"])
    try expectRefused("hero-gd", ["batch": 0], "a positive integer")
    try expectRefused("hero-gd", ["p": 0], "above 0 and at most 1")
    try expectRefused("hero-gd", ["p": 1.5], "above 0 and at most 1")
    try expectRefused("hero-gd", ["pair_cost": 3], "1 as the papers count")
  }

  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("hero-gd", MethodLab.workers([4, 1, 2]))
    let (L, rest) = (TheoryLab.L, TheoryLab.gap / TheoryLab.epsilon)
    #expect(forecast.gamma == 1 / L && forecast["p"] == 1)
    #expect(forecast.iterations == 2 * L * rest)
    expectNear(forecast.time, 23 * (1 + forecast.iterations))
    expectNear(forecast.table, 23 * rest)
    // γ = 1/L also for the problem's own L.
    let theory = try Experiment(
      MethodLab.sum(12), workers: [Worker(tau: 1)], method: HeroGD()
    ).start()
    #expect(theory.gamma == 1 / theory.conditions.smoothness)
  }
}
