// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct ChocoTests {
  private func choco(_ change: (inout Choco) -> Void) -> Choco {
    Choco {
      $0.gamma = 0.2
      change(&$0)
    }
  }

  private static let compressions: [Compression?] = [
    nil, .topK(2), .randK(2), .sign, .natural, .qsgd(3),
  ]

  /// Algorithm 2 with arrays; what is sent of a difference is what the server gets of a gradient.
  @Test(arguments: compressions) func agreesWithSlowRuns(_ compression: Compression?) throws {
    for trial in 0..<8 {
      var draw = RandomStream(seed: 22, purpose: .data, worker: trial)
      let graph = try SlowNodes.graph(&draw, perCoordinate: true)
      let method = choco { ($0.compression, $0.consensus) = (compression, 0.3) }
      let coordinates = compression?.coordinates(dimension: Bowls.dimension) ?? Bowls.dimension
      var slow = SlowNodes(
        graph.workers, graph.metropolis, slowest: graph.slowest * Double(coordinates), seed: UInt64(trial),
        noise: 0.1)
      let run = try SlowNodes.start(MethodChoice(method), graph, noise: 0.1, seed: UInt64(trial))
      // A vector that follows gradients by compressed differences is EF21's; here it follows the models.
      var follower = compression.map { SlowCompressor($0, hasFeedback: true) }
      for step in 1...20 {
        slow.x = zip(slow.x, slow.gradients()).map { NetworkLab.add($0, -0.2, $1) }
        let copies = slow.x.indices.map { node in
          follower?.received(slow.x[node], from: node, job: slow.job, seed: UInt64(trial)) ?? slow.x[node]
        }
        let change = zip(slow.mixed(copies), copies).map { NetworkLab.add($0, -1, $1) }
        slow.x = zip(slow.x, change).map { NetworkLab.add($0, 0.3, $1) }
        run.run(until: Stop(updates: step))
        expectClose(run.model, slow.mean, 1e-10, "graph \(trial)")
        expectClose([run.statistics.point.time], [slow.time], 1e-12, "graph \(trial)")
      }
      let sent = 20 * graph.topology.links.count
      #expect(run.statistics.messages == sent && run.statistics.coordinates == sent * coordinates)
    }
  }

  @Test func ofWholeModelsIsDPSGD() throws {
    let workers = MethodLab.workers([1, 3, 2, 2.5, 1])
    let topology = try NetworkLab.topology(.ring, 5, seconds: 0.5)
    let dpsgd = try NetworkLab.run(
      DPSGD { $0.gamma = 0.2 }, workers, topology, noise: 0.1, heterogeneity: 1, until: Stop(updates: 50))
    let found = try NetworkLab.run(
      choco { _ in }, workers, topology, noise: 0.1, heterogeneity: 1, until: Stop(updates: 50))
    expectClose(found.run.model, dpsgd.run.model, 1e-11)
    #expect(found.updates == dpsgd.updates)
  }

  /// Nodes agree in the end, although they never send more than a fifth of a vector.
  @Test func nodesAgree() throws {
    let topology = try NetworkLab.topology(.ring, 6)
    let method = choco { ($0.gamma, $0.compression, $0.consensus) = (0.02, .topK(4), 0.2) }
    let found = try NetworkLab.run(
      method, MethodLab.workers(Array(repeating: 1, count: 6)), topology, heterogeneity: 1,
      until: Stop(updates: 4_000))
    #expect(found.run.statistics.consensus < 0.1 && found.run.statistics.point.gap < 0.2)
  }

  @Test func aloneItIsSGD() throws { try NetworkLab.expectSGDAlone(choco { $0.gamma = 0.3 }) }

  @Test func linksMustGoBothWays() throws { try NetworkLab.expectBothWaysAreNeeded(choco { _ in }) }

  @Test func hasItsKeys() throws {
    try expectKeys(
      "choco", ["mixing": "metropolis", "consensus": "from the theorem; 1 without compress="])
    try expectRefused("choco", ["consensus": 0], "a positive number")
    try expectRefused("choco", ["compress": "half"], "randk(k) topk(k) natural")
    try expectRefused("choco", ["compress": .call("topk", [11])], "from 1 to d coordinates")
  }

  /// δρ²/(16ρ + ρ² + 4β² + 2ρβ² − 8ρδ); a ring of four with Metropolis weights has the eigenvalues 1, ⅓, ⅓,
  /// −⅓.
  @Test func hasTheTheorysConsensus() throws {
    var method = choco { $0.compression = .topK(5) }
    let workers = MethodLab.workers([1, 1, 1, 1])
    let topology = try NetworkLab.topology(.ring, 4)
    let (delta, rho, beta) = (5 / 20.0, 2 / 3.0, 4 / 3.0)
    let c =
      delta * rho * rho
      / (16 * rho + rho * rho + 4 * beta * beta + 2 * rho * beta * beta - 8 * rho * delta)
    let theory = try NetworkLab.run(method, workers, topology, heterogeneity: 1, until: Stop(updates: 30))
    method.consensus = Parameter(c)
    let given = try NetworkLab.run(method, workers, topology, heterogeneity: 1, until: Stop(updates: 30))
    expectClose(theory.run.model, given.run.model, 1e-9)
    #expect(abs(theory.run.statistics.consensus / given.run.statistics.consensus - 1) < 1e-9)
  }
}
