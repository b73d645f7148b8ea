// SPDX-License-Identifier: Apache-2.0

/// Draws K of d things, such as coordinates, without replacement, in O(K) whatever d is.
///
/// The first K steps of a Fisher–Yates shuffle over a table that is the identity before and after, so that a
/// draw depends on its stream alone.
public struct SubsetDraw: BitwiseCopyable, Sendable {
  @usableFromInline let order: Table<UInt32>

  /// Draws nothing.
  public init() { order = Table() }

  /// For the numbers 0..<`count`, at most 2³² of them. 4 bytes each.
  public init(count: Int, arena: inout Arena) throws(SetupError) {
    guard Int64(count) <= 1 << 32 else { throw .outOfMemory }
    order = try arena.table(of: UInt32.self, count: count)
    for index in order.indices { order[index] = UInt32(truncatingIfNeeded: index) }
  }

  /// Calls `body` with `count` different numbers, every order of them with the same probability.
  @inlinable
  public func draw(_ count: Int, from stream: inout RandomStream, _ body: (Int) -> Void) {
    draw(count, below: order.count, from: &stream, body)
  }

  /// The same with numbers below `bound`, which is at most the count that this was made for.
  @inlinable
  public func draw(
    _ count: Int, below bound: Int, from stream: inout RandomStream, _ body: (Int) -> Void
  ) {
    let bound = min(bound, order.count)
    let count = min(count, bound)
    for index in 0..<count {
      let other = index + stream.integer(below: bound - index)
      (order[index], order[other]) = (order[other], order[index])
      body(Int(order[index]))
    }
    // A place after the first ones has been touched if and only if its own number was drawn.
    for index in 0..<count {
      let drawn = Int(order[index])
      if drawn >= count { order[drawn] = UInt32(truncatingIfNeeded: drawn) }
      order[index] = UInt32(truncatingIfNeeded: index)
    }
  }
}
