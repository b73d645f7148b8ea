// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
internal import StragglerData

/// A table with memory of its own.
@safe
@usableFromInline
final class OwnedTable<Element: BitwiseCopyable>: @unchecked Sendable {
  @usableFromInline let table: Table<Element>

  @usableFromInline
  init(_ elements: [Element]) {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(1, elements.count))
    _ = unsafe memory.initialize(fromContentsOf: elements)
    table = unsafe Table(base: memory.baseAddress, count: elements.count)
  }

  /// `count` elements, all bytes zero; nil if the machine does not have the memory.
  init?(zeros count: Int) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, AvailableMemory.has(bytes) else { return nil }
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(1, count))
    unsafe UnsafeMutableRawBufferPointer(memory).initializeMemory(as: UInt8.self, repeating: 0)
    table = unsafe Table(base: memory.baseAddress, count: count)
  }

  deinit { unsafe table.buffer.baseAddress?.deallocate() }
}

/// The memory of a run.
@safe
@usableFromInline
final class OwnedArena: @unchecked Sendable {
  @usableFromInline let bytes: Int
  private let memory: UnsafeMutableRawBufferPointer

  /// `bytes` bytes, or nil if the machine does not have them.
  @usableFromInline
  init?(bytes: Int) {
    self.bytes = bytes
    guard let base = unsafe allocateAligned(bytes) else { return nil }
    unsafe memory = UnsafeMutableRawBufferPointer(start: base, count: bytes)
  }

  deinit { unsafe freeAligned(memory.baseAddress) }

  /// The memory as an arena; it must not outlive this object.
  @usableFromInline
  func arena() -> Arena { unsafe Arena(memory) }

  /// Copies everything into `other`, which has as many bytes. O(bytes).
  func copy(into other: OwnedArena) {
    guard other.bytes == bytes else { return }
    unsafe other.memory.copyMemory(from: UnsafeRawBufferPointer(memory))
  }
}
