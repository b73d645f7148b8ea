// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct TopologyTests {
  private func degrees(_ topology: Topology) -> [Int] {
    var degrees = Array(repeating: 0, count: topology.nodes)
    for link in topology.links { degrees[Int(link.source)] += 1 }
    return degrees
  }

  @Test func shapesHaveTheirDegrees() throws {
    func make(_ shape: Topology.Shape, _ n: Int) throws -> [Int] {
      let topology = try NetworkLab.topology(shape, n)
      try topology.requireConnection()
      return degrees(topology)
    }
    #expect(try make(.star(center: 2), 5) == [1, 1, 4, 1, 1])
    #expect(try make(.line, 4) == [1, 2, 2, 1])
    #expect(try make(.ring, 5) == [2, 2, 2, 2, 2])
    #expect(try make(.ring, 2) == [1, 1])
    #expect(try make(.grid(rows: nil), 9) == [2, 3, 2, 3, 4, 3, 2, 3, 2])
    #expect(try make(.grid(rows: 2), 6) == [2, 3, 2, 2, 3, 2])
    #expect(try make(.torus(rows: nil), 9) == Array(repeating: 4, count: 9))
    #expect(try make(.torus(rows: 2), 6) == Array(repeating: 3, count: 6))
    #expect(try make(.complete, 5) == Array(repeating: 4, count: 5))
    #expect(try make(.tree(branching: 2), 7) == [2, 3, 3, 1, 1, 1, 1])
    for shape in [
      Topology.Shape.star(center: 0), .line, .ring, .complete, .tree(branching: 3), .grid(rows: nil),
    ] {
      #expect(try make(shape, 1) == [0])
    }
  }

  @Test(arguments: [2, 3, 4, 5, 8]) func randomGraphsAreConnected(degree: Int) throws {
    for seed in UInt64(1)...10 {
      let topology = try NetworkLab.topology(.random(degree: degree, seed: seed), 60)
      try topology.requireConnection()
      #expect(degrees(topology).allSatisfy { $0 <= degree && $0 >= min(2, degree) })
      let again = try NetworkLab.topology(.random(degree: degree, seed: seed), 60)
      #expect(topology.links == again.links)
    }
  }

  @Test func timesDependOnTheLink() throws {
    let topology = try Topology(.line, nodes: 3) { source, target in
      LinkTime(seconds: Double(10 * source + target), perCoordinate: 0.5)
    }
    #expect(topology.links.map(\.seconds) == [1, 10, 12, 21])
    #expect(topology.links.map { $0.duration(coordinates: 4) } == [3, 12, 14, 23])
  }

  @Test(arguments: [(0, 2), (2, 0), (-1, 0), (0, Int(Int32.max))])
  func linksJoinNodesThatAreThere(source: Int, target: Int) {
    #expect(throws: LabError.self) { try Topology([Link(from: source, to: target)], nodes: 2) }
    #expect(throws: LabError.self) { try Topology([], nodes: -2).requireConnection() }
    #expect(throws: LabError.self) { try NetworkLab.topology(.ring, -2) }
  }

  @Test func badTopologiesAreToldWithARemedy() throws {
    let bad: [(Topology.Shape, Int, String)] = [
      (.grid(rows: nil), 10, "9 or 16"), (.torus(rows: 4), 10, "divisor"), (.star(center: 9), 5, "1 to 5"),
      (.random(degree: 1, seed: 1), 5, "from 2"), (.random(degree: 5, seed: 1), 5, "to 4"),
      (.complete, 100_000, "fewer"),
    ]
    for (shape, nodes, remedy) in bad {
      let error = #expect(throws: LabError.self) { try NetworkLab.topology(shape, nodes) }
      #expect(error?.remedy?.contains(remedy) == true, "\(shape)")
    }
    for time in [-1, Double.nan] {
      #expect(throws: LabError.self) { try NetworkLab.topology(.line, 3, seconds: time) }
      #expect(throws: LabError.self) { try NetworkLab.topology(.line, 3, perCoordinate: time) }
    }
    // Without the middle link nodes 3 and 4 are apart.
    let split = try Topology(.line, nodes: 4) { source, target in
      LinkTime(seconds: abs(source - target) == 1 && source + target == 3 ? .infinity : 1)
    }
    let error = #expect(throws: LabError.self) { try split.requireConnection() }
    #expect(error?.message == "nodes 3, 4 cannot be reached from node 1")
    let sink = try Topology([Link(from: 0, to: 1), Link(from: 0, to: 2), Link(from: 2, to: 0)], nodes: 3)
    let other = #expect(throws: LabError.self) { try sink.requireConnection() }
    #expect(other?.message == "node 2 cannot reach node 1")
  }
}
