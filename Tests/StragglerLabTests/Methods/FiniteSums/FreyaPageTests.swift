// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct FreyaPageTests {
  static let workers = (1...7).map { Worker(tau: Double($0).squareRoot()) }

  private func sum(_ samples: Int, dimension: Int = 6, spread: Double = 0.5) -> Quadratic<Double> {
    var problem = Quadratic<Double>(dimension: dimension, noise: 0)
    problem.samples = samples
    problem.spread = spread
    return problem
  }

  private func freya(_ change: (inout Page) -> Void) -> FreyaPage {
    configured(FreyaPage.self) {
      $0.page.gamma = 0.5
      change(&$0.page)
    }
  }

  @Test func fullGradientsUseEverySampleOnce() throws {
    for workers in [1, 3, 7, 40] {
      let record = SampleRecord()
      let run = try Experiment(
        RecordedSum(sum(23), record), workers: (1...workers).map { Worker(tau: Double($0)) },
        method: freya { $0.p = 1 }
      ).start()
      for step in 1...4 {
        record.samples = []
        run.run(until: Stop(updates: step))
        #expect(record.samples.map(\.index).sorted() == Array(0..<23))
        #expect(record.samples.allSatisfy { $0.weight == 1 / 23.0 })
      }
      // One worker never computes a sample twice.
      if workers == 1 { #expect(run.statistics.discarded == 0) }
    }
  }

  @Test func estimatorIsTheGradientAfterEveryFullOne() throws {
    let record = SampleRecord()
    let run = try Experiment(
      RecordedSum(sum(30), record), workers: Self.workers,
      method: freya {
        $0.p = 0.3
        $0.batch = 4
      }
    ).start()
    var (full, before) = (0, run.model)
    var estimate: [Double] = []
    for step in 1...60 {
      record.samples = []
      run.run(until: Stop(updates: step))
      let next = run.model
      estimate = zip(before, next).map { ($0 - $1) / 0.5 }
      if record.samples.count == 30 {
        full += 1
        #expect(areClose(estimate, slowGradient(before)))
      } else {
        // S differences, the same sample at both points.
        #expect(record.samples.count == 8)
        for pair in 0..<4 {
          #expect(record.samples[2 * pair].index == record.samples[2 * pair + 1].index)
          #expect(record.samples[2 * pair].weight == -record.samples[2 * pair + 1].weight)
        }
      }
      before = next
    }
    // Binomial(60, 0.3), the first one always being full.
    #expect(abs(Double(full) - 1 - 59 * 0.3) < 5 * (59 * 0.3 * 0.7).squareRoot())
  }

  @Test func differencesAreUnbiased() throws {
    var differences: [[Double]] = []
    var expected: [Double] = []
    for seed in 1...400 {
      let method = freya {
        $0.p = 1e-300
        $0.batch = 3
      }
      let run = try Experiment(sum(25), workers: Self.workers, method: method, seed: UInt64(seed)).start()
      let (models, estimates) = estimators(of: run, steps: 2)
      differences.append(zip(estimates[1], estimates[0]).map { $0 - $1 })
      expected = zip(slowGradient(models[1]), slowGradient(models[0])).map { $0 - $1 }
    }
    #expect(haveMean(differences, expected))
    #expect(Set(differences.map { $0[0] }).count > 300)
  }

  @Test func isGradientDescentWithoutCoinOrSpread() throws {
    let descents = [
      try Experiment(sum(20), workers: Self.workers, method: freya { $0.p = 1 }).start(),
      try Experiment(
        sum(20, spread: 0), workers: Self.workers,
        method: freya {
          $0.p = 0.2
          $0.batch = 3
        }
      ).start(),
    ]
    var x = descents[0].model
    for _ in 0..<50 { x = zip(x, slowGradient(x)).map { $0 - 0.5 * $1 } }
    for run in descents {
      run.run(until: Stop(updates: 50))
      #expect(areClose(run.model, x))
    }
  }

  @Test func withOneWorkerAllAreThePageMethod() throws {
    func model(_ method: some Method) throws -> (model: [Double], time: Double, gradients: Int) {
      let run = try Experiment(sum(16), workers: [Worker(tau: 2)], method: method, seed: 5).start()
      run.run(until: Stop(updates: 40))
      return (run.model, run.statistics.point.time, run.statistics.gradients)
    }
    func set(_ page: inout Page) {
      page.gamma = 0.5
      page.batch = 3
      page.p = 0.25
    }
    let freya = try model(freya(set))
    let hero = try model(configured(HeroPage.self) { set(&$0.page) })
    let soviet = try model(configured(SovietPage.self) { set(&$0.page) })
    let synthesis = try model(configured(Synthesis.self) { set(&$0.page) })
    #expect(hero == soviet)
    for other in [freya, synthesis] {
      #expect(areClose(other.model, hero.model))
      #expect(other.time == hero.time)
      #expect(other.gradients == hero.gradients)
    }
    // Full gradients take 16 times 2 seconds, batches 3 times two gradients.
    #expect(hero.time == 2 * Double(hero.gradients))
    #expect((hero.gradients - 40 * 6) % 10 == 0)
  }

  @Test func pairsCostTwoGradientsOrOne() throws {
    for cost in [1, 2] {
      let method = freya {
        $0.p = 1e-300
        $0.batch = 5
        $0.pairCost = cost
      }
      let run = try Experiment(sum(10), workers: [Worker(tau: 3)], method: method).start()
      run.run(until: Stop(updates: 4))
      #expect(run.statistics.point.time == Double(3 * (10 + 3 * 5 * cost)))
      #expect(run.statistics.gradients == 10 + 3 * 5 * cost)
      #expect(run.statistics.point.arrivals == 25)
    }
  }

  @Test func theorySetsWhatIsLeftOut() throws {
    let problem = sum(50)
    let run = try Experiment(problem, workers: Self.workers, method: FreyaPage()).start()
    let L = run.conditions.smoothness
    let variance = run.conditions.hessianVariance
    let p = 8 / 58.0
    #expect(run.conditions.sampleCount == 50)
    #expect(
      abs(1 / run.gamma - L - (variance * (1 - p) / (p * 8)).squareRoot()) < 1e-12)
  }

  @Test func problemsThatAreNoFiniteSumAreRefused() throws {
    let catalogue = Catalogue()
    for name in [
      "freya-page", "freya-sgd", "hero-gd", "soviet-gd", "hero-page", "soviet-page", "synthesis",
    ] {
      let method = try #require(catalogue.method(name)).choose(["gamma": 0.1])
      let experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 5)), workers: Self.workers, method: method)
      let error = #expect(throws: LabError.self) { try experiment.start() }
      #expect(error?.remedy?.contains("samples=") == true)
    }
    for settings: Settings in [["batch": -3], ["p": 0], ["p": 1.5], ["pair_cost": 3], ["gamma": 0]] {
      #expect(throws: LabError.self) { try catalogue.method("freya-page")?.choose(settings) }
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys("freya-page", ["batch": "⌈√m⌉", "p": "batch/(batch + m)", "pair_cost": "2"])
    try expectRefused("freya-page", ["batch": 0], "a positive integer")
    try expectRefused("freya-page", ["p": 0], "above 0 and at most 1")
    try expectRefused("freya-page", ["p": 1.5], "above 0 and at most 1")
    try expectRefused("freya-page", ["pair_cost": 3], "1 as the papers count")
  }

  @Test func hasTheTheorysNumbers() throws {
    let tau = [4.0, 1, 2]
    let forecast = try TheoryLab.forecast("freya-page", MethodLab.workers(tau))
    let (p, K, rest) = (5 / 28.0, TheoryLab.pageUpdates(), TheoryLab.gap / TheoryLab.epsilon)
    let full = TheoryLab.collecting(23, tau)
    let batch = TheoryLab.collecting(5, tau)
    // Duplicates: min{m, n} ln min{m, n} more.
    let coupons = TheoryLab.collecting(23 + 3 * Elementary.log(3), tau)
    #expect(forecast["samples"] == 23 && forecast["batch"] == 5 && forecast["p"] == p)
    expectNear(forecast.gamma, TheoryLab.pageStepsize())
    #expect(forecast.iterations == K)
    expectNear(forecast["full_time"], full)
    expectNear(forecast["batch_time"], batch)
    expectNear(forecast["coupon_time"], coupons)
    expectNear(forecast.time, 12 * coupons + K * (p * 12 * coupons + (1 - p) * 4 * batch))
    expectNear(forecast.table, full + rest * batch)
    expectNear(forecast.lowerBound, full + rest / 23.0.squareRoot() * full)
  }
}
