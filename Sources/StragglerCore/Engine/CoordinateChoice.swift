/// Draws K of d coordinates without replacement, in O(K) whatever d is.
///
/// The first K steps of a Fisher–Yates shuffle over a table that is the identity before and after, so that a draw
/// depends on its stream alone.
public struct CoordinateChoice: BitwiseCopyable, Sendable {
  @usableFromInline let order: Table<UInt32>

  /// For `dimension` coordinates, at most 2³². 4 bytes each.
  public init(dimension: Int, arena: inout Arena) throws(SetupError) {
    guard dimension <= 1 << 32 else { throw .outOfMemory }
    order = try arena.table(of: UInt32.self, count: dimension)
    for index in order.indices { order[index] = UInt32(truncatingIfNeeded: index) }
  }

  /// Calls `body` with `count` different coordinates, every set of that size with the same probability.
  @inlinable
  public func draw(_ count: Int, from stream: inout Stream, _ body: (Int) -> Void) {
    let count = min(count, order.count)
    for index in 0..<count {
      let other = index + stream.integer(below: order.count - index)
      (order[index], order[other]) = (order[other], order[index])
      body(Int(order[index]))
    }
    // A place behind the first ones has been touched if and only if its own number was drawn.
    for index in 0..<count {
      let drawn = Int(order[index])
      if drawn >= count { order[drawn] = UInt32(truncatingIfNeeded: drawn) }
      order[index] = UInt32(truncatingIfNeeded: index)
    }
  }
}
