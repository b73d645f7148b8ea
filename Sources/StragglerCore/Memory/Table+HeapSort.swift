// SPDX-License-Identifier: Apache-2.0

extension Table {
  /// Sorts the elements by `precedes`, a strict total order. In place, O(count log count), nothing
  /// allocated.
  @inlinable
  public func heapSort(by precedes: (Element, Element) -> Bool) {
    // Without `reversed()`, which allocates where it is not optimized.
    var root = count / 2
    while root > 0 {
      root -= 1
      siftDown(root, below: count, precedes)
    }
    var end = count
    while end > 1 {
      end -= 1
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
