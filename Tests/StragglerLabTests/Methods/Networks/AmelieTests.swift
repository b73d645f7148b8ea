// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AmelieTests {
  private func amelie(_ S: Int, pivot: PivotRule = .center, gamma: Double = 0.5) -> Amelie {
    MethodLab.make(Amelie.self) { ($0.gamma.given, $0.batch.given, $0.pivot) = (gamma, S, pivot) }
  }

  /// With links that take no time it is Malenia SGD with stops: every event, every bit.
  @Test(arguments: NetworkLab.shapes) func freeLinksMakeItMalenia(_ shape: Topology.Shape) throws {
    for fleet in NetworkLab.fleets {
      for S in [fleet.count, 3 * fleet.count + 2, 38] {
        let malenia = MethodLab.make(Malenia.self) { ($0.gamma, $0.batch.given, $0.stops) = (0.5, S, true) }
        let topology = try NetworkLab.topology(shape, fleet.count)
        for heterogeneity in [0.0, 1] {
          let expected = try NetworkLab.run(
            malenia, fleet, nil, noise: 0.1, heterogeneity: heterogeneity, until: Stop(updates: 20))
          let found = try NetworkLab.run(
            amelie(S), fleet, topology, noise: 0.1, heterogeneity: heterogeneity, until: Stop(updates: 20))
          #expect(NetworkLab.describe(found) == NetworkLab.describe(expected))
        }
      }
    }
  }

  /// 4 max μ + 2(max h + (S/n) avg h) bounds an iteration, whatever the pivot.
  @Test(arguments: [0.0, 0.2, 3]) func iterationsAreAsShortAsTheTheoremSays(link: Double) throws {
    let times = [1.0, 2, 0.5, 3, 1, 1, 4, 2, 2]
    for shape in NetworkLab.shapes + [.grid(rows: 3)] {
      let topology = try NetworkLab.topology(shape, 9, seconds: link)
      for (S, pivot) in [(9, PivotRule.center), (40, .node(1)), (200, .node(5))] {
        let found = try NetworkLab.run(
          amelie(S, pivot: pivot), MethodLab.workers(times), topology, until: Stop(updates: 10))
        let trees = try #require(found.run.network?.trees)
        let way = (0..<9).map { max(trees.fromPivot[$0], trees.toPivot[$0]) }.max() ?? 0
        let bound = 4 * way + 2 * (4 + Double(S) / 9 * (times.reduce(0, +) / 9))
        for (before, after) in zip([0] + found.updates, found.updates) {
          #expect(after - before <= bound * (1 + 1e-12))
        }
        // The harmonic mean of the gradients used is S/n at least.
        var counts = Array(repeating: 0.0, count: 9)
        for entry in found.log where entry.kind == .use && entry.version == 3 { counts[entry.worker] += 1 }
        let mean = 9 / counts.map { 1 / $0 }.reduce(0, +)
        #expect(mean >= Double(S) / 9 * (1 - 1e-9))
      }
    }
  }

  @Test func findsTheMinimumOfDifferentNodes() throws {
    let workers = MethodLab.workers([1, 2, 4, 8, 16])
    let topology = try NetworkLab.topology(.ring, 5, seconds: 0.5)
    let fragile = MethodLab.make(Fragile.self) { ($0.gamma, $0.batch) = (0.5, 5) }
    func gap(_ method: some Method) throws -> Double {
      try NetworkLab.run(
        method, workers, topology, heterogeneity: 1, dimension: 10, until: Stop(updates: 3_000)
      ).run.statistics.point.gap
    }
    #expect(try gap(amelie(5)) < 1e-9)
    #expect(!(try gap(fragile) < 1e-3))
    let accelerated = MethodLab.make(AcceleratedAmelie.self) { ($0.gamma, $0.batch) = (0.2, 5) }
    #expect(try gap(accelerated) < 1e-5)
  }

  @Test func aNodeThatNeverDeliversStarvesTheRun() throws {
    let workers = MethodLab.workers([1, .infinity, 1])
    let topology = try NetworkLab.topology(.line, 3, seconds: 1)
    let found = try NetworkLab.run(amelie(3), workers, topology, until: Stop(updates: 5))
    #expect(found.run.stopped == .starved)
  }

  /// Exact gradients: whatever the links, steps of gradient descent.
  @Test(arguments: [0.0, 0.4, 5]) func stepsAlongTheGradient(link: Double) throws {
    for shape in NetworkLab.shapes {
      let topology = try NetworkLab.topology(shape, 7, seconds: link)
      let found = try NetworkLab.run(
        amelie(9), MethodLab.workers(MethodLab.durations), topology, until: Stop(updates: 30))
      expectClose(found.run.model, MethodLab.descent(20, gamma: 0.5, steps: 30))
      #expect(found.run.statistics.delayMax == 0)
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys("amelie", ["batch": "max{⌈σ²/ε⌉, n}", "pivot": "the graph's centre"])
    try expectRefused("amelie", ["batch": 0], "a positive integer")
    try expectRefused("amelie", ["pivot": 0], "a node, from 1 to n, or center")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (noise, progress) = (TheoryLab.noise, TheoryLab.progress)
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    for (settings, S) in [([:], 7.0), (["batch": 3], 3)] as [(Settings, Double)] {
      let forecast = try TheoryLab.forecast(
        "amelie", MethodLab.workers([2, 1, 6]), settings, topology: topology)
      let seconds = 4 * 0.25 + 2 * (6 + S / 3 * 3)
      #expect(forecast["batch"] == S && forecast["pivot"] == 2)
      expectNear(forecast.gamma, min(1, S / noise) / (2 * TheoryLab.L))
      #expect(forecast.iterations == (16 * progress * max(1, noise / S)).rounded(.up))
      expectNear(forecast["iteration_time"], seconds)
      expectNear(forecast.time, seconds * forecast.iterations)
      expectNear(forecast.table, progress * max(0.5, 6, noise / 3 * 3))
    }
  }
}
