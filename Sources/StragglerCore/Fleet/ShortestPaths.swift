// SPDX-License-Identifier: Apache-2.0

/// Shortest paths from a node, or to it, by Dijkstra's algorithm: nodes come one by one, the nearest first.
///
/// Of equally long paths the one with fewer links counts, then the one found first. With a binary heap that
/// knows the position of every node, O(links · log nodes); where all links take the same time the heap is a
/// queue, O(links). Nothing is allocated: `begin` starts again in the same memory.
public struct ShortestPaths: BitwiseCopyable, Sendable {
  /// The seconds of the shortest path known; infinite where none is.
  public let distances: Table<Double>
  /// The links of that path.
  let hops: Table<Int32>
  /// The neighbour that comes before the node on the path, seen from the root; −1 for the root.
  let previous: Table<Int32>
  /// The index of the link between them.
  let links: Table<Int32>
  private let heap: Table<Int32>
  /// The position of a node in the heap; −1 before and −2 after.
  private let positions: Table<Int32>
  private var count = 0
  private var head = 0
  private var isReversed = false
  private var coordinates = 0
  private var isQueue = false

  init(nodes: Int, arena: inout Arena) throws(SetupError) {
    distances = try arena.table(of: Double.self, count: nodes)
    hops = try arena.table(of: Int32.self, count: nodes)
    previous = try arena.table(of: Int32.self, count: nodes)
    links = try arena.table(of: Int32.self, count: nodes)
    heap = try arena.table(of: Int32.self, count: nodes)
    positions = try arena.table(of: Int32.self, count: nodes)
  }

  /// Starts at `root` with messages of `coordinates`: on paths from it, or `towards` it.
  mutating func begin(_ root: Int, in network: Network, towards: Bool, coordinates: Int) {
    distances.fill(.infinity)
    positions.fill(-1)
    distances[root] = 0
    hops[root] = 0
    previous[root] = -1
    links[root] = -1
    heap[0] = Int32(truncatingIfNeeded: root)
    positions[root] = 0
    (head, count) = (0, 1)
    isReversed = towards
    self.coordinates = coordinates
    isQueue = network.isUniform
  }

  /// The next node in order of distance, whose path is then known; nil when no other can be reached.
  mutating func next(in network: Network) -> Int? {
    guard head < count else { return nil }
    let node = Int(heap[head])
    positions[node] = -2
    if isQueue {
      head += 1
    } else {
      count -= 1
      if count > 0 {
        place(heap[count], at: 0)
        siftDown(0)
      }
    }
    let rows = isReversed ? network.incoming : network.outgoing
    for position in rows.range(node) {
      let other = rows.neighbour(position)
      // Where all links take the same time, the first path found is a shortest one.
      let isOpen = isQueue ? positions[other] == -1 : positions[other] != -2
      if isOpen {
        relax(node, to: other, rows.link(position), network)
      }
    }
    return node
  }

  private mutating func relax(_ node: Int, to other: Int, _ index: Int, _ network: Network) {
    let distance = distances[node] + network.links[index].duration(coordinates: coordinates)
    guard distance < .infinity else { return }
    let old = distances[other]
    guard distance < old || (distance == old && hops[node] + 1 < hops[other]) else { return }
    distances[other] = distance
    hops[other] = hops[node] + 1
    previous[other] = Int32(truncatingIfNeeded: node)
    links[other] = Int32(truncatingIfNeeded: index)
    if positions[other] == -1 {
      place(Int32(truncatingIfNeeded: other), at: count)
      count += 1
    }
    if !isQueue { siftUp(Int(positions[other])) }
  }

  private func place(_ node: Int32, at position: Int) {
    heap[position] = node
    positions[Int(node)] = Int32(truncatingIfNeeded: position)
  }

  private func precedes(_ a: Int32, _ b: Int32) -> Bool {
    let (x, y) = (distances[Int(a)], distances[Int(b)])
    if x != y { return x < y }
    let (p, q) = (hops[Int(a)], hops[Int(b)])
    return p != q ? p < q : a < b
  }

  private func siftUp(_ start: Int) {
    var position = start
    let node = heap[position]
    while position > 0 {
      let parent = (position - 1) / 2
      guard precedes(node, heap[parent]) else { break }
      place(heap[parent], at: position)
      position = parent
    }
    place(node, at: position)
  }

  private func siftDown(_ start: Int) {
    var position = start
    let node = heap[position]
    while 2 * position + 1 < count {
      var child = 2 * position + 1
      if child + 1 < count, precedes(heap[child + 1], heap[child]) { child += 1 }
      guard precedes(heap[child], node) else { break }
      place(heap[child], at: position)
      position = child
    }
    place(node, at: position)
  }
}
