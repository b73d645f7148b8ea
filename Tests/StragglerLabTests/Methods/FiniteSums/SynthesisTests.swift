// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct SynthesisTests {
  @Test func usesDelayedDifferences() throws {
    var problem = Quadratic<Double>(dimension: 6, noise: 0)
    problem.samples = 20
    problem.spread = 0.3
    let record = SampleRecord()
    let method = configured(Synthesis.self) {
      $0.page.gamma = 0.2
      $0.page.p = 0.05
      $0.page.batch = 2
    }
    let workers = (1...6).map { Worker(tau: Double($0 * $0)) }
    let run = try Experiment(RecordedSum(problem, record), workers: workers, method: method).start()
    var (before, anchors) = (run.model, 0)
    for step in 1...300 {
      record.samples = []
      run.run(until: Stop(updates: step))
      let next = run.model
      if record.samples.count == 20 {
        anchors += 1
        #expect(areClose(zip(before, next).map { ($0 - $1) / 0.2 }, slowGradient(before)))
      } else {
        #expect(record.samples.count == 4)
      }
      before = next
    }
    #expect(run.statistics.delayMax > 1)
    #expect(abs(Double(anchors) - 1 - 299 * 0.05) < 5 * (299 * 0.05 * 0.95).squareRoot())
    #expect(run.statistics.point.gap < 0.1 * run.trace[0].gap)
  }

  @Test func isReproducible() throws {
    var problem = Quadratic<Double>(dimension: 6, noise: 0)
    problem.samples = 20
    let method = configured(Synthesis.self) { $0.page.gamma = 0.05 }
    let workers = (1...30).map { Worker(tau: Double($0).squareRoot()) }
    let run = try Experiment(problem, workers: workers, method: method, seed: 8).start()
    run.run(until: Stop(updates: 200))
    let model = run.model
    run.reset()
    run.run(until: Stop(updates: 200))
    #expect(run.model == model)
  }

  @Test func ofEqualSamplesOnOneWorkerIsGradientDescent() throws {
    let method = MethodLab.make(Synthesis.self) {
      ($0.page.gamma, $0.page.p, $0.page.batch) = (0.5, 0.2, 3)
    }
    let run = try Experiment(MethodLab.sum(20, spread: 0), workers: [Worker(tau: 1)], method: method).start()
    run.run(until: Stop(updates: 50))
    #expect(areClose(run.model, MethodLab.descent(6, gamma: 0.5, steps: 50)))
  }

  @Test func hasItsKeys() throws {
    try expectKeys("synthesis", ["batch": "⌈√m⌉", "p": "batch/(batch + m)", "pair_cost": "2"])
    try expectRefused("synthesis", ["batch": 0], "a positive integer")
    try expectRefused("synthesis", ["p": 0], "above 0 and at most 1")
    try expectRefused("synthesis", ["p": 1.5], "above 0 and at most 1")
    try expectRefused("synthesis", ["pair_cost": 3], "1 as the papers count")
  }

  /// There is no theorem: only γ and the parameters, which are PAGE's.
  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("synthesis", MethodLab.workers([4, 1, 2]))
    #expect(forecast["samples"] == 23 && forecast["batch"] == 5 && forecast["p"] == 5 / 28.0)
    expectNear(forecast.gamma, TheoryLab.pageStepsize())
    #expect(forecast.time.isNaN && forecast.iterations.isNaN)
  }
}
