// SPDX-License-Identifier: Apache-2.0

/// The workers in the order in which they were last moved to the back. All operations but `removeAll` O(1).
public struct WorkerList: BitwiseCopyable, Sendable {
  private let next: Table<Int32>
  private let previous: Table<Int32>
  /// The worker that was moved least recently, from 0; −1 if the list is empty.
  public private(set) var first: Int32 = -1
  private var last: Int32 = -1

  /// A list without room.
  public init() {
    next = Table()
    previous = Table()
  }

  /// An empty list of the workers of `setup`.
  public init(_ setup: inout Setup) throws(SetupError) {
    next = try setup.table(of: Int32.self)
    previous = try setup.table(of: Int32.self)
    removeAll()
  }

  /// Empties the list. O(n).
  public mutating func removeAll() {
    // A worker that is not in the list is its own predecessor.
    for index in previous.indices { previous[index] = Int32(truncatingIfNeeded: index) }
    first = -1
    last = -1
  }

  /// Moves `worker` to the back, whether or not it is in the list.
  public mutating func moveToBack(_ worker: Int) {
    let index = Int32(truncatingIfNeeded: worker)
    if previous[worker] != index { unlink(worker) }
    previous[worker] = last
    next[worker] = -1
    if last >= 0 { next[Int(last)] = index } else { first = index }
    last = index
  }

  /// Takes `worker` out, whether or not it is in the list.
  public mutating func remove(_ worker: Int) {
    let index = Int32(truncatingIfNeeded: worker)
    guard previous[worker] != index else { return }
    unlink(worker)
    previous[worker] = index
  }

  private mutating func unlink(_ worker: Int) {
    let (before, after) = (previous[worker], next[worker])
    if before >= 0 { next[Int(before)] = after } else { first = after }
    if after >= 0 { previous[Int(after)] = before } else { last = before }
  }
}
