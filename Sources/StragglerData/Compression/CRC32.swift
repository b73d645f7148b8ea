// SPDX-License-Identifier: Apache-2.0

/// The cyclic redundancy check of gzip: polynomial 0x04C11DB7, reflected, inverted at both ends.
///
/// Eight bytes a step with eight tables ("slicing by 8": Kounavis and Berry, "A systematic approach to
/// building high performance software-based CRC generators", 2005).
package enum CRC32 {
  /// `tables[256·k + b]` is the check of byte `b` followed by k zero bytes.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
      tables[byte] = value
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  /// The check of `bytes`. O(count).
  package static func checksum(_ bytes: [UInt8]) -> UInt32 { checksum(bytes.span) }

  /// The check of `bytes`. O(count).
  package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
    let tables = tables.span
    var crc: UInt32 = 0xFFFF_FFFF
    var index = 0
    while index + 8 <= bytes.count {
      let word = bytes.word(at: index) ^ UInt64(crc)
      crc = tables[7 * 256 + Int(word & 0xFF)] ^ tables[6 * 256 + Int(word >> 8 & 0xFF)]
      crc ^= tables[5 * 256 + Int(word >> 16 & 0xFF)] ^ tables[4 * 256 + Int(word >> 24 & 0xFF)]
      crc ^= tables[3 * 256 + Int(word >> 32 & 0xFF)] ^ tables[2 * 256 + Int(word >> 40 & 0xFF)]
      crc ^= tables[256 + Int(word >> 48 & 0xFF)] ^ tables[Int(word >> 56)]
      index += 8
    }
    while index < bytes.count {
      crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
      index += 1
    }
    return ~crc
  }
}
