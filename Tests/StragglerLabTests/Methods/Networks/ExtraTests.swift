// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct ExtraTests {
  private func extra(_ gamma: Double) -> Extra { Extra { $0.gamma = Parameter(gamma) } }

  /// The recursion of the source: x¹ = Wx⁰ − γg⁰, x^{k+2} = (I + W)x^{k+1} − ½(I + W)x^k − γ(g^{k+1} − g^k).
  @Test func agreesWithSlowRuns() throws {
    for trial in 0..<16 {
      var draw = RandomStream(seed: 23, purpose: .data, worker: trial)
      let graph = try SlowNodes.graph(&draw)
      let isUniform = trial % 2 == 1
      let method = Extra { ($0.gamma, $0.mixing) = (0.2, isUniform ? .uniform : .metropolis) }
      var slow = SlowNodes(
        graph.workers, isUniform ? graph.uniform : graph.metropolis, slowest: graph.slowest,
        seed: UInt64(trial), noise: 0.1)
      let run = try SlowNodes.start(MethodChoice(method), graph, noise: 0.1, seed: UInt64(trial))
      var before: (x: [[Double]], g: [[Double]])?
      for step in 1...25 {
        let (x, g) = (slow.x, slow.gradients())
        var next = slow.mixed(x)
        if let before {
          next = zip(next, x).map { NetworkLab.add($0, 1, $1) }
          next = zip(next, before.x).map { NetworkLab.add($0, -0.5, $1) }
          next = zip(next, slow.mixed(before.x)).map { NetworkLab.add($0, -0.5, $1) }
          next = zip(next, before.g).map { NetworkLab.add($0, 0.2, $1) }
        }
        slow.x = zip(next, g).map { NetworkLab.add($0, -0.2, $1) }
        before = (x, g)
        run.run(until: Stop(updates: step))
        expectClose(run.model, slow.mean, 1e-10, "graph \(trial)")
        expectClose([run.statistics.point.time], [slow.time], 1e-12, "graph \(trial)")
      }
      #expect(run.statistics.messages == 25 * graph.topology.links.count)
    }
  }

  /// With data that differ it reaches the minimum of the mean, where D-PSGD stops before, the nearer the
  /// smaller γ is.
  @Test func isExactWhereDPSGDStops() throws {
    let workers = MethodLab.workers(Array(repeating: 1, count: 7))
    let topology = try NetworkLab.topology(.line, 7)
    func distance(_ method: some Method, _ steps: Int) throws -> Double {
      var experiment = Experiment(Bowls(), workers: workers, method: method)
      experiment.topology = topology
      let run = try experiment.start()
      run.run(until: Stop(updates: steps))
      let difference = NetworkLab.add(run.model, -1, Bowls.optimum(7))
      return difference.map { $0 * $0 }.reduce(0, +).squareRoot() + run.statistics.consensus.squareRoot()
    }
    #expect(try distance(extra(0.4), 3_000) < 1e-10)
    let stalled = try [0.1, 0.05].map { gamma in try distance(DPSGD { $0.gamma = Parameter(gamma) }, 6_000) }
    #expect(stalled[0] > 0.05 && stalled[1] < 0.7 * stalled[0] && stalled[1] > 0.3 * stalled[0])
  }

  @Test func aloneItIsSGD() throws { try NetworkLab.expectSGDAlone(extra(0.3)) }

  @Test func linksMustGoBothWays() throws { try NetworkLab.expectBothWaysAreNeeded(extra(0.3)) }

  @Test func hasItsKeys() throws {
    try expectKeys("extra", ["mixing": "metropolis"])
    try expectRefused("extra", ["mixing": 3], "metropolis, uniform")
  }

  /// γ = (1 + λ_n)/(2L); a ring of four with Metropolis weights has the eigenvalues 1, ⅓, ⅓, −⅓.
  @Test func hasTheTheorysStepsize() throws {
    let topology = try NetworkLab.topology(.ring, 4, seconds: 0.25)
    let forecast = try TheoryLab.forecast("extra", MethodLab.workers([1, 2, 4, 1]), topology: topology)
    expectNear(forecast.gamma, (1 - 1 / 3.0) / (2 * TheoryLab.L))
    #expect(forecast.time.isNaN)
  }
}
