// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AsyncBatchTests {
  @Test func agreesWithSlowRuns() throws {
    try SlowWindow.expectAgreement(isBatch: true) { counts, limit in
      try #require(Catalogue().method("async-batch")).choose([
        "gamma": .number(SlowSchedule.gamma), "batch": .number(Double(counts[0])),
        "threshold": .number(limit == .max ? .infinity : Double(limit)),
      ])
    }
  }

  @Test(arguments: [1, 3, 8, Int.max]) func oneGradientIsRingmaster(_ threshold: Int) throws {
    let method = configured(AsyncBatch.self) { ($0.gamma, $0.threshold.given) = (0.05, threshold) }
    try SlowWindow.expectRingmaster(method, threshold: threshold)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("async-batch", ["batch": "1", "threshold": "max{1, ⌈σ²/ε⌉}"])
    try expectRefused("async-batch", ["threshold": 0], "a positive integer or inf")
    try expectRefused("async-batch", ["batch": 0], "a positive integer")
  }

  @Test func hasTheTheorysNumbers() throws {
    try SlowWindow.expectTheorysNumbers("async-batch", key: "batch")
  }

  @Test func boundsHoldOnRandomFleets() throws {
    try LocalTheoryLab.expectBoundsHold("async-batch") { _, draw in
      var settings: Settings = ["batch": .number(Double(1 + draw.integer(below: 5)))]
      if draw.uniform() < 0.5 { settings["threshold"] = .number(Double(1 + draw.integer(below: 9))) }
      return settings
    }
  }
}
