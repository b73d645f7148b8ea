// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

/// `advise tune` against `compare` with a look at every update.
@Suite struct AdvisedTimeTests {
  struct Case: CustomTestStringConvertible {
    let configuration: String
    let epsilon: String
    let seed: Int

    var testDescription: String { configuration }
  }

  static let cases = [
    Case(
      configuration: "problem quadratic dim=12 noise=0.02; workers 6 tau=sqrt(i)", epsilon: "3e-3", seed: 1),
    Case(
      configuration: "problem logistic regularizer=l2 lambda=0.05 batch=4; workers 5 tau=i", epsilon: "2e-3",
      seed: 3),
  ]

  /// A candidate as a setting of `compare`.
  private func setting(_ candidate: [String: Any]) -> String {
    let parameters = (candidate["parameters"] as? [String: Any] ?? [:]).sorted { $0.key < $1.key }
    let words = parameters.map { "\($0.key)=\($0.value)" } + ["gamma=\(candidate["gamma"] ?? "")"]
    return ([candidate["method"] as? String ?? ""] + words).joined(separator: " ")
  }

  @Test(arguments: cases) func agreesWithEveryUpdate(_ test: Case) throws {
    let seeds = 2
    let advice = Session(
      "\(test.configuration); seed \(test.seed); target epsilon=\(test.epsilon); "
        + "advise tune samples=0 gradients=20000 seeds=\(seeds)", json: true)
    try #require(advice.outcome == .done, "\(advice.error)")
    let candidates = advice.objects.filter {
      $0["report"] as? String == "candidate" && $0["simulation"] as? String == "reached"
    }
    try #require(candidates.count > 2)
    // The seeds behind those of the search, under which what it chose is simulated again.
    let settings = candidates.map { "\"\(setting($0))\"" }.joined(separator: " ")
    let comparison = Session(
      "\(test.configuration); seed \(test.seed + seeds); target epsilon=\(test.epsilon); trace every=1; "
        + "compare \(settings) gradnorm2<\(test.epsilon) time=1e4 seeds=\(4 * seeds)", json: true)
    try #require(comparison.outcome == .done, "\(comparison.error)")
    let rows = comparison.objects
    try #require(rows.count == candidates.count)
    var times: [Double] = []
    for (candidate, row) in zip(candidates, rows) {
      let (predicted, time) = (candidate["time"] as? Double ?? .nan, row["time"] as? Double ?? .infinity)
      times.append(time)
      // What not every seed reaches has no time.
      guard time.isFinite else { continue }
      #expect(abs(predicted - time) <= 0.05 * time, "\(setting(candidate)): \(predicted) \(time)")
    }
    let best = try #require(times.min())
    #expect(times[0] <= 1.05 * best, "\(setting(candidates[0])): \(times)")
  }
}
