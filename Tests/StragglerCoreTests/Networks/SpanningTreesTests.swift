// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct SpanningTreesTests {
  @Test(arguments: 0..<15) func treesHoldShortestPaths(seed: Int) throws {
    let test = TestNetwork.random(2 + seed, seed: UInt64(100 + seed))
    let slow = test.distances()
    try test.with { network, _ in
      for pivot in 0..<network.nodes {
        let trees = network.trees
        let isGrown = trees.grow(from: pivot, in: network, coordinates: 0)
        #expect(isGrown)
        #expect(trees.pivot == pivot)
        for node in 0..<network.nodes {
          #expect(trees.fromPivot[node] == slow[pivot][node])
          #expect(trees.toPivot[node] == slow[node][pivot])
          // Along the parents the pivot is reached, by links that are there.
          var (place, seconds) = (node, 0.0)
          for _ in 0..<network.nodes where place != pivot {
            let link = network.links[Int(trees.receiverLink[place])]
            #expect(Int(link.source) == place && link.target == trees.receiver[place])
            seconds += link.seconds
            place = Int(trees.receiver[place])
          }
          #expect(place == pivot && seconds == slow[node][pivot])
          if node != pivot {
            let link = network.links[Int(trees.senderLink[node])]
            #expect(Int(link.target) == node && link.source == trees.sender[node])
          }
        }
        checkRanks(trees)
      }
    }
  }

  /// The nodes behind a node are exactly those that send through it.
  private func checkRanks(_ trees: SpanningTrees) {
    for node in 0..<trees.count {
      let rank = Int(trees.rank[node])
      #expect(Int(trees.nodeAtRank[rank]) == node)
      var below: [Int] = []
      for other in 0..<trees.count {
        var place = other
        while place != node, trees.receiver[place] >= 0 { place = Int(trees.receiver[place]) }
        if place == node { below.append(other) }
      }
      let behind = (rank..<rank + Int(trees.size[node])).map { Int(trees.nodeAtRank[$0]) }
      #expect(behind.sorted() == below)
      let senders = (0..<trees.count).filter { trees.receiver[$0] == Int32(node) }.count
      #expect(Int(trees.senders[node]) == senders)
      var children: [Int] = []
      var child = trees.heads[node]
      while child >= 0 {
        children.append(Int(child))
        child = trees.siblings[Int(child)]
      }
      #expect(children == (0..<trees.count).filter { trees.sender[$0] == Int32(node) })
    }
  }

  @Test func saysWhereThereIsNoWay() throws {
    let oneWay = TestNetwork(nodes: 3, [Link(from: 0, to: 1), Link(from: 1, to: 2), Link(from: 1, to: 0)])
    try oneWay.with { network, _ in
      for pivot in 0..<3 {
        let isGrown = network.trees.grow(from: pivot, in: network, coordinates: 0)
        #expect(!isGrown)
      }
    }
  }
}
