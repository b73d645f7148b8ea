// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct PIAGTests {
  private func piag(_ rule: AggregationRule = .constant, gamma: Double = 0.2) -> PIAG {
    MethodLab.make(PIAG.self) { ($0.gamma.given, $0.rule) = (gamma, rule) }
  }

  @Test(.enabled(if: TheoryCase.arePresent, "the shared folder is not here"))
  func hasTheReferenceStepsizes() throws {
    let reference = try TheoryCase("delay_adaptive_steps")
    let delays = try reference.inputs("delays").map { Int($0) }
    let (gamma, alpha) = (try reference.input("piag_gamma_prime"), try reference.input("piag_alpha"))
    for (rule, key) in [(AggregationRule.adaptive1, "piag_adaptive1"), (.adaptive2, "piag_adaptive2")] {
      var steps: [Double] = []
      for (k, delay) in delays.enumerated() {
        let delay = min(delay, k)
        let spent = steps.suffix(delay).reduce(0, +)
        steps.append(rule.stepsize(gamma, delay: delay, spent: spent, alpha: alpha))
      }
      expectClose(steps, try reference.outputs(key), 1e-14, key)
    }
  }

  /// PIAG written out with arrays, without noise.
  private func slow(_ tau: [Double], _ rule: AggregationRule, gamma: Double, steps: Int) -> [Double] {
    let n = tau.count
    var x = MethodLab.start(20)
    var points = Array(repeating: (k: 0, x: x), count: n)
    var entries = Array(repeating: (k: 0, g: [Double]?.none), count: n)
    var (ends, stepsizes) = (tau, [Double]())
    while stepsizes.count < steps {
      let i = ends.indices.min { (ends[$0], $0) < (ends[$1], $1) }!
      entries[i] = (points[i].k, MethodLab.gradient(points[i].x))
      if entries.allSatisfy({ $0.g != nil }) {
        let k = stepsizes.count
        let delay = entries.map { k - $0.k }.max()!
        let step = rule.stepsize(
          gamma, delay: delay, spent: stepsizes.suffix(delay).reduce(0, +), alpha: 0.9)
        stepsizes.append(step)
        for j in x.indices { x[j] -= step / Double(n) * entries.map { $0.g![j] }.reduce(0, +) }
      }
      points[i] = (stepsizes.count, x)
      ends[i] += tau[i]
    }
    return x
  }

  @Test func doesWhatTheSlowOneDoes() throws {
    for rule in [AggregationRule.constant, .adaptive1, .adaptive2] {
      for tau in [[1.0], [1, 2.3, 7.1], MethodLab.durations] {
        let gamma = rule == .constant ? 0.05 : 0.9
        let (run, _) = try MethodLab.run(
          piag(rule, gamma: gamma), MethodLab.workers(tau), until: Stop(updates: 150))
        expectClose(run.model, slow(tau, rule, gamma: gamma, steps: 150), 1e-9, "\(rule)")
        #expect(run.statistics.cancelled == 0)
      }
    }
  }

  @Test func findsTheMinimumOfDifferentWorkers() throws {
    for rule in [AggregationRule.constant, .adaptive1, .adaptive2] {
      let method = piag(rule, gamma: rule == .constant ? 0.03 : 0.99)
      #expect(try MethodLab.gap(method, steps: 30_000) < 1e-9, "\(rule)")
    }
  }

  @Test func takesTheTheorysStepsize() throws {
    let constant = try MethodLab.theoryStepsize(PIAG(), [1, 2, 4]) { $0.smoothness = 2 }
    // While the slowest worker does two jobs, the others do ⌈8/1⌉ and ⌈8/2⌉.
    #expect(abs(constant - 1 / (2 * (8.0 + 4 + 1))) < 1e-15)
    let adaptive = try MethodLab.theoryStepsize(MethodLab.make(PIAG.self) { $0.rule = .adaptive1 }, [1, 2]) {
      $0.smoothness = 2
    }
    #expect(adaptive == 0.495)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("piag", ["rule": "constant"])
    try expectRefused("piag", ["rule": "adaptive3"], "adaptive1")
  }

  /// The table's τₙLΔ/ε is for exact gradients, and here they are not.
  @Test func hasTheTheorysNumbers() throws {
    let forecast = try TheoryLab.forecast("piag", MethodLab.workers([1, 2, 4]))
    // While the slowest worker does two jobs, the others end 8 + 4.
    expectNear(forecast.gamma, 1 / (TheoryLab.L * 13))
    #expect(forecast["delay_max"] == 12)
    #expect(forecast.table.isNaN && forecast.time.isNaN)
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("piag"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
