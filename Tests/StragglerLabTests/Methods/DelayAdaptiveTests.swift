// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct DelayAdaptiveTests {
  private static let rules: [DelayRule] = [.mishchenko, .koloskova, .drop]

  private func adaptive(_ rule: DelayRule, _ gamma: Double) -> DelayAdaptive {
    MethodLab.make(DelayAdaptive.self) { ($0.gamma.given, $0.rule) = (gamma, rule) }
  }

  @Test func agreesWithSlowRuns() throws {
    let L = Quadratic<Double>(dimension: 4).conditions.smoothness
    try SlowSchedule.expectAgreement { workers, _ in
      let (n, gamma) = (workers.count, SlowSchedule.gamma)
      return Self.rules.map { rule in
        SlowCase(
          "asgd-adaptive \(rule)", adaptive(rule, gamma),
          .each(
            gamma: { delay in
              if delay <= n { return gamma }
              return switch rule {
              case .mishchenko: gamma * Double(n) / Double(delay)
              case .koloskova: min(gamma, 1 / (4 * L * Double(delay)))
              case .drop: nil
              }
            }, limit: .max))
      }
    }
  }

  /// Of equal workers none is ever more than n − 1 updates late.
  @Test func isASGDWhileDelaysAreSmall() throws {
    let equal = MethodLab.workers(Array(repeating: 1, count: 7))
    let asgd = MethodLab.make(Asynchronous.self) { $0.gamma = 0.05 }
    let expected = try MethodLab.outcome(asgd, workers: equal)
    for rule in Self.rules {
      expectSame(expected, try MethodLab.outcome(adaptive(rule, 0.05), workers: equal))
    }
  }

  @Test(.enabled(if: TheoryCase.arePresent, "the shared folder is not here"))
  func hasTheReferenceStepsizes() throws {
    let reference = try TheoryCase("delay_adaptive_steps")
    let (gamma, n) = (try reference.input("gamma"), Int(try reference.input("n")))
    let steps = try reference.inputs("delays").map {
      DelayRule.mishchenko.stepsize(gamma, delay: Int($0), concurrency: n, smoothness: 1) ?? .nan
    }
    expectClose(steps, try reference.outputs("mishchenko"), 1e-14)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("asgd-adaptive", ["rule": "mishchenko"])
    try expectRefused("asgd-adaptive", ["rule": "none"], "mishchenko")
  }

  @Test func hasTheTheorysNumbers() throws {
    let tau = [1.0, 2, 4]
    let forecast = try TheoryLab.forecast("asgd-adaptive", MethodLab.workers(tau))
    let (L, noise, progress) = (TheoryLab.L, TheoryLab.noise, TheoryLab.progress)
    expectNear(forecast.gamma, min(1 / (4 * L * 3), 1 / (4 * L * noise)))
    #expect(forecast.iterations == 16 * 3 * progress + 16 * noise * progress)
    expectNear(forecast.time, TheoryLab.collecting(forecast.iterations, tau))
    expectNear(forecast.table, progress * (3 + noise) / 1.75)
    // (1/n Σ 1/τᵢ)⁻¹(LR²/ε + σ²R²/(nε²)).
    let square = TheoryLab.distance * TheoryLab.distance / TheoryLab.epsilon
    expectNear(forecast.convexTable, 3 / 1.75 * (L * square + noise * square / 3))
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("asgd-adaptive"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
