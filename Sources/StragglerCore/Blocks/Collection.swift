// SPDX-License-Identifier: Apache-2.0

/// The gradients on their way to the pivot along the tree st: what lies at every node, and what is on every
/// link.
///
/// No vector is touched: a sum is known by how many gradients of every node are in it, which is enough to
/// evaluate it where it is used. What node i holds is of the nodes below it in st, which are adjacent
/// in the order of a depth-first walk, so that a message is added to the holdings of its receiver in one
/// sweep. Memory: 32 bytes for each pair of a node and one above it, itself included; a message takes O(nodes
/// below its sender).
struct Collection: BitwiseCopyable, Sendable {
  /// Gradients of one node.
  struct Portion: BitwiseCopyable {
    var count: Int
    /// The seconds that they took.
    var seconds: Double
  }

  private var channels = TreeChannels()
  private var trees: SpanningTrees { channels.trees }
  /// Where the portions at a node, and on its link, begin; those of the nodes below follow by rank.
  private var starts = Table<Int>()
  private var held = Table<Portion>()
  private var sent = Table<Portion>()
  /// The version of the point that they are at, and how many gradients a node holds.
  private var heldVersions = Table<Int>()
  private var sentVersions = Table<Int>()
  private var totals = Table<Int>()

  init() {}

  init(_ setup: inout Setup, _ network: Network, coordinates: Int) throws(SetupError) {
    channels = try TreeChannels(&setup, network, .toPivot, coordinates: coordinates)
    let trees = network.trees
    starts = try setup.table(of: Int.self)
    var room = 0
    for node in 0..<trees.count where node != trees.pivot { room += Int(trees.size[node]) }
    held = try setup.arena.table(of: Portion.self, count: room)
    sent = try setup.arena.table(of: Portion.self, count: room)
    heldVersions = try setup.table(of: Int.self)
    sentVersions = try setup.table(of: Int.self)
    totals = try setup.table(of: Int.self)
    room = 0
    for node in starts.indices where node != trees.pivot {
      starts[node] = room
      room += Int(trees.size[node])
    }
  }

  /// Empties everything.
  mutating func reset() {
    held.fill(Portion(count: 0, seconds: 0))
    heldVersions.fill(-1)
    sentVersions.fill(-1)
    totals.fill(0)
  }

  /// `node` has received the point of version `version`: what it holds and sends of older ones is dropped.
  mutating func start(_ node: Int, version: Int, _ server: inout Server) {
    if heldVersions[node] != version { clear(node, version: version) }
    if sentVersions[node] != version { channels.withdraw(node, &server) }
  }

  private mutating func clear(_ node: Int, version: Int) {
    heldVersions[node] = version
    totals[node] = 0
    for index in starts[node]..<starts[node] + Int(trees.size[node]) { held[index].count = 0 }
  }

  /// A gradient of `node` at the point of version `version`, which took `duration` seconds.
  mutating func add(_ node: Int, version: Int, duration: Double, _ server: inout Server) {
    guard heldVersions[node] == version else { return }
    add(Portion(count: 1, seconds: duration), at: starts[node])
    totals[node] += 1
    send(node, &server)
  }

  private mutating func add(_ portion: Portion, at index: Int) {
    let old = held[index]
    held[index] =
      old.count == 0
      ? portion : Portion(count: old.count + portion.count, seconds: old.seconds + portion.seconds)
  }

  /// Sends what `node` holds, if that is anything and its link is free.
  private mutating func send(_ node: Int, _ server: inout Server) {
    guard totals[node] > 0, !channels.isBusy(node, server) else { return }
    for index in starts[node]..<starts[node] + Int(trees.size[node]) {
      sent[index] = held[index]
      held[index].count = 0
    }
    sentVersions[node] = heldVersions[node]
    totals[node] = 0
    channels.send(node, &server)
  }

  /// What has come: who sent it, and at which point its gradients are.
  struct Delivery {
    let sender: Int
    let version: Int
    let isForPivot: Bool
  }

  /// Takes in what has come on `channel`. What is for the pivot is left to the caller, who then lets the
  /// sender `resume`.
  mutating func deliver(_ channel: Int, _ server: inout Server) -> Delivery {
    let node = channels.node(of: channel)
    let version = sentVersions[node]
    guard Int(trees.receiver[node]) != trees.pivot else {
      return Delivery(sender: node, version: version, isForPivot: true)
    }
    let receiver = Int(trees.receiver[node])
    // A node that has not got the newest point yet passes on what others compute there.
    if version > heldVersions[receiver] { clear(receiver, version: version) }
    if version == heldVersions[receiver] {
      let shift = starts[receiver] + Int(trees.rank[node] - trees.rank[receiver])
      for offset in 0..<size(of: node) where sent[starts[node] + offset].count > 0 {
        add(sent[starts[node] + offset], at: shift + offset)
        totals[receiver] += sent[starts[node] + offset].count
      }
      send(receiver, &server)
    }
    send(node, &server)
    return Delivery(sender: node, version: version, isForPivot: false)
  }

  /// How many nodes' gradients a message of `sender` can hold.
  func size(of sender: Int) -> Int { Int(trees.size[sender]) }

  /// The gradients of one of these nodes in the message of `sender` that has just come.
  func portion(_ offset: Int, from sender: Int) -> (node: Int, portion: Portion) {
    let node = Int(trees.nodeAtRank[Int(trees.rank[sender]) + offset])
    return (node, sent[starts[sender] + offset])
  }

  /// `sender` sends on what it holds, now that its message has been taken.
  mutating func resume(_ sender: Int, _ server: inout Server) { send(sender, &server) }
}
