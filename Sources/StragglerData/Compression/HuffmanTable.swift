// SPDX-License-Identifier: Apache-2.0

/// A prefix code as a table that is indexed with the next bits of the stream.
///
/// The first `primaryBits` bits select an entry; longer codes share an entry that links to a second table
/// behind the first. An entry is one word, which says how many bits the code has and what it stands for.
struct HuffmanTable {
  /// What an entry stands for.
  enum Kind {
    static let literal: UInt32 = 0
    /// A length or a distance: a base value, to which so many extra bits are added.
    static let base: UInt32 = 1
    static let endOfBlock: UInt32 = 2
    static let link: UInt32 = 3
    static let invalid: UInt32 = 4
  }

  /// value·2¹⁶ + extra bits·2⁸ + kind·2⁵ + bits of the code.
  static func entry(kind: UInt32, value: Int = 0, extraBits: Int = 0) -> UInt32 {
    UInt32(truncatingIfNeeded: value) << 16 | UInt32(truncatingIfNeeded: extraBits) << 8 | kind << 5
  }

  enum Problem: Error { case tooManyCodes, unusedCodes }

  private(set) var entries: [UInt32]
  let primaryBits: Int

  /// No code at all.
  static let empty = HuffmanTable()

  private init() {
    primaryBits = 0
    entries = [Self.entry(kind: Kind.invalid) | 1]
  }

  /// The canonical code in which symbol s has `lengths[s]` bits (0 to 15; 0: does not occur) and stands for
  /// `meanings[s]`.
  ///
  /// An incomplete code is accepted as zlib does: no symbol at all, or one symbol with a code of one bit.
  /// O(2^`primaryBits` + symbols + links).
  init(
    lengths: ArraySlice<UInt8>, meanings: [UInt32], primaryBits: Int
  ) throws(Problem) {
    self.primaryBits = primaryBits
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[Int(length)] += 1 }
    var next = [Int](repeating: 0, count: 16)
    var free = 1
    var longest = 0
    for length in 1...15 {
      next[length] = 2 * (next[length - 1] + (length > 1 ? counts[length - 1] : 0))
      free = 2 * free - counts[length]
      if free < 0 { throw .tooManyCodes }
      if counts[length] > 0 { longest = length }
    }
    if free > 0 && longest > 1 { throw .unusedCodes }

    let primaryCount = 1 << primaryBits
    entries = [UInt32](repeating: Self.entry(kind: Kind.invalid) | 1, count: primaryCount)
    // How many bits the longest code behind each primary entry has.
    var depths = [Int](repeating: 0, count: longest > primaryBits ? primaryCount : 0)
    var codes: [(code: Int, length: Int, meaning: UInt32)] = []
    codes.reserveCapacity(lengths.count)
    for (length, meaning) in zip(lengths, meanings) where length > 0 {
      let length = Int(length)
      // Codes are packed from their first bit on, the stream from the lowest bit on.
      let code = Self.reversed(next[length], bits: length)
      next[length] += 1
      codes.append((code, length, meaning))
      if length > primaryBits {
        let prefix = code & (primaryCount - 1)
        depths[prefix] = max(depths[prefix], length)
      }
    }
    for (code, length, meaning) in codes {
      if length <= primaryBits {
        for index in stride(from: code, to: primaryCount, by: 1 << length) {
          entries[index] = meaning | UInt32(length)
        }
      } else {
        let prefix = code & (primaryCount - 1)
        let linkBits = depths[prefix] - primaryBits
        if entries[prefix] >> 5 & 7 != Kind.link {
          let link = Self.entry(kind: Kind.link, value: entries.count, extraBits: linkBits)
          entries[prefix] = link | UInt32(primaryBits)
          entries += repeatElement(Self.entry(kind: Kind.invalid) | 1, count: 1 << linkBits)
        }
        let start = Int(entries[prefix] >> 16)
        for index in stride(from: code >> primaryBits, to: 1 << linkBits, by: 1 << (length - primaryBits)) {
          entries[start + index] = meaning | UInt32(length - primaryBits)
        }
      }
    }
  }

  private static func reversed(_ code: Int, bits: Int) -> Int {
    var (code, result) = (code, 0)
    for _ in 0..<bits {
      result = result << 1 | code & 1
      code >>= 1
    }
    return result
  }
}

extension HuffmanTable {
  /// What the 288 symbols for literals and lengths stand for; 286 and 287 do not occur.
  static let literalMeanings: [UInt32] = {
    var meanings = (0..<256).map { entry(kind: Kind.literal, value: $0) }
    meanings.append(entry(kind: Kind.endOfBlock))
    meanings += (0..<28).map { index in
      // 3, 4, … 10, then four lengths to each number of extra bits.
      let extra = index < 8 ? 0 : index / 4 - 1
      let base = index < 8 ? 3 + index : 3 + (4 + index % 4) << extra
      return entry(kind: Kind.base, value: base, extraBits: extra)
    }
    meanings.append(entry(kind: Kind.base, value: 258))
    meanings += repeatElement(entry(kind: Kind.invalid), count: 2)
    return meanings
  }()

  /// What the 32 symbols for distances stand for; 30 and 31 do not occur.
  static let distanceMeanings: [UInt32] = (0..<32).map { index in
    if index >= 30 { return entry(kind: Kind.invalid) }
    let extra = index < 4 ? 0 : index / 2 - 1
    let base = index < 4 ? 1 + index : 1 + (2 + index % 2) << extra
    return entry(kind: Kind.base, value: base, extraBits: extra)
  }

  /// The 19 symbols with which the lengths of other codes are written.
  static let codeLengthMeanings: [UInt32] = (0..<19).map { entry(kind: Kind.literal, value: $0) }

  /// The fixed code of literals and lengths, and that of distances.
  static let fixed: (literals: HuffmanTable, distances: HuffmanTable) = {
    var lengths = [UInt8](repeating: 8, count: 288)
    for symbol in 144..<256 { lengths[symbol] = 9 }
    for symbol in 256..<280 { lengths[symbol] = 7 }
    let distances = [UInt8](repeating: 5, count: 32)
    let literals = try? HuffmanTable(lengths: lengths[...], meanings: literalMeanings, primaryBits: 9)
    return (
      literals ?? .empty,
      (try? HuffmanTable(lengths: distances[...], meanings: distanceMeanings, primaryBits: 5)) ?? .empty
    )
  }()
}
