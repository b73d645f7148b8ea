// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// The links between nodes and how long messages take; the nodes of a decentralised method are the workers.
///
///     experiment.topology = try Topology(.grid(rows: nil), nodes: 100) { _, _ in LinkTime(seconds: 1) }
public struct Topology: Sendable {
  /// The kind of graph that it was made as.
  public let shape: Shape
  /// n, the number of nodes; an experiment needs one for each worker.
  public let nodes: Int
  /// Directed links between nodes, which count from 0; in order of (source, target).
  public let links: [Link]

  /// Kinds of graphs, all of whose links go both ways.
  public enum Shape: Equatable, Sendable {
    /// Every node linked to the centre, from 0.
    case star(center: Int)
    /// Node i linked to i − 1 and i + 1.
    case line
    /// A line whose ends are linked.
    case ring
    /// A rectangle of `rows` rows, or a square, linked to the neighbours above, below, left and right.
    case grid(rows: Int?)
    /// A grid whose rows and columns are closed to rings.
    case torus(rows: Int?)
    /// Every node linked to every other; at most 50 million pairs.
    case complete
    /// Node i is linked to node (i − 1) / branching, from 0.
    case tree(branching: Int)
    /// A connected graph whose nodes have `degree` neighbours at most, usually exactly that: cycles in
    /// random order and, for an odd degree, a random pairing.
    case random(degree: Int, seed: UInt64)
    /// Given link by link.
    case listed
  }

  /// A graph of the given shape, with the times of its links, which may differ by direction. O(links log
  /// links).
  ///
  /// `time` is asked once for each direction of a link; links with infinite times are left out. Throws its
  /// errors, and where a time is negative or NaN or the shape does not fit the number of nodes.
  public init(
    _ shape: Shape, nodes: Int, time: (_ source: Int, _ target: Int) throws(LabError) -> LinkTime
  ) throws(LabError) {
    guard nodes >= 0 else { throw Self.refuse(nodes) }
    var links: [Link] = []
    for (a, b) in try shape.edges(nodes: nodes) {
      for (source, target) in [(a, b), (b, a)] {
        let time = try time(source, target)
        links.append(
          Link(from: source, to: target, seconds: time.seconds, perCoordinate: time.perCoordinate))
      }
    }
    try self.init(shape, links, nodes: nodes)
  }

  /// A graph given link by link, with nodes from 0 to `nodes` − 1. Links with infinite times are left out.
  /// O(links log links). Throws where a time is negative or NaN, or a node is not there.
  public init(_ links: [Link], nodes: Int) throws(LabError) { try self.init(.listed, links, nodes: nodes) }

  private init(_ shape: Shape, _ links: [Link], nodes: Int) throws(LabError) {
    guard nodes >= 0 else { throw Self.refuse(nodes) }
    self.shape = shape
    self.nodes = nodes
    for link in links {
      for node in [Int(link.source), Int(link.target)] where node < 0 || node >= nodes {
        throw LabError("there is no node \(node + 1)", remedy: "there are nodes 1 to \(nodes)")
      }
    }
    for link in links where !(link.seconds >= 0 && link.perCoordinate >= 0) {
      let isLong = link.seconds >= 0
      let seconds = "\(NumberText.brief(isLong ? link.perCoordinate : link.seconds)) seconds"
      throw LabError(
        "the link from \(link.source + 1) to \(link.target + 1) takes \(seconds)"
          + (isLong ? " for a coordinate" : ""),
        remedy: "a message takes at least 0 seconds", key: isLong ? "link_per_coordinate" : "link")
    }
    self.links =
      links
      .filter { $0.seconds < .infinity && $0.perCoordinate < .infinity }
      .sorted { ($0.source, $0.target) < ($1.source, $1.target) }
  }

  private static func refuse(_ nodes: Int) -> LabError {
    LabError("a network of \(nodes) nodes", remedy: "give at least one node")
  }

  /// Throws unless every node can be reached from every other; names nodes that cannot. O(nodes + links).
  public func requireConnection() throws(LabError) {
    var (forward, backward) = ([[Int32]](repeating: [], count: nodes), [[Int32]](repeating: [], count: nodes))
    for link in links {
      forward[Int(link.source)].append(link.target)
      backward[Int(link.target)].append(link.source)
    }
    for (rows, how) in [(forward, "be reached from node 1"), (backward, "reach node 1")] {
      let missing = Self.missing(rows)
      guard missing.isEmpty else {
        let shown = missing.prefix(10).map { String($0 + 1) }.joined(separator: ", ")
        let more = missing.count > 10 ? " and \(missing.count - 10) more" : ""
        throw LabError(
          "\(missing.count == 1 ? "node" : "nodes") \(shown)\(more) cannot \(how)",
          remedy: "add links, so that there is a way from every node to every other")
      }
    }
  }

  /// The nodes that cannot be reached from the first.
  private static func missing(_ rows: [[Int32]]) -> [Int] {
    guard !rows.isEmpty else { return [] }
    var isSeen = [Bool](repeating: false, count: rows.count)
    var stack: [Int32] = [0]
    isSeen[0] = true
    while let node = stack.popLast() {
      for other in rows[Int(node)] where !isSeen[Int(other)] {
        isSeen[Int(other)] = true
        stack.append(other)
      }
    }
    return isSeen.indices.filter { !isSeen[$0] }
  }
}

/// How long a message takes on a link.
public struct LinkTime: Equatable, Sendable {
  /// Seconds for a message of any length; infinite is no link at all.
  public var seconds: Double
  /// Seconds for each coordinate of a message.
  public var perCoordinate: Double

  /// A link on which a message of c coordinates takes `seconds` + c · `perCoordinate` seconds; both not
  /// negative.
  public init(seconds: Double = 0, perCoordinate: Double = 0) {
    self.seconds = seconds
    self.perCoordinate = perCoordinate
  }
}
