internal import StragglerCore

/// A table with memory of its own.
@safe
final class OwnedTable<Element: BitwiseCopyable>: @unchecked Sendable {
  let table: Table<Element>

  init(_ elements: [Element]) {
    let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(1, elements.count))
    _ = unsafe memory.initialize(fromContentsOf: elements)
    table = unsafe Table(base: memory.baseAddress, count: elements.count)
  }

  deinit { unsafe table.buffer.baseAddress?.deallocate() }
}

/// The memory of a run.
@safe
final class OwnedArena: @unchecked Sendable {
  let bytes: Int
  private let memory: UnsafeMutableRawBufferPointer

  /// `bytes` bytes, or nil if the machine does not have them.
  init?(bytes: Int) {
    self.bytes = bytes
    guard let base = unsafe allocateAligned(bytes) else { return nil }
    unsafe memory = UnsafeMutableRawBufferPointer(start: base, count: bytes)
  }

  deinit { unsafe freeAligned(memory.baseAddress) }

  /// The memory as an arena; it must not outlive this object.
  func arena() -> Arena { unsafe Arena(memory) }
}
