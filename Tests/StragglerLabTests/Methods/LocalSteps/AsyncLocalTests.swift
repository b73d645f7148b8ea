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
    let method = configured(AsyncLocal.self) { ($0.gamma, $0.threshold.given) = (0.05, threshold) }
    try SlowWindow.expectRingmaster(method, threshold: threshold)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("async-local", ["threshold": "max{1, ⌈σ²/ε⌉}"])
    try expectRefused("async-local", ["threshold": 0], "a positive integer or inf")
    try expectRefused("async-local", ["local": 0], "a positive integer")
  }

  @Test func hasTheTheorysNumbers() throws {
    try SlowWindow.expectTheorysNumbers("async-local", key: "local")
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
