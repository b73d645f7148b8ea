// SPDX-License-Identifier: Apache-2.0

/// The bits of a DEFLATE stream, lowest bit of each byte first.
///
/// Past the end of the input, zeros are read and `bitCount` is negative, which the consumer has to check.
struct BitReader {
  /// The next byte to load.
  private(set) var position: Int
  /// The loaded bits, the next one lowest. Bits above `bitCount` are undefined.
  private(set) var bits: UInt64 = 0
  private(set) var bitCount = 0

  init(position: Int) { self.position = position }

  /// The first byte of which no bit has been consumed.
  var bytePosition: Int { position - max(0, bitCount) / 8 }

  /// Loads at least 56 bits, or all there are.
  @inline(__always)
  mutating func refill(from input: Span<UInt8>) {
    if position + 8 <= input.count {
      bits |= input.word(at: position) << UInt64(truncatingIfNeeded: bitCount)
      position += (63 - bitCount) >> 3
      bitCount |= 56
    } else {
      while bitCount <= 55 && position < input.count {
        bits |= UInt64(input[position]) << UInt64(truncatingIfNeeded: bitCount)
        position += 1
        bitCount += 8
      }
    }
  }

  /// The next `count` bits (up to 32) without consuming them.
  @inline(__always)
  func peek(_ count: Int) -> Int {
    Int(truncatingIfNeeded: bits & ((1 << UInt64(truncatingIfNeeded: count)) &- 1))
  }

  @inline(__always)
  mutating func consume(_ count: Int) {
    bits >>= UInt64(truncatingIfNeeded: count)
    bitCount -= count
  }

  @inline(__always)
  mutating func take(_ count: Int) -> Int {
    defer { consume(count) }
    return peek(count)
  }

  /// The symbol that comes next, as its entry in `table` (or `entries`, its entries).
  @inline(__always)
  mutating func symbol(_ entries: Span<UInt32>, primaryBits: Int) -> UInt32 {
    var entry = entries[peek(primaryBits)]
    if entry >> 5 & 7 == HuffmanTable.Kind.link {
      consume(primaryBits)
      entry = entries[Int(entry >> 16) + peek(Int(entry >> 8 & 0xFF))]
    }
    consume(Int(entry & 31))
    return entry
  }

  /// Continues at the next whole byte and discards what was loaded beyond it.
  mutating func alignToByte() {
    position = bytePosition
    (bits, bitCount) = (0, 0)
  }

  /// Skips `count` bytes of the input. Only after `alignToByte`.
  mutating func skip(_ count: Int) { position += count }
}
