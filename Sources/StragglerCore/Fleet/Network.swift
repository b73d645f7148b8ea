// SPDX-License-Identifier: Apache-2.0

/// Nodes that compute and directed links between them: a graph in compressed rows, in both directions, with
/// the workspace for shortest paths and spanning trees.
///
/// Node i is worker i of the fleet. All of its memory is taken at once and is proportional to nodes and
/// links. What a method takes depends on what the network is like, so that the network has memory of its own,
/// which is filled before the method's set-up is measured.
public struct Network: BitwiseCopyable, Sendable {
  /// n, the number of nodes.
  public let nodes: Int
  /// The links in order of (source, target).
  public let links: Table<Link>
  /// The links that leave and that enter each node.
  let outgoing: Adjacency
  let incoming: Adjacency
  /// Whether every link has one back that takes as long.
  public let isSymmetric: Bool
  /// Whether all links take the same time.
  let isUniform: Bool
  let paths: ShortestPaths
  /// The trees of the pivot that was chosen last.
  public let trees: SpanningTrees
  let choice: Table<PivotChoice>
  /// What was searched for, and how far that has come.
  let searches: Table<NetworkSearch>
  /// Workspace for the choice of a pivot.
  let choiceTimes: Table<Double>
  let choiceOther: Table<Double>
  let choiceOrder: Table<Int32>

  /// A network of `nodes` nodes; the links are sorted in place. O(nodes + links log links).
  ///
  /// Throws for a link from or to a node that is not there, from a node to itself, given twice, or with a
  /// time that is negative or NaN.
  public init(_ links: Table<Link>, nodes: Int, arena: inout Arena) throws(SetupError) {
    guard nodes > 0, nodes <= Int32.max / 2, links.count <= Int32.max / 2 else {
      throw .impossible("a network without nodes", remedy: "give at least one worker")
    }
    self.nodes = nodes
    self.links = links
    links.heapSort { $0.source < $1.source || ($0.source == $1.source && $0.target < $1.target) }
    try Self.check(links, nodes: nodes)
    outgoing = try Adjacency(links, nodes: nodes, isReversed: false, arena: &arena)
    incoming = try Adjacency(links, nodes: nodes, isReversed: true, arena: &arena)
    paths = try ShortestPaths(nodes: nodes, arena: &arena)
    trees = try SpanningTrees(nodes: nodes, arena: &arena)
    choice = try arena.table(of: PivotChoice.self, count: 1)
    searches = try arena.table(of: NetworkSearch.self, count: NetworkSearch.capacity)
    for index in searches.indices { searches[index] = NetworkSearch() }
    choiceTimes = try arena.table(of: Double.self, count: nodes)
    choiceOther = try arena.table(of: Double.self, count: nodes)
    choiceOrder = try arena.table(of: Int32.self, count: nodes)
    isSymmetric = !arena.isMeasuring && Self.isSymmetric(links, outgoing, incoming)
    var isUniform = true
    for index in links.indices.dropFirst() {
      let (a, b) = (links[index], links[0])
      isUniform = isUniform && a.seconds == b.seconds && a.perCoordinate == b.perCoordinate
    }
    self.isUniform = isUniform
  }

  private static func check(_ links: Table<Link>, nodes: Int) throws(SetupError) {
    for index in links.indices {
      let link = links[index]
      let isInside = link.source >= 0 && link.source < nodes && link.target >= 0 && link.target < nodes
      guard isInside, link.source != link.target else {
        throw .impossible(
          "a link that does not join two nodes", remedy: "links go from one node to another, 1 to n")
      }
      guard link.seconds >= 0, link.perCoordinate >= 0 else {
        throw .impossible(
          "a link whose time is negative or nan", remedy: "a message takes at least 0 seconds")
      }
      if index > 0, links[index - 1].source == link.source, links[index - 1].target == link.target {
        throw .impossible("a link that is given twice", remedy: "give each link once")
      }
    }
  }

  private static func isSymmetric(_ links: Table<Link>, _ out: Adjacency, _ back: Adjacency) -> Bool {
    for node in 0..<out.nodes {
      guard out.range(node).count == back.range(node).count else { return false }
      for offset in 0..<out.range(node).count {
        // Both rows are in order of the other end.
        let (a, b) = (
          links[out.link(out.range(node).lowerBound + offset)],
          links[back.link(back.range(node).lowerBound + offset)]
        )
        guard a.target == b.source, a.seconds == b.seconds, a.perCoordinate == b.perCoordinate else {
          return false
        }
      }
    }
    return true
  }

  /// The link from `source` to `target`; nil where there is none. O(log degree).
  public func link(from source: Int, to target: Int) -> Link? {
    var (low, high) = (outgoing.range(source).lowerBound, outgoing.range(source).upperBound)
    while low < high {
      let middle = (low + high) / 2
      if links[outgoing.link(middle)].target < target { low = middle + 1 } else { high = middle }
    }
    guard low < outgoing.range(source).upperBound, links[outgoing.link(low)].target == target else {
      return nil
    }
    return links[outgoing.link(low)]
  }
}

/// The rows of a graph: which links leave, or enter, each node.
struct Adjacency: BitwiseCopyable, Sendable {
  private let starts: Table<Int32>
  private let indices: Table<Int32>
  private let ends: Table<Int32>

  var nodes: Int { starts.count - 1 }

  init(_ links: Table<Link>, nodes: Int, isReversed: Bool, arena: inout Arena) throws(SetupError) {
    starts = try arena.table(of: Int32.self, count: nodes + 1)
    indices = try arena.table(of: Int32.self, count: links.count)
    ends = try arena.table(of: Int32.self, count: links.count)
    guard !arena.isMeasuring else { return }
    // Counting sort, which keeps the order of the links within a row.
    for index in links.indices {
      let node = Int(isReversed ? links[index].target : links[index].source)
      starts[node + 1] += 1
    }
    for node in 0..<nodes { starts[node + 1] += starts[node] }
    for index in links.indices {
      let node = Int(isReversed ? links[index].target : links[index].source)
      indices[Int(starts[node])] = Int32(truncatingIfNeeded: index)
      ends[Int(starts[node])] = isReversed ? links[index].source : links[index].target
      starts[node] += 1
    }
    for node in (0..<nodes).reversed() { starts[node + 1] = starts[node] }
    starts[0] = 0
  }

  /// The positions of the links of `node`.
  func range(_ node: Int) -> Range<Int> { Int(starts[node])..<Int(starts[node + 1]) }

  /// The index of the link at `position`.
  func link(_ position: Int) -> Int { Int(indices[position]) }

  /// The node at the other end of the link at `position`.
  func neighbour(_ position: Int) -> Int { Int(ends[position]) }
}
