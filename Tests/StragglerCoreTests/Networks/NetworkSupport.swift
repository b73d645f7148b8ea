// SPDX-License-Identifier: Apache-2.0

import StragglerCore

@testable import StragglerCore

/// Networks for tests, and slow answers about them.
struct TestNetwork {
  let nodes: Int
  let links: [Link]

  init(nodes: Int, _ links: [Link]) {
    self.nodes = nodes
    self.links = links
  }

  /// Edges both ways.
  init(nodes: Int, edges: [(Int, Int, Double)]) {
    self.init(
      nodes: nodes,
      edges.flatMap {
        [Link(from: $0.0, to: $0.1, seconds: $0.2), Link(from: $0.1, to: $0.0, seconds: $0.2)]
      })
  }

  static func line(_ n: Int, _ seconds: Double) -> TestNetwork {
    TestNetwork(nodes: n, edges: (1..<n).map { ($0 - 1, $0, seconds) })
  }

  static func mesh(_ side: Int, _ seconds: Double) -> TestNetwork {
    var edges: [(Int, Int, Double)] = []
    for node in 0..<side * side {
      if node % side + 1 < side { edges.append((node, node + 1, seconds)) }
      if node + side < side * side { edges.append((node, node + side, seconds)) }
    }
    return TestNetwork(nodes: side * side, edges: edges)
  }

  /// A cycle, so that it is connected, and other directed links at random, some of them free.
  static func random(_ nodes: Int, seed: UInt64, symmetric: Bool = false) -> TestNetwork {
    var stream = RandomStream(seed: seed, purpose: .data)
    var known: [Int: Double] = [:]
    func add(_ a: Int, _ b: Int) {
      let time = Double(stream.integer(below: 6)) / 2
      if a != b, known[a * nodes + b] == nil {
        known[a * nodes + b] = time
        if symmetric { known[b * nodes + a] = time }
      }
    }
    for node in 0..<nodes { add(node, (node + 1) % nodes) }
    for _ in 0..<2 * nodes { add(stream.integer(below: nodes), stream.integer(below: nodes)) }
    return TestNetwork(
      nodes: nodes, known.map { Link(from: $0.key / nodes, to: $0.key % nodes, seconds: $0.value) })
  }

  /// Gives `body` the network in the core's form, with a fleet whose jobs take `durations`.
  func with<Result>(
    _ durations: [Double] = [], _ body: (Network, Fleet) throws -> Result
  ) throws -> Result {
    let memory = TestMemory()
    let links = memory.table(links)
    let workers = memory.table(
      (0..<nodes).map { Worker(tau: durations.isEmpty ? 1 : durations[$0 % durations.count]) })
    return try withArena(bytes: 4096 + nodes * 512 + links.count * 64) { arena in
      try body(Network(links, nodes: nodes, arena: &arena), Fleet(workers))
    }
  }

  /// τ_{i→j} for all pairs, by Floyd and Warshall.
  func distances() -> [[Double]] {
    var d = [[Double]](repeating: [Double](repeating: .infinity, count: nodes), count: nodes)
    for node in 0..<nodes { d[node][node] = 0 }
    for link in links { d[Int(link.source)][Int(link.target)] = link.seconds }
    for k in 0..<nodes {
      for i in 0..<nodes { for j in 0..<nodes { d[i][j] = min(d[i][j], d[i][k] + d[k][j]) } }
    }
    return d
  }
}
