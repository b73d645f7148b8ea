// SPDX-License-Identifier: Apache-2.0

extension Fleet {
  /// The workers' indices, the shortest typical duration first, of equal ones the smaller index first. O(n
  /// log n).
  func workersBySpeed(in arena: inout Arena) throws(SetupError) -> Table<Int32> {
    let order = try arena.table(of: Int32.self, count: count)
    let keys = try arena.table(of: Double.self, count: count)
    for index in order.indices {
      order[index] = Int32(truncatingIfNeeded: index)
      keys[index] = self[index].typicalDuration
    }
    order.heapSort(by: { keys[Int($0)] < keys[Int($1)] || (keys[Int($0)] == keys[Int($1)] && $0 < $1) })
    return order
  }

  /// The mean durations of gradients in ascending order, those of their messages included if `sending`. O(n
  /// log n).
  func sortedTimes(sending: Bool = true, in arena: inout Arena) throws(SetupError) -> Table<Double> {
    let times = try arena.table(of: Double.self, count: count)
    for index in times.indices {
      times[index] = sending ? self[index].meanDuration : self[index].computationMean
    }
    times.heapSort(by: <)
    return times
  }
}
