// SPDX-License-Identifier: Apache-2.0

/// The points in flight: which places of the model's memory hold x^k and the older points that jobs still
/// work at.
///
/// Only integers: the vectors themselves are the `Model`'s. A place is kept by reference count, one reference
/// for each job and order at the point and one for being the newest; it is also given up when its point is
/// older than the horizon, since no method may use it any more.
@usableFromInline
struct Points: Sendable {
  /// References of every place.
  @usableFromInline let references: Table<Int32>
  /// The version k of the point at every place; −1 where the place is free.
  @usableFromInline let versions: Table<Int>
  /// Free places, a stack of `freeCount`.
  @usableFromInline let free: Table<Int32>
  @usableFromInline var freeCount: Int
  /// The place of version v at v mod (horizon + 1), where the horizon is shorter than the fleet; else empty.
  @usableFromInline let recent: Table<Int32>
  /// The place of x^k.
  @usableFromInline var newest: Int32
  /// Whether the method has held a point, by references that jobs and orders do not explain.
  @usableFromInline var isHolding = false
  /// How many places there are.
  let capacity: Int

  /// Places that suffice for `workers` jobs, an order each at the newest point, and a horizon.
  static func capacity(workers: Int, horizon: Int) -> Int { min(workers, max(0, horizon)) + 3 }

  init(workers: Int, horizon: Int, held: Int = 0, arena: inout Arena) throws(SetupError) {
    capacity = Self.capacity(workers: workers, horizon: horizon) + held
    references = try arena.table(of: Int32.self, count: capacity)
    versions = try arena.table(of: Int.self, count: capacity)
    free = try arena.table(of: Int32.self, count: capacity)
    recent = try arena.table(of: Int32.self, count: horizon < workers ? horizon + 1 : 0)
    freeCount = 0
    newest = 0
  }

  /// Forgets everything: version 0 at place 0.
  mutating func reset() {
    references.fill(0)
    versions.fill(-1)
    freeCount = max(0, free.count - 1)
    for index in 0..<freeCount { free[index] = Int32(truncatingIfNeeded: free.count - 1 - index) }
    recent.fill(0)
    newest = 0
    isHolding = false
    references[0] = 1
    versions[0] = 0
  }

  @inlinable @inline(__always)
  func retain(_ place: Int32) { references[Int(place)] &+= 1 }

  /// Drops a reference to the point that was version `version` at `place`, if it is still there.
  @inlinable @inline(__always)
  mutating func release(_ place: Int32, version: Int) {
    guard versions[Int(place)] == version else { return }
    references[Int(place)] &-= 1
    if references[Int(place)] == 0 { vacate(place) }
  }

  @usableFromInline
  mutating func vacate(_ place: Int32) {
    versions[Int(place)] = -1
    references[Int(place)] = 0
    free[freeCount] = place
    freeCount += 1
  }

  /// Makes room for version `version`, the next one, and returns its place, which may be the old one.
  @inlinable
  mutating func advance(to version: Int) -> Int32 {
    let old = newest
    if !recent.isEmpty {
      // The point that falls out of the horizon, unless its place has been given up before.
      let index = version % recent.count
      let place = recent[index]
      let expired = version - recent.count
      if expired >= 0, place != old, versions[Int(place)] == expired { vacate(place) }
    }
    if references[Int(old)] == 1 {
      versions[Int(old)] = version
    } else {
      freeCount -= 1
      newest = free[freeCount]
      references[Int(newest)] = 1
      versions[Int(newest)] = version
      release(old, version: version - 1)
      // A horizon of zero keeps nothing but the newest point.
      if recent.count == 1, versions[Int(old)] == version - 1 { vacate(old) }
    }
    if !recent.isEmpty { recent[version % recent.count] = newest }
    return newest
  }
}
