// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData

/// A network with memory of its own.
final class OwnedNetwork: Sendable {
  let network: Network
  private let links: OwnedTable<Link>
  private let arena: OwnedArena

  init(_ topology: Topology) throws(LabError) {
    // A list of neighbours both ways for every node, while the connection is looked at; then the links.
    guard AvailableMemory.has(topology.nodes, times: 128),
      AvailableMemory.has(topology.links.count, times: 64)
    else { throw LabError(SetupError.outOfMemory) }
    try topology.requireConnection()
    links = OwnedTable(topology.links)
    do throws(SetupError) {
      var measuring = Arena.measuring()
      _ = try Network(links.table, nodes: topology.nodes, arena: &measuring)
      guard let owned = OwnedArena(bytes: measuring.used) else { throw SetupError.outOfMemory }
      var memory = owned.arena()
      network = try Network(links.table, nodes: topology.nodes, arena: &memory)
      arena = owned
    } catch {
      throw LabError(error)
    }
  }

  /// Bytes of the network's memory.
  var bytes: Int { arena.bytes + links.table.count * MemoryLayout<Link>.stride }
}
