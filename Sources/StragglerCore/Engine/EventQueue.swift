/// The pending completions of a fleet: one time a worker, the earliest on top.
///
/// A tournament tree of fan-out 16: the leaves are the workers' times by index, and every inner node holds
/// the winner of its sixteen children. There is no sifting and no handle to keep: to set a worker's time is to write
/// its leaf and to replay the games on its path, so that cancelling costs what completing costs. Of equal times the
/// smaller worker index wins. Workers without a pending completion stand at infinity.
///
/// `update` takes O(log₁₆ n) games of sixteen; `rebuild` O(n). 9 bytes a worker.
public struct EventQueue: Sendable {
  /// Children of a node: two cache lines of times.
  @usableFromInline static let fanOut = 16

  /// The nodes' times, leaves first, level upon level, each padded with infinities to a multiple of `fanOut`.
  @usableFromInline let times: Table<Double>
  /// The winning worker of every node above the leaves.
  @usableFromInline let winners: Table<Int32>
  /// Where the levels start in `times`; the last one is the root's.
  @usableFromInline var levels: InlineArray<12, Int>
  /// Levels above the leaves.
  @usableFromInline let height: Int
  let workers: Int

  /// A queue for `workers` workers, all at infinity.
  public init(workers: Int, arena: inout Arena) throws(SetupError) {
    var levels = InlineArray<12, Int>(repeating: 0)
    var height = 0
    var start = 0
    var width = workers
    while true {
      levels[height] = start
      width = (width + Self.fanOut - 1) / Self.fanOut
      start += max(1, width) * Self.fanOut
      height += 1
      if width <= 1 { break }
    }
    levels[height] = start
    self.levels = levels
    self.height = height
    self.workers = workers
    times = try arena.table(of: Double.self, count: start + 1)
    winners = try arena.table(of: Int32.self, count: start + 1 - levels[1])
    if !arena.isMeasuring { removeAll() }
  }

  /// Sets every worker to infinity. O(n).
  public func removeAll() {
    times.fill(.infinity)
    rebuild()
  }

  /// The earliest time; infinite if nothing is pending.
  @inlinable public var time: Double { times[levels[height]] }

  /// The worker whose time it is, from 0; of several the one with the smallest index.
  @inlinable public var worker: Int { Int(winners[levels[height] - levels[1]]) }

  /// Sets the time of `worker`.
  @inlinable
  public func update(_ worker: Int, to time: Double) {
    times[worker] = time
    var position = worker
    for level in 0..<height {
      position = play(node: position / Self.fanOut, above: level)
    }
  }

  /// Sets the time of `worker` and leaves the games to `rebuild`, which must follow. For many changes at once.
  @inlinable
  public func stage(_ worker: Int, at time: Double) { times[worker] = time }

  /// Plays every game anew. O(n).
  @inlinable
  public func rebuild() {
    for level in 0..<height {
      let games = (levels[level + 1] - levels[level]) / Self.fanOut
      for node in 0..<games { _ = play(node: node, above: level) }
    }
  }

  /// Plays the game of node number `node` of the level above `level`, and returns the node's number.
  @inlinable @inline(__always)
  func play(node: Int, above level: Int) -> Int {
    let first = levels[level] + node * Self.fanOut
    let (time, lane) = earliest(of: times, from: first)
    let parent = levels[level + 1] + node
    times[parent] = time
    winners[parent - levels[1]] =
      level == 0
      ? Int32(truncatingIfNeeded: first + lane) : winners[first - levels[1] + lane]
    return node
  }
}
