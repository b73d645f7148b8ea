// SPDX-License-Identifier: Apache-2.0

/// The shortest-path trees of a pivot: st_bc, along which it broadcasts, and st, along which the nodes' sums
/// come to it.
public struct SpanningTrees: BitwiseCopyable, Sendable {
  /// How messages come from the pivot: the node before, −1 at the pivot, and the index of the link from
  /// there.
  public let sender: Table<Int32>
  let senderLink: Table<Int32>
  /// How messages go to the pivot: the node behind, −1 at the pivot, and the index of the link to there.
  public let receiver: Table<Int32>
  let receiverLink: Table<Int32>
  /// Seconds of the shortest path from the pivot to each node, for messages of the length that the trees are
  /// for.
  public let fromPivot: Table<Double>
  /// Seconds of the shortest path from each node to the pivot, for messages of the length that the trees are
  /// for.
  public let toPivot: Table<Double>
  /// The nodes in the order in which the broadcast reaches them, the pivot first.
  let broadcastOrder: Table<Int32>
  /// The nodes that a node broadcasts to: those of node i form a list that begins at `heads[i]` and is linked
  /// by `siblings`; −1 ends it.
  let heads: Table<Int32>
  let siblings: Table<Int32>
  /// In the order of a depth-first walk of st: where a node is, and how many nodes are below it, itself
  /// included.
  let rank: Table<Int32>
  let nodeAtRank: Table<Int32>
  let size: Table<Int32>
  /// How many nodes send to each on the way to the pivot.
  let senders: Table<Int32>
  /// The ranks of a node's room that are given out, its own among them.
  private let given: Table<Int32>
  private let root: Table<Int32>

  /// The pivot, from 0; −1 before one is chosen.
  public var pivot: Int { root.isEmpty ? -1 : Int(root[0]) - 1 }
  /// n, the number of nodes; 0 without trees.
  public var count: Int { rank.count }

  /// No trees.
  init() {
    sender = Table()
    senderLink = Table()
    receiver = Table()
    receiverLink = Table()
    fromPivot = Table()
    toPivot = Table()
    broadcastOrder = Table()
    heads = Table()
    siblings = Table()
    rank = Table()
    nodeAtRank = Table()
    size = Table()
    senders = Table()
    given = Table()
    root = Table()
  }

  init(nodes: Int, arena: inout Arena) throws(SetupError) {
    sender = try arena.table(of: Int32.self, count: nodes)
    senderLink = try arena.table(of: Int32.self, count: nodes)
    receiver = try arena.table(of: Int32.self, count: nodes)
    receiverLink = try arena.table(of: Int32.self, count: nodes)
    fromPivot = try arena.table(of: Double.self, count: nodes)
    toPivot = try arena.table(of: Double.self, count: nodes)
    broadcastOrder = try arena.table(of: Int32.self, count: nodes)
    heads = try arena.table(of: Int32.self, count: nodes)
    siblings = try arena.table(of: Int32.self, count: nodes)
    rank = try arena.table(of: Int32.self, count: nodes)
    nodeAtRank = try arena.table(of: Int32.self, count: nodes)
    size = try arena.table(of: Int32.self, count: nodes)
    senders = try arena.table(of: Int32.self, count: nodes)
    given = try arena.table(of: Int32.self, count: nodes)
    root = try arena.table(of: Int32.self, count: 1)
  }

  /// Makes the trees of `pivot` for messages of `coordinates`. False if it cannot reach every node and be
  /// reached.
  func grow(from pivot: Int, in network: Network, coordinates: Int) -> Bool {
    root[0] = Int32(truncatingIfNeeded: pivot + 1)
    var paths = network.paths
    paths.begin(pivot, in: network, towards: false, coordinates: coordinates)
    var found = 0
    while let node = paths.next(in: network) {
      broadcastOrder[found] = Int32(truncatingIfNeeded: node)
      sender[node] = paths.previous[node]
      senderLink[node] = paths.links[node]
      fromPivot[node] = paths.distances[node]
      found += 1
    }
    guard found == count else { return false }
    linkChildren()
    paths.begin(pivot, in: network, towards: true, coordinates: coordinates)
    found = 0
    size.fill(1)
    senders.fill(0)
    while let node = paths.next(in: network) {
      nodeAtRank[found] = Int32(truncatingIfNeeded: node)
      receiver[node] = paths.previous[node]
      receiverLink[node] = paths.links[node]
      toPivot[node] = paths.distances[node]
      if paths.previous[node] >= 0 { senders[Int(paths.previous[node])] += 1 }
      found += 1
    }
    guard found == count else { return false }
    rankNodes()
    return true
  }

  /// Lists the nodes that each broadcasts to, in ascending order.
  private func linkChildren() {
    heads.fill(-1)
    var node = count - 1
    while node >= 0 {
      if sender[node] >= 0 {
        siblings[node] = heads[Int(sender[node])]
        heads[Int(sender[node])] = Int32(truncatingIfNeeded: node)
      }
      node -= 1
    }
  }

  /// Numbers the nodes of st so that those below a node follow it directly. `nodeAtRank` has them by
  /// distance.
  private func rankNodes() {
    for index in (1..<max(1, count)).reversed() {
      let node = Int(nodeAtRank[index])
      size[Int(receiver[node])] += size[node]
    }
    // A node takes its place behind what its parent has given out so far.
    given.fill(1)
    rank[pivot] = 0
    for index in 1..<max(1, count) {
      let node = Int(nodeAtRank[index])
      let parent = Int(receiver[node])
      rank[node] = rank[parent] + given[parent]
      given[parent] += size[node]
    }
    for node in 0..<count { nodeAtRank[Int(rank[node])] = Int32(truncatingIfNeeded: node) }
  }
}
