// SPDX-License-Identifier: Apache-2.0

/// Jobs that wait for busy workers: a queue for every worker, first in, first out. Each names the point to
/// compute at.
///
/// All operations but `removeAll` O(1). 28 bytes a worker and 16 a job.
public struct JobQueues: BitwiseCopyable, Sendable {
  /// A job in a queue, or in the list of free places.
  private struct Entry: BitwiseCopyable {
    var point: HeldPoint
    var next: Int32
  }

  private let entries: Table<Entry>
  private let first: Table<Int32>
  private let last: Table<Int32>
  private var free: Int32 = -1

  /// Queues without room.
  public init() {
    entries = Table()
    first = Table()
    last = Table()
  }

  /// Empty queues for the workers of `setup`, with room for `capacity` jobs together.
  public init(_ setup: inout Setup, capacity: Int) throws(SetupError) {
    entries = try setup.arena.table(of: Entry.self, count: capacity)
    first = try setup.table(of: Int32.self)
    last = try setup.table(of: Int32.self)
    removeAll()
  }

  /// Forgets every job; their points are not given back. O(n).
  public mutating func removeAll() {
    first.fill(-1)
    last.fill(-1)
    free = -1
    for index in entries.indices {
      entries[index] = Entry(point: HeldPoint(), next: free)
      free = Int32(truncatingIfNeeded: index)
    }
  }

  /// Whether no job waits for `worker`.
  public func isEmpty(_ worker: Int) -> Bool { first[worker] < 0 }

  /// Lets a job at `point` wait for `worker`.
  public mutating func append(_ point: HeldPoint, for worker: Int) {
    let place = free
    free = entries[Int(place)].next
    entries[Int(place)] = Entry(point: point, next: -1)
    if last[worker] >= 0 { entries[Int(last[worker])].next = place } else { first[worker] = place }
    last[worker] = place
  }

  /// Takes the job that has waited longest for `worker`, which has one.
  public mutating func removeFirst(_ worker: Int) -> HeldPoint {
    let place = first[worker]
    let entry = entries[Int(place)]
    first[worker] = entry.next
    if entry.next < 0 { last[worker] = -1 }
    entries[Int(place)].next = free
    free = place
    return entry.point
  }
}
