// SPDX-License-Identifier: Apache-2.0

/// Helpers for tests that work on bytes.
enum Bytes {
  static func fromHexadecimal(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// Big-endian, as IDX has it.
  static func bigEndian(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  static func littleEndian(_ number: Int) -> [UInt8] { bigEndian(number).reversed() }

  /// `content` as a gzip file of stored blocks.
  static func storedGzip(_ content: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let part = content[start..<min(content.count, start + 65535)]
      start += part.count
      bytes.append(start == content.count ? 1 : 0)
      bytes += littleEndian(part.count).prefix(2) + littleEndian(~part.count).prefix(2) + part
    } while start < content.count
    return bytes + littleEndian(Int(bitwiseChecksum(content))) + littleEndian(content.count)
  }

  /// CRC-32 from its definition, bit by bit.
  static func bitwiseChecksum(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }

  static func idx(dimensions: [Int], _ elements: [UInt8], type: UInt8 = 8) -> [UInt8] {
    [0, 0, type, UInt8(dimensions.count)] + dimensions.flatMap(bigEndian) + elements
  }
}

/// Random numbers for tests (Steele, Lea and Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// `bytes` with one to four changes: bytes changed, bits flipped, removed, doubled, or the end cut off.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...below(4) where !bytes.isEmpty {
      let place = below(bytes.count)
      switch below(6) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
      case 1: bytes[place] ^= 1 << UInt8(below(8))
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(bytes[place], at: place)
      case 4: bytes.removeLast(bytes.count - place)
      default: bytes[place] = [0, 0x7F, 0x80, 0xFF][below(4)]
      }
    }
    return bytes
  }
}
