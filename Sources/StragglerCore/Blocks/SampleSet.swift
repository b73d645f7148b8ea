// SPDX-License-Identifier: Apache-2.0

/// A set of samples from 0..<m that shrinks: which are missing from a full gradient. All operations but
/// `fill` O(1).
public struct SampleSet: BitwiseCopyable, Sendable {
  /// The members, then the others.
  private let order: Table<Int32>
  /// Where every sample is in `order`.
  private let place: Table<Int32>
  /// How many members there are.
  public private(set) var count = 0

  /// A set without room.
  public init() {
    order = Table()
    place = Table()
  }

  /// All of 0..<`samples`. 8 bytes each.
  public init(samples: Int, arena: inout Arena) throws(SetupError) {
    order = try arena.table(of: Int32.self, count: samples)
    place = try arena.table(of: Int32.self, count: samples)
    fill()
  }

  /// Makes every sample a member. O(m).
  public mutating func fill() {
    for index in order.indices {
      order[index] = Int32(truncatingIfNeeded: index)
      place[index] = Int32(truncatingIfNeeded: index)
    }
    count = order.count
  }

  /// A member, uniformly; the set is not empty.
  public func draw(_ stream: inout RandomStream) -> Int { Int(order[stream.integer(below: count)]) }

  /// Removes `sample`; false if it is no member.
  public mutating func remove(_ sample: Int) -> Bool {
    let position = Int(place[sample])
    guard position < count else { return false }
    count -= 1
    let last = order[count]
    order[count] = order[position]
    order[position] = last
    place[sample] = Int32(truncatingIfNeeded: count)
    place[Int(last)] = Int32(truncatingIfNeeded: position)
    return true
  }
}
