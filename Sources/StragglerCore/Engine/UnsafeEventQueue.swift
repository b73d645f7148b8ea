// SPDX-License-Identifier: Apache-2.0

/// The pending completions of a fleet: one time a worker, the earliest on top.
///
/// A tournament: a complete binary tree whose leaves are the workers by index and whose inner nodes are the
/// winners of their two children. Of equal times the smaller worker index wins. Workers without a pending
/// completion are at infinity. There is no sifting and no handle to keep: setting a worker's time replays
/// the games on its path, so that cancelling costs the same as completing. The path depends only on the
/// worker, so that its loads do not wait for one another: this makes it faster than a heap, especially out of
/// cache.
///
/// `update` takes ⌈log₂ n⌉ games, `rebuild` n. 32 bytes a worker.
@safe
public struct EventQueue: BitwiseCopyable, Sendable {
  /// Who wins a game, and with what time.
  @usableFromInline
  struct Node: BitwiseCopyable, Sendable {
    /// The bits of the time, which order non-negative numbers as the numbers are.
    @usableFromInline let bits: UInt64
    @usableFromInline let worker: Int

    @inlinable
    init(_ time: Double, _ worker: Int) {
      bits = time.bitPattern
      self.worker = worker
    }

    @inlinable
    func beats(_ other: Node) -> Bool {
      (bits < other.bits) != (bits == other.bits && worker < other.worker)
    }
  }

  /// Node 1 is the root, node p has the children 2p and 2p + 1, and worker i is the leaf n + i.
  @usableFromInline let nodes: Table<Node>
  @usableFromInline let workers: Int

  /// A queue without room.
  public init() {
    nodes = Table()
    workers = 0
  }

  /// A queue for `workers` workers, at least one, all at infinity.
  public init(workers: Int, arena: inout Arena) throws(SetupError) {
    self.workers = workers
    nodes = try arena.table(of: Node.self, count: 2 * workers)
    if !arena.isMeasuring { removeAll() }
  }

  /// Sets every worker to infinity. O(n).
  public func removeAll() {
    for worker in 0..<workers { stage(worker, at: .infinity) }
    rebuild()
  }

  /// The earliest time; infinite if nothing is pending.
  @inlinable public var time: Double { Double(bitPattern: nodes[1].bits) }

  /// The worker whose time it is, from 0; of several the one with the smallest index.
  @inlinable public var worker: Int { nodes[1].worker }

  /// Sets the time of `worker`, which is not negative and not NaN.
  @inlinable @inline(__always)
  public func update(_ worker: Int, to time: Double) {
    var winner = Node(time, worker)
    var position = workers &+ worker
    nodes[position] = winner
    // The number of nodes is even, so that from a place among them every place on the way up, and the one
    // beside it, is among them. Offsets in bytes, since no addressing has a scale of 16.
    let stride = MemoryLayout<Node>.stride
    let base = unsafe UnsafeMutableRawPointer(nodes.base.unsafelyUnwrapped)
    position &*= stride
    while position > stride {
      let rival = unsafe base.load(fromByteOffset: position ^ stride, as: Node.self)
      winner = rival.beats(winner) ? rival : winner
      position = position &>> 1 & ~(stride &- 1)
      unsafe base.storeBytes(of: winner, toByteOffset: position, as: Node.self)
    }
  }

  /// Sets the time of `worker` and leaves the games to `rebuild`, which must follow. For many changes at
  /// once.
  @inlinable
  public func stage(_ worker: Int, at time: Double) { nodes[workers + worker] = Node(time, worker) }

  /// Plays every game anew. O(n).
  @inlinable
  public func rebuild() {
    var position = workers - 1
    while position >= 1 {
      let (left, right) = (nodes[2 * position], nodes[2 * position + 1])
      nodes[position] = right.beats(left) ? right : left
      position -= 1
    }
  }
}
