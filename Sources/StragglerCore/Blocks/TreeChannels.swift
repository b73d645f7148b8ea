// SPDX-License-Identifier: Apache-2.0

/// A channel for every node along one of the trees of a network: for what comes to the node from the pivot
/// along st_bc, or for what it sends towards the pivot along st.
struct TreeChannels: BitwiseCopyable, Sendable {
  private(set) var trees = SpanningTrees()
  /// The seconds of a message on the link of every node.
  private var seconds = Table<Double>()
  private var coordinates = 0
  private var first = 0

  enum Direction { case fromPivot, toPivot }

  init() {}

  /// Channels for messages of `coordinates` in a network whose trees are grown. O(nodes).
  init(
    _ setup: inout Setup, _ network: Network, _ direction: Direction, coordinates: Int
  ) throws(SetupError) {
    trees = network.trees
    self.coordinates = coordinates
    seconds = try setup.table(of: Double.self)
    first = setup.channels(setup.workers)
    for node in seconds.indices {
      let link = direction == .fromPivot ? trees.senderLink[node] : trees.receiverLink[node]
      // The pivot has no link.
      if link >= 0 { seconds[node] = network.links[Int(link)].duration(coordinates: coordinates) }
    }
  }

  /// Whether `channel` is one of these.
  func owns(_ channel: Int) -> Bool { channel >= first && channel < first + seconds.count }

  /// The node of `channel`, which is one of these.
  func node(of channel: Int) -> Int { channel - first }

  func isBusy(_ node: Int, _ server: borrowing Server) -> Bool { server.isBusy(first + node) }

  /// Sends a message on the channel of `node`; one that is on its way there is dropped.
  mutating func send(_ node: Int, _ server: inout Server) {
    server.send(first + node, after: seconds[node], coordinates: coordinates)
  }

  /// Drops the message on the channel of `node`, if there is one.
  mutating func withdraw(_ node: Int, _ server: inout Server) { server.withdraw(first + node) }
}
