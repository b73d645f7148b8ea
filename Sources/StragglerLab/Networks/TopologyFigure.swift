// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A network to look at: its links, the pivot, and the trees along which messages go.
public struct TopologyFigure: Sendable {
  private let topology: Topology
  private let pivot: Int?
  /// For every node: the node that broadcasts to it, the node that it sends to (both −1 at the pivot), and
  /// its distance from the pivot.
  private let senders: [Int]
  private let receivers: [Int]
  private let fromPivot: [Double]
  private let toPivot: [Double]

  /// A figure of `topology` with the trees of a run's network, if there is one.
  public init(_ topology: Topology, trees: SpanningTrees?) {
    self.topology = topology
    let trees = trees.flatMap { $0.pivot >= 0 && $0.count == topology.nodes ? $0 : nil }
    pivot = trees?.pivot
    senders = trees.map { trees in (0..<topology.nodes).map { Int(trees.sender[$0]) } } ?? []
    receivers = trees.map { trees in (0..<topology.nodes).map { Int(trees.receiver[$0]) } } ?? []
    fromPivot = trees.map { trees in (0..<topology.nodes).map { trees.fromPivot[$0] } } ?? []
    toPivot = trees.map { trees in (0..<topology.nodes).map { trees.toPivot[$0] } } ?? []
  }

  /// The nodes, which count from 1, and who they exchange messages with.
  public var json: JSONValue {
    let links: [JSONValue] = topology.links.map {
      [
        .integer(Int($0.source) + 1), .integer(Int($0.target) + 1), .number($0.seconds),
        .number($0.perCoordinate),
      ]
    }
    func nodes(_ values: [Int]) -> JSONValue { .array(values.map { $0 < 0 ? .null : .integer($0 + 1) }) }
    return [
      "nodes": .integer(topology.nodes), "links": .array(links),
      "pivot": pivot.map { .integer($0 + 1) } ?? .null, "broadcast_from": nodes(senders),
      "send_to": nodes(receivers), "from_pivot": .array(fromPivot.map { .number($0) }),
      "to_pivot": .array(toPivot.map { .number($0) }),
    ]
  }

  /// A table of the nodes.
  public func text(width: Int?) -> String {
    let head =
      "\(topology.nodes) nodes, \(topology.links.count) links"
      + (pivot.map { ", pivot \($0 + 1)" } ?? "")
    guard !senders.isEmpty else { return head }
    let rows = (0..<topology.nodes).map { node -> [Cell] in
      let (sender, receiver) = (senders[node], receivers[node])
      return [
        .integer(node + 1), sender < 0 ? .missing : .integer(sender + 1),
        receiver < 0 ? .missing : .integer(receiver + 1), .number(fromPivot[node]), .number(toPivot[node]),
      ]
    }
    let header = ["node", "hears_from", "sends_to", "seconds_from_pivot", "seconds_to_pivot"]
    let table = TextTable(header: header, rows: rows).text(width: width)
    return head + "\n" + (table.hasSuffix("\n") ? String(table.dropLast()) : table)
  }

  /// A drawing: links are grey, st_bc blue and st orange beside it where they differ, the pivot filled.
  public var svg: String {
    let size = 640.0
    let places = places
    let radius = max(2, min(12, 200 / Double(topology.nodes).squareRoot()))
    var writer = SVGWriter(width: size, height: size + 40, name: "network of \(topology.nodes) nodes")
    func point(_ node: Int) -> (x: Double, y: Double) {
      (40 + places[node].x * (size - 80), 60 + places[node].y * (size - 80))
    }
    func segment(_ a: Int, _ b: Int, shift: Double = 0) -> String {
      let (p, q) = (point(a), point(b))
      let length = max(1e-9, ((q.x - p.x) * (q.x - p.x) + (q.y - p.y) * (q.y - p.y)).squareRoot())
      let (u, v) = (-(q.y - p.y) / length * shift, (q.x - p.x) / length * shift)
      let numbers = [p.x + u, p.y + v, q.x + u, q.y + v].map { NumberText.fixed($0) }
      return "M\(numbers[0]) \(numbers[1])L\(numbers[2]) \(numbers[3])"
    }
    var edges = ""
    for link in topology.links where link.source < link.target || !isBothWays(link) {
      edges += segment(Int(link.source), Int(link.target))
    }
    writer.path(edges, style: "grid")
    var (down, up) = ("", "")
    for node in senders.indices {
      if senders[node] >= 0 { down += segment(senders[node], node, shift: 1.5) }
      if receivers[node] >= 0 { up += segment(receivers[node], node, shift: -1.5) }
    }
    writer.path(down, style: "curve c0")
    writer.path(up, style: "curve c1", dash: "4 3")
    for node in 0..<topology.nodes {
      let (x, y) = point(node)
      writer.disc(x: x, y: y, radius: radius + 1, style: "legend")
      if node == pivot { writer.disc(x: x, y: y, radius: radius, style: "solid c1") }
      if topology.nodes <= 200 {
        writer.label(String(node + 1), x: x, y: y + 3.5, anchor: .middle, style: "small")
      }
    }
    let legend = pivot.map { "pivot \($0 + 1); solid: broadcast, dashed: to the pivot" } ?? "links"
    writer.label("\(topology.nodes) nodes · \(legend)", x: 20, y: 24, style: "caption")
    return writer.finished()
  }

  private func isBothWays(_ link: Link) -> Bool {
    // Links are in order of (source, target).
    var (low, high) = (0, topology.links.count)
    while low < high {
      let middle = (low + high) / 2
      let other = topology.links[middle]
      if (other.source, other.target) < (link.target, link.source) { low = middle + 1 } else { high = middle }
    }
    return low < topology.links.count && topology.links[low].source == link.target
      && topology.links[low].target == link.source
  }

  /// Where the nodes are, in the unit square.
  private var places: [(x: Double, y: Double)] {
    let n = topology.nodes
    switch topology.shape {
    case .grid(let rows), .torus(let rows):
      guard let sides = try? Topology.Shape.sides(n, rows: rows, what: "grid") else { break }
      let (width, height) = (Double(sides.columns), Double(sides.rows))
      return (0..<n).map { node -> (x: Double, y: Double) in
        let (column, row) = (node % sides.columns, node / sides.columns)
        return ((Double(column) + 0.5) / width, (Double(row) + 0.5) / height)
      }
    case .line: return (0..<n).map { ((Double($0) + 0.5) / Double(n), 0.5) }
    case .star(let center):
      let around = Self.circle(n - 1)
      return (0..<n).map { $0 == center ? (0.5, 0.5) : around[$0 < center ? $0 : $0 - 1] }
    case .tree, .listed: if !senders.isEmpty { return layers }
    case .ring, .complete, .random: break
    }
    return Self.circle(n)
  }

  private static func circle(_ count: Int) -> [(x: Double, y: Double)] {
    (0..<max(0, count)).map { index in
      let angle = 2 * Double.pi * Double(index) / Double(max(1, count))
      return (0.5 + 0.48 * Elementary.sin(angle), 0.5 - 0.48 * Elementary.cos(angle))
    }
  }

  /// A row for every number of links from the pivot.
  private var layers: [(x: Double, y: Double)] {
    let depth = depths
    let rows = (depth.max() ?? 0) + 1
    var sizes = [Int](repeating: 0, count: rows)
    for level in depth { sizes[level] += 1 }
    var taken = [Int](repeating: 0, count: rows)
    return depth.map { level in
      taken[level] += 1
      return (
        (Double(taken[level]) - 0.5) / Double(sizes[level]), (Double(level) + 0.5) / Double(rows)
      )
    }
  }

  /// The links from the pivot to every node. O(n).
  private var depths: [Int] {
    var depths = [Int](repeating: -1, count: topology.nodes)
    if let pivot { depths[pivot] = 0 }
    for node in senders.indices {
      var way: [Int] = []
      var other = node
      while depths[other] < 0, senders[other] >= 0 {
        way.append(other)
        other = senders[other]
      }
      for (index, passed) in way.reversed().enumerated() {
        depths[passed] = max(0, depths[other]) + index + 1
      }
    }
    return depths.map { max(0, $0) }
  }
}
