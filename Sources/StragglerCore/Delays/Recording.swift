// SPDX-License-Identifier: Apache-2.0

/// Recorded durations in the caller's memory, with what is derived from them.
///
/// The durations are in the order of their recording, then come a sorted copy and its running sums.
/// Several workers may share a recording.
public struct Recording: BitwiseCopyable, Sendable {
  /// How a job gets its duration.
  public enum Order: UInt8, BitwiseCopyable, Sendable {
    /// Job j (from 1) takes entry j, and after the last entry it starts again.
    case replay
    /// Every job takes one at random.
    case bootstrap
  }

  private let memory: Table<Double>
  /// Whether jobs take the durations in turn or at random.
  public let order: Order

  /// A recording of nothing.
  init() { (memory, order) = (Table(), .replay) }

  /// How many numbers of memory a recording of `count` durations takes.
  public static func memory(for count: Int) -> Int { 3 * count }

  /// A recording of the first third of `memory`, which the caller keeps alive; the rest is written. O(n log
  /// n).
  ///
  /// Durations are not negative; +∞ is a job that failed. At least one is needed.
  public init(_ memory: Table<Double>, order: Order) throws(DelayError) {
    let count = memory.count / 3
    guard count > 0 else {
      throw DelayError(law: TraceLaw.name, parameter: "durations", expected: "at least one duration")
    }
    for index in 0..<count where !(memory[index] >= 0) {
      throw DelayError(
        law: TraceLaw.name, parameter: "durations",
        expected: "numbers that are not negative, inf for a failure")
    }
    self.memory = memory
    self.order = order
    let sorted = memory[count..<2 * count]
    for index in 0..<count { sorted[index] = memory[index] > Delay.longest ? .infinity : memory[index] }
    sorted.heapSort { $0 < $1 }
    var sum = 0.0
    for index in 0..<count {
      sum += sorted[index]
      memory[2 * count + index] = sum
    }
  }

  /// Where the caller's memory is.
  public var address: UInt { memory.address }

  /// How many durations were recorded.
  public var count: Int { memory.count / 3 }

  /// Duration number `index` (from 0) in order of recording.
  public subscript(index: Int) -> Double { memory[index] }

  /// The duration of rank `rank` (from 0), the shortest first.
  public func sorted(_ rank: Int) -> Double { memory[count + rank] }

  /// The sum of the `number` shortest durations.
  func sum(ofShortest number: Int) -> Double { number == 0 ? 0 : memory[2 * count + number - 1] }

  /// How many durations are at most `t`. O(log n).
  public func rank(of t: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if sorted(middle) <= t { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
