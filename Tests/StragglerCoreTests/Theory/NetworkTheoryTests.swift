// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerCore

@Suite struct NetworkTheoryTests {
  /// The graph that a case of the reference describes in words.
  private func graph(_ test: TheoryReference, nodes: Int) throws -> TestNetwork {
    let text = try #require(test.inputs["graph"] as? String)
    let words = text.split(whereSeparator: { " ,=()".contains($0) }).map(String.init)
    func time(_ key: String) -> Double {
      words.firstIndex(of: key).flatMap { $0 + 1 < words.count ? Double(words[$0 + 1]) : nil } ?? .nan
    }
    if text.hasPrefix("line") { return .line(nodes, time("rho")) }
    if text.contains("mesh") { return .mesh(Int(Double(nodes).squareRoot()), time("rho")) }
    // star, centre index 6, edge times 1..5 both ways
    let center = try #require(Int(exactly: time("index"))) - 1
    let others = (0..<nodes).filter { $0 != center }
    return TestNetwork(nodes: nodes, edges: others.enumerated().map { (center, $1, Double($0 + 1)) })
  }

  @Test(.enabled(if: TheoryReference.isPresent, "the shared folder is absent")) func reference() throws {
    for test in try TheoryReference.cases(of: "decentralised") {
      let h = try #require(test.inputs["h"] as? [Double])
      let ratio = try #require(test.inputs["sigma2_over_eps"] as? Double)
      try graph(test, nodes: h.count).with(h) { network, fleet in
        let theory = NetworkTheory(network, fleet: fleet, coordinates: 1)
        let best = theory.equilibrium(ratio: ratio)
        func isClose(_ value: Double, _ key: String) -> Bool {
          abs(value - test.number(key)) <= 1e-9 * test.number(key)
        }
        #expect(isClose(best.time, "t_star"), "\(test.id)")
        #expect(best.pivot + 1 == Int(test.number("pivot")), "\(test.id)")
        #expect(best.nodes == Int(test.number("k_star")), "\(test.id)")
        #expect(isClose(theory.lowerBound(ratio: ratio), "lower_bound_expr"), "\(test.id)")
        #expect(isClose(theory.minibatch(ratio: ratio), "minibatch_per_LDelta_over_eps"), "\(test.id)")
        #expect(isClose(theory.amelie(ratio: ratio), "amelie_per_LDelta_over_eps"), "\(test.id)")
        #expect(theory.center + 1 == Int(test.number("center_pivot_minmax")), "\(test.id)")
      }
    }
  }

  /// t* of every pivot as it is defined, without a short cut.
  @Test(arguments: 0..<24) func agreesWithTheDefinition(seed: Int) throws {
    let n = 2 + seed
    let test = TestNetwork.random(n, seed: UInt64(200 + seed), symmetric: seed % 3 == 0)
    let d = test.distances()
    let durations = seed % 2 == 0 ? [1.5] : [1, 3, 0.5, 2, .infinity]
    let h = (0..<n).map { durations[$0 % durations.count] }
    func equilibrium(_ s: Double, _ times: [Double]) -> (time: Double, nodes: Int) {
      let c = (0..<n).map { max(times[$0], h[$0]) }
      var best = (time: Double.infinity, nodes: 0)
      var rate = 0.0
      for (index, node) in (0..<n).sorted(by: { (c[$0], $0) < (c[$1], $1) }).enumerated() {
        rate += 1 / h[node]
        let time = max(c[node], s / rate)
        if time < best.time { best = (time, index + 1) }
      }
      return best
    }
    try test.with(durations) { network, fleet in
      let theory = NetworkTheory(network, fleet: fleet, coordinates: 0)
      for s in [0, 0.3, 1, 7, 40, 1_000] {
        let pivots = (0..<n).map { j in equilibrium(s, (0..<n).map { d[$0][j] + d[j][$0] }) }
        let best = pivots.indices.min { pivots[$0].time < pivots[$1].time } ?? 0
        let found = theory.equilibrium(ratio: s)
        #expect(found.pivot == best && found.time == pivots[best].time, "s = \(s)")
        #expect(found.nodes == pivots[best].nodes)
        let bound = (0..<n).map { j in equilibrium(s, (0..<n).map { d[$0][j] }).time }.min()
        #expect(theory.lowerBound(ratio: s) == bound)
      }
      let diameter = d.flatMap(\.self).max()
      #expect(theory.diameter == diameter)
      let radii = (0..<n).map { j in d.map { $0[j] }.max() ?? 0 }
      let center = radii.indices.min { radii[$0] < radii[$1] }
      #expect(theory.center == center)
    }
  }

  /// (LΔ/ε) min_d max{ρd, h, σ²h/(ε(2d + 1))} on a line, d nodes to either side of the pivot, one way.
  @Test(arguments: [0.1, 1, 2, 10], [1.0, 50, 1_000]) func lineAsInTheCorollary(rho: Double, s: Double) throws
  {
    try TestNetwork.line(101, rho).with { network, fleet in
      let times = (0...50).map { (d: Int) -> Double in
        let way = max(rho * Double(d), 1)
        return max(way, s / Double(2 * d + 1))
      }
      let expected = times.min() ?? 0
      let bound = NetworkTheory(network, fleet: fleet, coordinates: 0).lowerBound(ratio: s)
      #expect(abs(bound - expected) <= 1e-9 * expected)
    }
  }

  @Test func largeToriNeedNoSearchOfEverything() throws {
    let side = 40
    var edges: [(Int, Int, Double)] = []
    for node in 0..<side * side {
      edges.append((node, node / side * side + (node + 1) % side, 1))
      edges.append((node, (node + side) % (side * side), 1))
    }
    try TestNetwork(nodes: side * side, edges: edges).with { network, fleet in
      let best = NetworkTheory(network, fleet: fleet, coordinates: 1).equilibrium(ratio: 1_000)
      #expect(best.pivot == 0)
      // The nodes within k links of one are 2k² + 2k + 1, and k = 6 is there and back in 12 seconds.
      #expect(best.time == 12 && best.nodes == 84)
    }
  }

  /// The centre and the diameter as they are defined, by a search from every node.
  private func expectDefinition(_ test: TestNetwork, _ name: String) throws {
    try test.with { network, fleet in
      let radii = (0..<test.nodes).map { node -> Double in
        var paths = network.paths
        paths.begin(node, in: network, towards: true, coordinates: 1)
        while paths.next(in: network) != nil {}
        return paths.distances.indices.map { paths.distances[$0] }.max() ?? 0
      }
      let theory = NetworkTheory(network, fleet: fleet, coordinates: 1)
      let least = radii.min() ?? 0
      #expect(theory.center == radii.firstIndex(of: least), "\(name)")
      #expect(theory.diameter == radii.max(), "\(name)")
    }
  }

  /// Times that sums round, free links, ties: the same node and the same bits.
  @Test func centreAndDiameterAreThoseOfTheDefinition() throws {
    for seed in 0..<150 {
      var draw = RandomStream(seed: 31, purpose: .data, worker: seed)
      let n = 1 + draw.integer(below: 40)
      let choices: [[Double]] = [[1], [0.1], [0, 1], [0.1, 0.2, 0.3, 0.7], [0, 0, 0, 1 / 3.0]]
      let times = choices[draw.integer(below: 5)]
      func time() -> Double { times[draw.integer(below: times.count)] }
      let tree = TestNetwork(
        nodes: n, edges: (1..<max(1, n)).map { (draw.integer(below: $0), $0, time()) })
      try expectDefinition(tree, "tree \(seed)")
      try expectDefinition(
        TestNetwork(nodes: n, edges: (1..<max(1, n)).map { ($0 - 1, $0, time()) }), "line \(seed)")
      let ring = n > 2 ? [(n - 1, 0, time())] : []
      try expectDefinition(
        TestNetwork(nodes: n, edges: (1..<max(1, n)).map { ($0 - 1, $0, time()) } + ring), "ring \(seed)")
      try expectDefinition(.mesh(1 + draw.integer(below: 7), time()), "mesh \(seed)")
      for isSymmetric in [false, true] {
        try expectDefinition(
          .random(n, seed: UInt64(seed), symmetric: isSymmetric), "random \(seed) \(isSymmetric)")
      }
      let pairs = (0..<n).flatMap { a in (0..<a).map { ($0, a) } }
      try expectDefinition(
        TestNetwork(nodes: n, edges: pairs.map { ($0.0, $0.1, time()) }), "complete \(seed)")
      // Links in one direction, with nodes that cannot be reached.
      let links = pairs.filter { _ in draw.uniform() < 0.1 }
      try expectDefinition(
        TestNetwork(nodes: n, links.map { Link(from: $0.0, to: $0.1, seconds: time()) }), "directed \(seed)")
    }
  }

  /// Long lines take a handful of searches.
  @Test func theCentreOfALongLineIsFoundInAFewSearches() throws {
    for n in [1, 2, 20_000, 20_001] {
      try TestNetwork.line(n, 0.1).with { network, fleet in
        let theory = NetworkTheory(network, fleet: fleet, coordinates: 1)
        #expect(abs(theory.center - (n - 1) / 2) <= 1)
        _ = theory.diameter
        for index in network.searches.indices { #expect(network.searches[index].steps < 40) }
      }
    }
  }
}
