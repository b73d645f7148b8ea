// SPDX-License-Identifier: Apache-2.0

/// A fixed number of elements in memory that it does not own, usually an `Arena`'s.
///
/// A table is a view: copying it copies no elements, and it must not outlive that memory.
/// Every access is checked against the bounds; loops over `indices` are free of surprises even for the
/// empty tables that a measuring arena gives out.
@safe
public struct Table<Element: BitwiseCopyable>: BitwiseCopyable, @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Element>?
  /// How many elements there are; 0 in a measuring arena.
  public let count: Int

  /// A table without elements.
  @inlinable public init() {
    unsafe base = nil
    count = 0
  }

  /// A view of `count` elements at `base`, which the caller keeps alive and initialised.
  @unsafe @inlinable
  public init(base: UnsafeMutablePointer<Element>?, count: Int) {
    unsafe self.base = base
    self.count = unsafe base == nil ? 0 : count
  }

  /// 0..<`count`, to loop over.
  @inlinable public var indices: Range<Int> { 0..<count }
  /// Whether there are no elements, as in a measuring arena.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// Element `index`, from 0; traps beyond the bounds. To set it changes the memory that all copies of the
  /// view see.
  @inlinable
  public subscript(index: Int) -> Element {
    get {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "table index out of bounds")
      return unsafe base.unsafelyUnwrapped[index]
    }
    nonmutating set {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "table index out of bounds")
      unsafe base.unsafelyUnwrapped[index] = newValue
    }
    nonmutating _modify {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "table index out of bounds")
      yield unsafe &base.unsafelyUnwrapped[index]
    }
  }

  /// Sets every element. O(count).
  @inlinable
  public func fill(_ value: Element) {
    for index in indices { self[index] = value }
  }

  /// Where its elements are, to tell whose memory it views.
  @inlinable
  public var address: UInt { unsafe UInt(bitPattern: base) }

  /// The elements as a buffer, for kernels.
  @unsafe @inlinable
  public var buffer: UnsafeMutableBufferPointer<Element> {
    unsafe UnsafeMutableBufferPointer(start: base, count: count)
  }

  /// A part of the table, sharing its memory.
  @inlinable
  public subscript(range: Range<Int>) -> Table<Element> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "table range out of bounds")
    guard let base = unsafe base else { return Table() }
    return unsafe Table(base: base + range.lowerBound, count: range.count)
  }
}
