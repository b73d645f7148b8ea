// SPDX-License-Identifier: Apache-2.0

public import Synchronization

/// A model that threads read and change at the same time, without locks: HOGWILD!'s shared memory.
///
/// Every coordinate is an atomic number; an addition to it is never lost. There is no consistency between
/// coordinates: a thread that reads several while others write may see some old and some new values. Rounding
/// makes the last bits of a sum depend on the order of the additions.
@safe
public final class SharedModel: @unchecked Sendable {
  @usableFromInline let cells: UnsafeMutablePointer<Atomic<Double>>
  /// d.
  public let count: Int

  /// A model that starts at `x`.
  public init(_ x: Span<Double>) {
    count = x.count
    unsafe cells = .allocate(capacity: max(1, x.count))
    for index in x.indices { unsafe (cells + index).initialize(to: Atomic(x[index])) }
  }

  deinit {
    unsafe cells.deinitialize(count: count)
    unsafe cells.deallocate()
  }

  /// Coordinate `index` as it is now.
  @inlinable
  public subscript(index: Int) -> Double {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "coordinate out of bounds")
    return unsafe cells[index].load(ordering: .relaxed)
  }

  /// Adds `change` to coordinate `index` atomically.
  @inlinable
  public func add(_ change: Double, at index: Int) {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "coordinate out of bounds")
    var old = unsafe cells[index].load(ordering: .relaxed)
    while true {
      let (isDone, now) = unsafe cells[index].weakCompareExchange(
        expected: old, desired: old + change, ordering: .relaxed)
      if isDone { return }
      old = now
    }
  }

  /// x ← x − stepsize · g, coordinate by coordinate; those where g is 0 are left alone. O(d).
  @inlinable
  public func step(along gradient: Span<Double>, by stepsize: Double) {
    for index in gradient.indices where gradient[index] != 0 { add(-(stepsize * gradient[index]), at: index) }
  }

  /// x ← x − stepsize · g for a sparse g, whose coordinate `columns`ᵢ is `values`ᵢ. O(count of values).
  @inlinable
  public func step(along values: Span<Double>, at columns: Span<UInt32>, by stepsize: Double) {
    for index in values.indices { add(-(stepsize * values[index]), at: Int(columns[index])) }
  }

  /// xᵀa for a sparse a, whose coordinate `columns`ᵢ is `values`ᵢ. O(count of values).
  @inlinable
  public func dot(_ values: Span<Double>, at columns: Span<UInt32>) -> Double {
    var sum = 0.0
    for index in values.indices { sum += self[Int(columns[index])] * values[index] }
    return sum
  }

  /// Reads the coordinates one after another into `x`. O(d).
  @inlinable
  public func read(into x: inout MutableSpan<Double>) {
    for index in x.indices { x[index] = self[index] }
  }

  /// The coordinates, read one after another.
  public var values: [Double] { (0..<count).map { self[$0] } }
}
