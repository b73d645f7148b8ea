// SPDX-License-Identifier: Apache-2.0

/// One sum over all nodes, brought to the pivot along the tree st: a node sends when it is ready and what it
/// waits for from behind has come.
struct Reduction: BitwiseCopyable, Sendable {
  private var channels = TreeChannels()
  /// How many sums each node still waits for, its own included.
  private var missing = Table<Int32>()

  init() {}

  init(_ setup: inout Setup, _ network: Network, coordinates: Int) throws(SetupError) {
    channels = try TreeChannels(&setup, network, .toPivot, coordinates: coordinates)
    missing = try setup.table(of: Int32.self)
  }

  /// `node` waits for everything anew.
  mutating func start(_ node: Int) { missing[node] = channels.trees.senders[node] + 1 }

  mutating func start() {
    for node in missing.indices { start(node) }
  }

  /// The node to which what has come on `channel` was sent.
  func receiver(of channel: Int) -> Int { Int(channels.trees.receiver[channels.node(of: channel)]) }

  /// One of the parts that `node` waits for has arrived; true if it was the last, and then the sum is sent.
  mutating func complete(_ node: Int, _ server: inout Server) -> Bool {
    missing[node] -= 1
    guard missing[node] == 0 else { return false }
    if node != channels.trees.pivot { channels.send(node, &server) }
    return true
  }
}
