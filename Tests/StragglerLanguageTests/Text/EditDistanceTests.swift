// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

@Suite struct EditDistanceTests {
  @Test(
    arguments: [
      ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("tau", "tua", 1),
      ("ca", "abc", 3),
      ("gamma", "gamma", 0), ("quadratic", "qudratic", 1), ("minibatch", "mniibacth", 2),
    ] as [(String, String, Int)])
  func isTheKnownNumber(_ left: String, _ right: String, _ distance: Int) {
    #expect(EditDistance.between(left, right) == distance)
    #expect(EditDistance.between(right, left) == distance)
  }

  @Test func findsWhatWasMeant() {
    let names = ["workers", "problem", "method", "run", "reset"]
    #expect(EditDistance.closest(to: "worekrs", among: names) == "workers")
    #expect(EditDistance.closest(to: "RUN", among: names) == "run")
    #expect(EditDistance.closest(to: "prob", among: names) == "problem")
    #expect(EditDistance.closest(to: "rn", among: names) == "run")
    #expect(EditDistance.closest(to: "banana", among: names) == nil)
    #expect(EditDistance.closest(to: "x", among: ["y", "tau"]) == nil)
    #expect(EditDistance.closest(to: "", among: names) == nil)
    #expect(EditDistance.closest(to: String(repeating: "a", count: 10_000), among: names) == nil)
  }
}
