// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData

extension Topology.Shape {
  /// More links than that are not made.
  private static let mostEdges = 50_000_000

  /// What an edge takes while the links are made of it: itself, and both links, once more while they are
  /// sorted. A random graph also knows its edges by their ends.
  private static let bytesAnEdge = 256

  /// About how many edges there are, at most; those of a complete graph that has too many are not counted.
  private func edgeCount(nodes n: Int) -> Int {
    switch self {
    case .star, .line, .ring, .tree: n
    case .grid, .torus: 2 * n
    case .complete: n <= 1 << 30 ? min(n * (n - 1) / 2, Self.mostEdges) : 0
    case .random(let degree, _):
      min(n.multipliedReportingOverflow(by: max(0, degree)).partialValue, Self.mostEdges)
    case .listed: 0
    }
  }

  /// The edges, each once, of a graph of `nodes` nodes.
  func edges(nodes n: Int) throws(LabError) -> [(Int, Int)] {
    guard AvailableMemory.has(edgeCount(nodes: n), times: Self.bytesAnEdge) else {
      throw LabError(SetupError.outOfMemory)
    }
    switch self {
    case .star(let center):
      guard center >= 0, center < n else {
        throw LabError(
          "there is no node \(center + 1)", remedy: "center= takes a node from 1 to \(n)", key: "center")
      }
      return (0..<n).filter { $0 != center }.map { (center, $0) }
    case .line: return (1..<max(1, n)).map { ($0 - 1, $0) }
    case .ring: return Self.cycle(Array(0..<n))
    case .grid(let rows): return try lattice(n, rows, isClosed: false)
    case .torus(let rows): return try lattice(n, rows, isClosed: true)
    case .complete:
      guard n <= 1 << 30, n * (n - 1) / 2 <= Self.mostEdges else {
        throw LabError(
          "a complete graph of \(n) nodes has too many links", remedy: "take fewer nodes, or a torus")
      }
      return (0..<n).flatMap { a in (a + 1..<max(a + 1, n)).map { (a, $0) } }
    case .tree(let branching):
      guard branching >= 1 else {
        throw LabError("a tree without branches", remedy: "branching= is at least 1", key: "branching")
      }
      return (1..<max(1, n)).map { (($0 - 1) / branching, $0) }
    case .random(let degree, let seed): return try Self.random(n, degree, seed)
    case .listed: return []
    }
  }

  private static func cycle(_ order: [Int]) -> [(Int, Int)] {
    guard order.count > 2 else { return order.count == 2 ? [(order[0], order[1])] : [] }
    return order.indices.map { (order[$0], order[($0 + 1) % order.count]) }
  }

  /// The rows and columns of a grid of `n` nodes, which are numbered row by row.
  static func sides(_ n: Int, rows: Int?, what: String) throws(LabError) -> (rows: Int, columns: Int) {
    if let rows {
      guard rows >= 1, n % rows == 0 else {
        throw LabError(
          "a \(what) of \(rows) rows cannot have \(n) nodes",
          remedy: "rows= takes a divisor of the number of workers", key: "rows")
      }
      return (rows, n / rows)
    }
    let side = Int(Double(n).squareRoot().rounded())
    guard side * side == n else {
      throw LabError(
        "a square \(what) cannot have \(n) nodes",
        remedy: "take \(side * side) or \((side + 1) * (side + 1)) workers, or say how many rows: rows=2")
    }
    return (side, side)
  }

  private func lattice(_ n: Int, _ given: Int?, isClosed: Bool) throws(LabError) -> [(Int, Int)] {
    let (rows, columns) = try Self.sides(n, rows: given, what: isClosed ? "torus" : "grid")
    var edges: [(Int, Int)] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let node = row * columns + column
        if column + 1 < columns { edges.append((node, node + 1)) }
        if row + 1 < rows { edges.append((node, node + columns)) }
      }
    }
    guard isClosed else { return edges }
    // A side of two is closed already.
    if columns > 2 { edges += (0..<rows).map { ($0 * columns + columns - 1, $0 * columns) } }
    if rows > 2 { edges += (0..<columns).map { ((rows - 1) * columns + $0, $0) } }
    return edges
  }

  private static func random(_ n: Int, _ degree: Int, _ seed: UInt64) throws(LabError) -> [(Int, Int)] {
    guard degree >= 1, degree < max(2, n), degree >= 2 || n <= 2 else {
      throw LabError(
        "a connected graph of \(n) nodes cannot have degree \(degree)",
        remedy: "random(degree) takes from 2 to \(max(2, n - 1))")
    }
    guard !n.multipliedReportingOverflow(by: degree).overflow, n * degree / 2 <= mostEdges else {
      throw LabError(
        "a graph of \(n) nodes of degree \(degree) has too many links", remedy: "take a smaller degree")
    }
    var known: Set<[Int]> = []
    var edges: [(Int, Int)] = []
    for layer in 0..<(degree + 1) / 2 {
      var stream = RandomStream(seed: seed, purpose: .topology, job: layer)
      var order = Array(0..<n)
      for index in stride(from: n - 1, to: 0, by: -1) {
        order.swapAt(index, stream.integer(below: index + 1))
      }
      let isPairing = degree % 2 == 1 && layer == degree / 2 && n > 2
      let found =
        isPairing ? stride(from: 0, to: n - 1, by: 2).map { (order[$0], order[$0 + 1]) } : cycle(order)
      for (a, b) in found where known.insert([min(a, b), max(a, b)]).inserted { edges.append((a, b)) }
    }
    return edges
  }
}
