// SPDX-License-Identifier: Apache-2.0

/// An order of the workers that can be shuffled, in the fixed way of Fisher and Yates. 4 bytes a worker.
public struct Permutation: BitwiseCopyable, Sendable {
  private let order: Table<Int32>

  /// No order.
  public init() { order = Table() }

  /// The workers of `setup` in the order of their indices.
  public init(_ setup: inout Setup) throws(SetupError) {
    order = try setup.table(of: Int32.self)
    reset()
  }

  /// Back to the order of the indices. O(n).
  public func reset() {
    for index in order.indices { order[index] = Int32(truncatingIfNeeded: index) }
  }

  /// n, the number of workers; 0 while the arena measures.
  public var count: Int { order.count }

  /// The worker at `position`, from 0.
  public subscript(position: Int) -> Int { Int(order[position]) }

  /// Moves a random sequence of `count` workers to the front, each with the same probability. O(count).
  public func shuffle(first count: Int, _ stream: inout RandomStream) {
    for index in 0..<min(count, order.count) {
      let other = index + stream.integer(below: order.count - index)
      (order[index], order[other]) = (order[other], order[index])
    }
  }
}
