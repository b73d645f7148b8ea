// SPDX-License-Identifier: Apache-2.0

/// All the memory of a run, handed in by the caller and given out piece by piece.
///
/// The size is computed beforehand by running the same set-up against `Arena.measuring()`: it counts
/// bytes and gives out empty tables, and `used` is then the size that the real arena needs. Pieces are
/// aligned to cache lines and are never given back one by one: the caller frees the whole.
@safe
public struct Arena: ~Copyable {
  /// Pieces start at multiples of a cache line.
  public static let alignment = 64

  let base: UnsafeMutableRawPointer?
  let capacity: Int
  /// Bytes given out so far, padding included.
  public private(set) var used = 0

  /// An arena over `memory`, aligned to `Arena.alignment`, which the caller keeps alive.
  @unsafe
  public init(_ memory: UnsafeMutableRawBufferPointer) {
    unsafe base = memory.baseAddress
    capacity = memory.count
  }

  private init(capacity: Int) {
    unsafe base = nil
    self.capacity = capacity
  }

  /// An arena without memory, which only counts.
  public static func measuring() -> Arena { Arena(capacity: .max) }

  /// Whether this arena only counts: its tables are empty.
  public var isMeasuring: Bool { unsafe base == nil }

  /// `count` elements, all bytes zero. Throws `outOfMemory` where the arena is too small. O(count).
  public mutating func table<Element: BitwiseCopyable>(
    of type: Element.Type, count: Int
  ) throws(SetupError) -> Table<Element> {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard count >= 0, !overflow, bytes < Int.max / 2 - used else { throw .outOfMemory }
    let start = used
    let end = start + (bytes + Self.alignment - 1) / Self.alignment * Self.alignment
    guard end <= capacity else { throw .outOfMemory }
    used = end
    guard let base = unsafe base else { return Table() }
    let piece = unsafe base + start
    unsafe piece.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return unsafe Table(base: piece.assumingMemoryBound(to: type), count: count)
  }
}
