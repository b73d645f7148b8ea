extension Setup {
  /// The workers' indices, the shortest typical duration first, of equal ones the smaller index first. O(n
  /// log n).
  mutating func workersBySpeed() throws(SetupError) -> Table<Int32> {
    let order = try table(of: Int32.self)
    let keys = try table(of: Double.self)
    for index in order.indices {
      order[index] = Int32(truncatingIfNeeded: index)
      keys[index] = fleet[index].typicalDuration
    }
    order.heapSort(by: { keys[Int($0)] < keys[Int($1)] || (keys[Int($0)] == keys[Int($1)] && $0 < $1) })
    return order
  }

  /// The mean durations of gradients in ascending order, those of their messages included if `sending`. O(n
  /// log n).
  mutating func sortedTimes(sending: Bool = true) throws(SetupError) -> Table<Double> {
    let times = try table(of: Double.self)
    for index in times.indices {
      times[index] = sending ? fleet[index].meanDuration : fleet[index].computationMean
    }
    times.heapSort(by: <)
    return times
  }
}

extension Table {
  /// Sorts the elements by `precedes`, a strict total order. In place, O(count log count).
  @inlinable
  public func heapSort(by precedes: (Element, Element) -> Bool) {
    guard count > 1 else { return }
    for root in (0..<count / 2).reversed() { siftDown(root, below: count, precedes) }
    for end in (1..<count).reversed() {
      (self[0], self[end]) = (self[end], self[0])
      siftDown(0, below: end, precedes)
    }
  }

  @inlinable
  func siftDown(_ root: Int, below end: Int, _ precedes: (Element, Element) -> Bool) {
    var parent = root
    while 2 * parent + 1 < end {
      var child = 2 * parent + 1
      if child + 1 < end, precedes(self[child], self[child + 1]) { child += 1 }
      guard precedes(self[parent], self[child]) else { return }
      (self[parent], self[child]) = (self[child], self[parent])
      parent = child
    }
  }
}
