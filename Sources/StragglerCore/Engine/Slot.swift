// SPDX-License-Identifier: Apache-2.0

/// A vector of the model's length that a method adds gradients up in.
public struct Slot: BitwiseCopyable, Equatable, Sendable {
  /// The slot's place among those of the run, from 0.
  public let index: Int32
  @inlinable init(index: Int32) { self.index = index }
  /// The slot that a method's variable holds until `Setup.slot()` gives it one of its own.
  public init() { index = 0 }
}

/// A family of slots, usually one for every worker.
public struct Slots: BitwiseCopyable, Equatable, Sendable {
  @usableFromInline let first: Int32
  /// How many slots the family has.
  public let count: Int

  @inlinable
  init(first: Int32, count: Int) {
    self.first = first
    self.count = count
  }

  /// No slots.
  public init() { self.init(first: 0, count: 0) }

  /// Slot number `index` of the family, from 0.
  @inlinable
  public subscript(index: Int) -> Slot { Slot(index: first &+ Int32(truncatingIfNeeded: index)) }
}

extension Setup {
  /// A slot for every worker, empty at the start: n vectors of memory.
  public mutating func slotsForWorkers() -> Slots {
    let first = slot()
    for _ in 1..<max(1, workers) { _ = slot() }
    return Slots(first: first.index, count: workers)
  }
}
