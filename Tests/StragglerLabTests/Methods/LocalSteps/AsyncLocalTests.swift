// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AsyncLocalTests {
  @Test func agreesWithSlowRuns() throws {
    try SlowWindow.expectAgreement(isBatch: false) { counts, limit in
      try #require(Catalogue().method("async-local")).choose([
        "gamma": .number(SlowSchedule.gamma), "local": .perWorker(counts.map(Double.init)),
        "threshold": .number(limit == .max ? .infinity : Double(limit)),
      ])
    }
  }

  @Test(arguments: [1, 3, 8, Int.max]) func oneStepIsRingmaster(_ threshold: Int) throws {
    let ringmaster = configured(Ringmaster.self) { ($0.gamma, $0.threshold.given) = (0.05, threshold) }
    let local = configured(AsyncLocal.self) { ($0.gamma, $0.threshold.given) = (0.05, threshold) }
    let expected = try MethodLab.run(
      ringmaster, MethodLab.workers(MethodLab.durations), noise: 0.1, until: Stop(updates: 200))
    let found = try MethodLab.run(
      local, MethodLab.workers(MethodLab.durations), noise: 0.1, until: Stop(updates: 200))
    #expect(found.run.model == expected.run.model)
    #expect(found.log.map { EventReport.line($0) } == expected.log.map { EventReport.line($0) })
    #expect(found.run.trace.map { "\($0)" } == expected.run.trace.map { "\($0)" })
  }

  @Test func hasItsKeys() throws {
    try expectKeys("async-local", ["threshold": "max{1, ⌈σ²/ε⌉}"])
    try expectRefused("async-local", ["threshold": 0], "a positive integer or inf")
    try expectRefused("async-local", ["local": 0], "a positive integer")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, L, noise) = ([1.0, 2, 4], TheoryLab.L, TheoryLab.noise)
    for (settings, R, H) in [
      ([:], 7, 1), (["local": 4], 7, 4), (["threshold": 3, "local": 5], 3, 5),
    ] as [(Settings, Double, Double)] {
      let forecast = try TheoryLab.forecast("async-local", MethodLab.workers(tau), settings)
      #expect(forecast["R"] == R)
      expectNear(forecast.gamma, min(1 / (2 * (R + H - 1) * L), 1 / (4 * L * noise)))
      #expect(
        forecast["local_steps"] == ((4 * (R + H - 1) + 8 * noise) * TheoryLab.progress).rounded(.up))
      #expect(forecast.iterations == (forecast["local_steps"] / H).rounded(.up))
      // Jobs of H steps: Σ H(T/(Hτᵢ) − 1)₊ = R.
      expectNear(forecast["round_time"], 2 * TheoryLab.collecting(R / H, tau.map { H * $0 }))
    }
    #expect(throws: LabError.self) {
      try TheoryLab.forecast(
        "async-local", MethodLab.workers(tau), ["threshold": .number(.infinity), "local": 2])
    }
  }

  @Test func boundsHoldOnRandomFleets() throws {
    try LocalTheoryLab.expectBoundsHold("async-local") { n, draw in
      var settings: Settings = [
        "local": draw.uniform() < 0.5
          ? .number(Double(1 + draw.integer(below: 5)))
          : .perWorker((0..<n).map { _ in Double(1 + draw.integer(below: 5)) })
      ]
      if draw.uniform() < 0.5 { settings["threshold"] = .number(Double(1 + draw.integer(below: 9))) }
      return settings
    }
  }
}
