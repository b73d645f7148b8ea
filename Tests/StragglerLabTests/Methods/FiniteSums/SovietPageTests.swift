// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct SovietPageTests {
  private func sum(_ samples: Int) -> Quadratic<Double> {
    var problem = Quadratic<Double>(dimension: 6, noise: 0)
    problem.samples = samples
    problem.spread = 0.5
    return problem
  }

  private let workers = (1...4).map { Worker(tau: Double($0)) }

  @Test func everySampleIsUsedOnceAndBatchesAreWhole() throws {
    let record = SampleRecord()
    let method = configured(SovietPage.self) {
      $0.page.gamma = 0.5
      $0.page.p = 0.4
      $0.page.batch = 6
    }
    let run = try Experiment(RecordedSum(sum(19), record), workers: workers, method: method).start()
    var before = run.model
    for step in 1...40 {
      record.samples = []
      run.run(until: Stop(updates: step))
      let next = run.model
      if record.samples.count == 19 {
        #expect(record.samples.map(\.index).sorted() == Array(0..<19))
        #expect(areClose(zip(before, next).map { ($0 - $1) / 0.5 }, slowGradient(before)))
      } else {
        #expect(record.samples.count == 12)
      }
      before = next
    }
    #expect(run.statistics.discarded == 0)
    #expect(run.statistics.cancelled == 0)
  }

  @Test func workersWithoutWorkAreSkipped() throws {
    let record = SampleRecord()
    let many = (1...9).map { Worker(tau: Double($0)) }
    let method = configured(SovietPage.self) {
      $0.page.gamma = 0.5
      $0.page.batch = 2
    }
    let run = try Experiment(RecordedSum(sum(5), record), workers: many, method: method).start()
    run.run(until: Stop(updates: 1))
    #expect(record.samples.map(\.index).sorted() == Array(0..<5))
    #expect(run.statistics.assigned == 5)
    run.run(until: Stop(updates: 30))
    #expect(run.statistics.point.iteration == 30)
  }

  @Test func differencesAreUnbiased() throws {
    var differences: [[Double]] = []
    var expected: [Double] = []
    for seed in 1...400 {
      let method = configured(SovietPage.self) {
        $0.page.gamma = 0.5
        $0.page.p = 1e-300
        $0.page.batch = 5
      }
      let run = try Experiment(sum(15), workers: workers, method: method, seed: UInt64(seed)).start()
      let (models, estimates) = estimators(of: run, steps: 2)
      differences.append(zip(estimates[1], estimates[0]).map { $0 - $1 })
      expected = zip(slowGradient(models[1]), slowGradient(models[0])).map { $0 - $1 }
    }
    #expect(haveMean(differences, expected))
  }

  @Test func hasItsKeys() throws {
    try expectKeys("soviet-page", ["batch": "⌈√m⌉", "p": "batch/(batch + m)", "pair_cost": "2"])
    try expectRefused("soviet-page", ["batch": 0], "a positive integer")
    try expectRefused("soviet-page", ["p": 0], "above 0 and at most 1")
    try expectRefused("soviet-page", ["p": 1.5], "above 0 and at most 1")
    try expectRefused("soviet-page", ["pair_cost": 3], "1 as the papers count")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (p, K, rest) = (5 / 28.0, TheoryLab.pageUpdates(), TheoryLab.gap / TheoryLab.epsilon)
    let forecast = try TheoryLab.forecast("soviet-page", MethodLab.workers([4, 1, 2]))
    #expect(forecast["batch"] == 5 && forecast["p"] == p && forecast.iterations == K)
    expectNear(forecast.gamma, TheoryLab.pageStepsize())
    // ⌈23/3⌉ samples, and ⌈5/3⌉ differences of two gradients, of 4 seconds.
    #expect(forecast["full_time"] == 32 && forecast["batch_time"] == 16)
    expectNear(forecast.time, 32 + K * (p * 32 + (1 - p) * 16))
    expectNear(forecast.table, 4 * 23 / 3.0 + 4 * rest * 23.0.squareRoot() / 3)
  }
}
