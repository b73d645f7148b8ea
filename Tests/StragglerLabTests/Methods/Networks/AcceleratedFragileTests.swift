// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AcceleratedFragileTests {
  private func fragile(_ batch: Int, gamma: Double = 0.2) -> AcceleratedFragile {
    MethodLab.make(AcceleratedFragile.self) { ($0.gamma.given, $0.batch.given) = (gamma, batch) }
  }

  @Test(arguments: [0.0, 0.4, 5]) func followsItsThreeSequences(link: Double) throws {
    for shape in NetworkLab.shapes {
      let topology = try NetworkLab.topology(shape, 7, seconds: link)
      let found = try NetworkLab.run(
        fragile(5), MethodLab.workers(MethodLab.durations), topology, until: Stop(updates: 30))
      expectClose(found.run.model, MethodLab.accelerated(20, gamma: 0.2, steps: 30))
    }
  }

  /// The rounds are those of Fragile SGD: the same updates at the same times.
  @Test func hasFragilesRounds() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let topology = try NetworkLab.topology(.ring, 7, seconds: 0.3)
    let plain = MethodLab.make(Fragile.self) { ($0.gamma, $0.batch) = (0.2, 5) }
    let expected = try NetworkLab.run(plain, workers, topology, until: Stop(updates: 30))
    let found = try NetworkLab.run(fragile(5), workers, topology, until: Stop(updates: 30))
    #expect(found.updates == expected.updates)
  }

  @Test func freeLinksMakeItAcceleratedRennala() throws {
    for fleet in NetworkLab.fleets {
      let rennala = MethodLab.make(AcceleratedRennala.self) {
        ($0.gamma, $0.batch, $0.stops) = (0.2, 5, true)
      }
      let method = MethodLab.make(AcceleratedFragile.self) { ($0.gamma, $0.batch) = (0.2, 5) }
      let expected = try NetworkLab.run(rennala, fleet, nil, noise: 0.1, until: Stop(updates: 25))
      let topology = try NetworkLab.topology(.line, fleet.count)
      let found = try NetworkLab.run(method, fleet, topology, noise: 0.1, until: Stop(updates: 25))
      #expect(NetworkLab.describe(found) == NetworkLab.describe(expected))
      #expect(found.run.model == expected.run.model)
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys(
      "fragile-accelerated",
      [
        "batch": "max{⌈σ²R/(ε^{3/2}√L)⌉, 1}",
        "pivot": "argmin_j t*(σ²R/(ε^{3/2}√L), [hᵢ], [τ_{i→j} + τ_{j→i}])",
      ])
    try expectRefused("fragile-accelerated", ["batch": 0], "a positive integer")
    try expectRefused("fragile-accelerated", ["pivot": 0], "a node, from 1 to n, or center")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (h, K) = ([2.0, 1, 4], TheoryLab.acceleratedUpdates)
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.75)
    func time(_ pivot: Int, _ S: Double) -> Double {
      TheoryLab.equilibrium(S, h, ways: (0..<3).map { 1.5 * Double(abs($0 - pivot)) })
    }
    let forecast = try TheoryLab.forecast("fragile-accelerated", MethodLab.workers(h), topology: topology)
    let S = TheoryLab.acceleratedNoise
    let pivot = (0..<3).min { time($0, S) < time($1, S) }!
    #expect(forecast["batch"] == S && forecast["pivot"] == Double(pivot + 1))
    expectNear(forecast.gamma, TheoryLab.acceleratedStepsize(S))
    #expect(forecast.iterations == K)
    expectNear(forecast.time, 6 * time(pivot, S) * K)
    expectNear(forecast.table, K / 8 * time(pivot, S))
  }
}
