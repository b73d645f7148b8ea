// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct ShortestPathsTests {
  @Test(arguments: 0..<20) func findsWhatFloydAndWarshallFind(seed: Int) throws {
    let network = TestNetwork.random(3 + seed, seed: UInt64(seed))
    let slow = network.distances()
    try network.with { network, _ in
      var paths = network.paths
      for root in 0..<network.nodes {
        for towards in [false, true] {
          paths.begin(root, in: network, towards: towards, coordinates: 0)
          var last = 0.0
          var count = 0
          while let node = paths.next(in: network) {
            let distance = paths.distances[node]
            #expect(distance == (towards ? slow[node][root] : slow[root][node]))
            #expect(distance >= last)
            last = distance
            count += 1
          }
          #expect(count == network.nodes)
        }
      }
    }
  }

  @Test func uniformLinksNeedNoHeap() throws {
    let mesh = TestNetwork.mesh(7, 0.3)
    let slow = mesh.distances()
    try mesh.with { network, _ in
      #expect(network.isUniform && network.isSymmetric)
      var paths = network.paths
      for root in 0..<network.nodes {
        paths.begin(root, in: network, towards: false, coordinates: 5)
        while let node = paths.next(in: network) {
          #expect(abs(paths.distances[node] - slow[root][node]) < 1e-12)
        }
      }
    }
  }

  @Test func messagesOfSeveralLengths() throws {
    let links = [
      Link(from: 0, to: 1, seconds: 1, perCoordinate: 0.5), Link(from: 1, to: 0, seconds: 5),
      Link(from: 0, to: 2, seconds: 3), Link(from: 2, to: 1, seconds: 1), Link(from: 1, to: 2, seconds: 9),
    ]
    try TestNetwork(nodes: 3, links).with { network, _ in
      var paths = network.paths
      for (coordinates, expected) in [(0, [0.0, 1, 3]), (2, [0, 2, 3]), (100, [0, 4, 3])] {
        paths.begin(0, in: network, towards: false, coordinates: coordinates)
        while paths.next(in: network) != nil {}
        #expect((0..<3).map { paths.distances[$0] } == expected)
      }
      #expect(!network.isSymmetric)
      #expect(network.link(from: 2, to: 1)?.seconds == 1)
      #expect(network.link(from: 2, to: 0) == nil)
    }
  }

  @Test func refusesWhatIsNoNetwork() throws {
    let bad = [
      Link(from: 0, to: 0, seconds: 1), Link(from: 0, to: 3, seconds: 1), Link(from: -1, to: 1, seconds: 1),
      Link(from: 0, to: 1, seconds: -1), Link(from: 0, to: 1, seconds: .nan),
      Link(from: 0, to: 1, perCoordinate: -1),
    ]
    for link in bad {
      #expect(throws: SetupError.self) { try TestNetwork(nodes: 3, [link]).with { _, _ in } }
    }
    let twice = [Link(from: 0, to: 1), Link(from: 0, to: 1)]
    #expect(throws: SetupError.self) { try TestNetwork(nodes: 3, twice).with { _, _ in } }
  }
}
