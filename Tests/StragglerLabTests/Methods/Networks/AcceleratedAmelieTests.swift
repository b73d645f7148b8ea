// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AcceleratedAmelieTests {
  private func amelie(_ batch: Int, gamma: Double = 0.2) -> AcceleratedAmelie {
    MethodLab.make(AcceleratedAmelie.self) { ($0.gamma.given, $0.batch.given) = (gamma, batch) }
  }

  @Test(arguments: [0.0, 0.4, 5]) func followsItsThreeSequences(link: Double) throws {
    for shape in NetworkLab.shapes {
      let topology = try NetworkLab.topology(shape, 7, seconds: link)
      let found = try NetworkLab.run(
        amelie(9), MethodLab.workers(MethodLab.durations), topology, until: Stop(updates: 30))
      expectClose(found.run.model, MethodLab.accelerated(20, gamma: 0.2, steps: 30))
    }
  }

  /// The rounds are those of Amelie SGD: the same updates at the same times.
  @Test func hasAmeliesRounds() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let topology = try NetworkLab.topology(.ring, 7, seconds: 0.3)
    let plain = MethodLab.make(Amelie.self) { ($0.gamma, $0.batch) = (0.2, 9) }
    let expected = try NetworkLab.run(plain, workers, topology, until: Stop(updates: 30))
    let found = try NetworkLab.run(amelie(9), workers, topology, until: Stop(updates: 30))
    #expect(found.updates == expected.updates)
  }

  @Test func hasItsKeys() throws {
    try expectKeys(
      "amelie-accelerated", ["batch": "max{⌈σ²R/(ε^{3/2}√L)⌉, n}", "pivot": "the graph's centre"])
    try expectRefused("amelie-accelerated", ["batch": 0], "a positive integer")
    try expectRefused("amelie-accelerated", ["pivot": 0], "a node, from 1 to n, or center")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (S, K) = (TheoryLab.acceleratedNoise, TheoryLab.acceleratedUpdates)
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let forecast = try TheoryLab.forecast(
      "amelie-accelerated", MethodLab.workers([2, 1, 6]), topology: topology)
    // 4 max μ + 2(max h + (S/n) avg h).
    let seconds = 4 * 0.25 + 2 * (6 + S / 3 * 3)
    #expect(forecast["batch"] == S && forecast["pivot"] == 2)
    expectNear(forecast.gamma, TheoryLab.acceleratedStepsize(S))
    #expect(forecast.iterations == K)
    expectNear(forecast["iteration_time"], seconds)
    expectNear(forecast.time, seconds * K)
    expectNear(forecast.table, K / 8 * max(0.5, 6, S / 3 * 3))
  }
}
