// SPDX-License-Identifier: Apache-2.0

/// Something on its way from the pivot to every node, along the tree st_bc: each node passes it on when it
/// comes.
///
/// A newer broadcast replaces an older one: where it needs a link that the older still occupies, the older is
/// dropped. Gradients at an old point are of no use, so dropping it saves wasted work and changes nothing
/// else.
struct Broadcast: BitwiseCopyable, Sendable {
  private var channels = TreeChannels()
  /// The version that is on its way to every node.
  private var versions = Table<Int>()

  init() {}

  /// Broadcasts of `coordinates` in the network of `setup`, whose trees are grown.
  init(_ setup: inout Setup, _ network: Network, coordinates: Int) throws(SetupError) {
    channels = try TreeChannels(&setup, network, .fromPivot, coordinates: coordinates)
    versions = try setup.table(of: Int.self)
  }

  /// Whether `channel` is one of this broadcast's.
  func owns(_ channel: Int) -> Bool { channels.owns(channel) }

  /// Sends version `version` on from `node`, which has it.
  mutating func send(_ version: Int, from node: Int, _ server: inout Server) {
    var child = channels.trees.heads[node]
    while child >= 0 {
      versions[Int(child)] = version
      channels.send(Int(child), &server)
      child = channels.trees.siblings[Int(child)]
    }
  }

  /// Takes in what has come on `channel`, and sends it on.
  mutating func deliver(_ channel: Int, _ server: inout Server) -> (node: Int, version: Int) {
    let node = channels.node(of: channel)
    send(versions[node], from: node, &server)
    return (node, versions[node])
  }
}
