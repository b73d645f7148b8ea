// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct FragileTests {
  private func fragile(_ batch: Int, pivot: PivotRule = .equilibrium, gamma: Double = 0.5) -> Fragile {
    MethodLab.make(Fragile.self) { ($0.gamma.given, $0.batch.given, $0.pivot) = (gamma, batch, pivot) }
  }

  /// With links that take no time it is Rennala SGD with stops: every event, every bit.
  @Test(arguments: NetworkLab.shapes) func freeLinksMakeItRennala(_ shape: Topology.Shape) throws {
    for fleet in NetworkLab.fleets {
      for batch in [1, 3, 40] {
        let rennala = MethodLab.make(Rennala.self) {
          ($0.gamma, $0.batch.given, $0.stops) = (0.5, batch, true)
        }
        let expected = try NetworkLab.run(rennala, fleet, nil, noise: 0.1, until: Stop(updates: 25))
        let topology = try NetworkLab.topology(shape, fleet.count)
        for pivot in [PivotRule.equilibrium, .center, .node(fleet.count)] {
          let found = try NetworkLab.run(
            fragile(batch, pivot: pivot), fleet, topology, noise: 0.1, until: Stop(updates: 25))
          #expect(NetworkLab.describe(found) == NetworkLab.describe(expected))
        }
      }
    }
  }

  /// The facts of the authors' unit test: a line of 11, a second a coordinate, d = 100, 100 s a gradient.
  @Test func lineOfEleven() throws {
    let workers = MethodLab.workers(Array(repeating: 100, count: 11))
    let slow = try NetworkLab.topology(.line, 11, perCoordinate: 1)
    for pivot in [PivotRule.equilibrium, .center] {
      let found = try NetworkLab.run(
        fragile(11, pivot: pivot), workers, slow, dimension: 100, until: Stop(updates: 4))
      // Minibatch SGD takes 1,100 seconds a step.
      for (time, step) in zip(found.updates, 1...) { #expect(time <= 1_100 * Double(step)) }
    }
    // From the end of the line the broadcast takes twice as long, but the pivot's own gradients come at once.
    let end = try NetworkLab.run(
      fragile(11, pivot: .node(1)), workers, slow, dimension: 100, until: Stop(updates: 1))
    #expect(end.updates[0] <= 1_100)
  }

  /// Three nodes by hand: h = 1, a link 0.25, the pivot in the middle. x⁰ is at the ends at 0.25, where
  /// gradients end at 1.25, 2.25, …, and are at the pivot at 1.5, 2.5, …; its own come at 1, 2, ….
  @Test func threeNodesByHand() throws {
    let workers = MethodLab.workers([1, 1, 1])
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let found = try NetworkLab.run(fragile(5, pivot: .node(2)), workers, topology, until: Stop(updates: 2))
    // 1 at 1, 3 at 1.5, 4 at 2, 6 at 2.5, both messages at the same time: the first of them closes the batch.
    #expect(found.updates == [2.5, 5])
    let uses = found.log.filter { $0.kind == .use && $0.version == 0 }.map { [$0.worker + 1, $0.job] }
    #expect(uses == [[2, 1], [1, 1], [3, 1], [2, 2], [1, 2]])
    // The other's message is stale, and its node drops the rest when x¹ comes.
    let lost = found.log.filter { $0.kind == .discard && $0.version == 0 }.map { [$0.worker + 1, $0.job] }
    #expect(lost == [[3, 2]])
  }

  /// A step is along the mean of at least S gradients at x^k, from any workers.
  @Test(arguments: [0.0, 0.1, 0.7, 5]) func stepsAlongTheMean(link: Double) throws {
    for shape in NetworkLab.shapes + [.random(degree: 3, seed: 5)] {
      let workers = MethodLab.workers((1...8).map { Double($0).squareRoot() }, delay: .exponential(rate: 1))
      let topology = try NetworkLab.topology(shape, 8, seconds: link)
      let found = try NetworkLab.run(fragile(6), workers, topology, until: Stop(updates: 20))
      var x = MethodLab.start(20)
      for _ in 0..<20 {
        let g = MethodLab.gradient(x)
        x = zip(x, g).map { $0 - 0.5 * $1 }
      }
      expectClose(found.run.model, x)
      #expect(found.run.statistics.delayMax == 0)
      // Every gradient has one fate at most, and what is used was computed before at that version.
      var ends: Set<[Int]> = []
      var fates: Set<[Int]> = []
      var used = 0
      for entry in found.log {
        switch entry.kind {
        case .arrive: #expect(ends.insert([entry.worker, entry.job]).inserted)
        case .use, .discard:
          #expect(ends.contains([entry.worker, entry.job]))
          #expect(fates.insert([entry.worker, entry.job]).inserted)
          if entry.kind == .use { used += 1 }
        default: break
        }
      }
      let statistics = found.run.statistics
      #expect(used >= 6 * 20 && statistics.point.used == used)
      #expect(statistics.point.arrivals == ends.count)
      #expect(statistics.useful > 0 && statistics.useful <= 1 + 1e-12)
    }
  }

  @Test func hugelySlowLinksLeaveThePivotAlone() throws {
    let workers = MethodLab.workers([2, 1, 3, 1.5])
    let topology = try NetworkLab.topology(.line, 4, seconds: 1e9)
    let found = try NetworkLab.run(fragile(5), workers, topology, until: Stop(updates: 100))
    #expect(found.run.network?.trees.pivot == 1)
    #expect(found.updates == (1...100).map { 5 * Double($0) })
    #expect(found.log.allSatisfy { $0.worker == 1 })
    #expect(found.run.statistics.point.used == 500)
  }

  /// An iteration takes no more than 3·2·min_k max{…} seconds with τ̄ = μ_{i→j*} + μ_{j*→i}.
  @Test(arguments: [0.01, 0.3, 2, 20]) func iterationsAreAsShortAsTheTheoremSays(link: Double) throws {
    for (shape, seed) in zip(NetworkLab.shapes + [.grid(rows: 3), .random(degree: 4, seed: 9)], 1...) {
      let times = (0..<12).map { 0.5 + Double(($0 * 7 + seed) % 5) }
      let topology = try NetworkLab.topology(shape, 12, seconds: link)
      for batch in [1, 10, 100] {
        let found = try NetworkLab.run(
          fragile(batch), MethodLab.workers(times), topology, until: Stop(updates: 12))
        let trees = try #require(found.run.network?.trees)
        let c = (0..<12).map { max(trees.fromPivot[$0] + trees.toPivot[$0], times[$0]) }
        var (rate, best) = (0.0, Double.infinity)
        for node in (0..<12).sorted(by: { c[$0] < c[$1] }) {
          rate += 1 / times[node]
          best = min(best, max(c[node], Double(batch) / rate))
        }
        for (before, after) in zip([0] + found.updates, found.updates) {
          #expect(after - before <= 6 * best * (1 + 1e-12))
        }
      }
    }
  }

  @Test func theSameWhetherLoggedOrNotAndAgain() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
    let topology = try NetworkLab.topology(.ring, 7, seconds: 0.3)
    let logged = try NetworkLab.run(fragile(9), workers, topology, noise: 0.1, until: Stop(updates: 30))
    let run = try NetworkLab.start(fragile(9), workers, topology, noise: 0.1, logging: false)
    for _ in 0..<2 {
      run.run(until: Stop(updates: 11))
      run.run(until: Stop(updates: 30))
      #expect(run.model == logged.run.model)
      #expect(run.statistics.point.time == logged.run.statistics.point.time)
      run.reset()
    }
  }

  @Test func needsATopologyOfTheRightSize() throws {
    let workers = MethodLab.workers([1, 2, 3])
    for topology in [nil, try NetworkLab.topology(.line, 4)] {
      #expect(throws: LabError.self) {
        try NetworkLab.run(fragile(1), workers, topology, until: Stop(updates: 1))
      }
    }
  }

  /// Trees need no way back on the same link.
  @Test func linksMayGoOneWay() throws {
    let found = try NetworkLab.run(
      fragile(4), MethodLab.workers([1, 1, 1, 1]), try NetworkLab.oneWay(), until: Stop(updates: 5))
    #expect(found.run.statistics.point.iteration == 5)
  }

  @Test func hasItsKeys() throws {
    try expectKeys(
      "fragile", ["batch": "max{1, ⌈σ²/ε⌉}", "pivot": "argmin_j t*(σ²/ε, [hᵢ], [τ_{i→j} + τ_{j→i}])"])
    try expectRefused("fragile", ["batch": 0], "a positive integer")
    try expectRefused("fragile", ["pivot": 0], "a node, from 1 to n, or center")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (h, noise, progress) = ([2.0, 1, 4], TheoryLab.noise, TheoryLab.progress)
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.75)
    func time(_ pivot: Int, _ S: Double, trips: Double) -> Double {
      TheoryLab.equilibrium(S, h, ways: (0..<3).map { 0.75 * trips * Double(abs($0 - pivot)) })
    }
    for (settings, S) in [([:], 7.0), (["batch": 3, "pivot": 1], 3)] as [(Settings, Double)] {
      let forecast = try TheoryLab.forecast("fragile", MethodLab.workers(h), settings, topology: topology)
      let pivot = settings.isEmpty ? (0..<3).min { time($0, S, trips: 2) < time($1, S, trips: 2) }! : 0
      #expect(forecast["pivot"] == Double(pivot + 1) && forecast["batch"] == S)
      expectNear(forecast.gamma, min(1, S / noise) / (2 * TheoryLab.L))
      #expect(forecast.iterations == (16 * progress * max(1, noise / S)).rounded(.up))
      expectNear(forecast["iteration_time"], 6 * time(pivot, S, trips: 2))
      expectNear(forecast.time, 6 * time(pivot, S, trips: 2) * forecast.iterations)
      expectNear(forecast["t_star"], time(pivot, noise, trips: 2))
      expectNear(forecast.table, progress * time(pivot, noise, trips: 2))
      let bound = (0..<3).map { time($0, noise, trips: 1) }.min()!
      expectNear(forecast.lowerBound, progress * bound / (Elementary.log(3) + 1))
    }
  }
}
