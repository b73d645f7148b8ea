// SPDX-License-Identifier: Apache-2.0

/// Decodes one DEFLATE stream (Deutsch, RFC 1951).
///
/// The stream's bytes are in one piece; the output is an array that grows. Every fault of the stream is an
/// error with the offset of the byte at which it was noticed.
struct Inflater {
  private enum Phase { case header, stored(Int), codes, finished }

  private var reader: BitReader
  private var phase = Phase.header
  private var isLast = false
  private var tables: (literals: HuffmanTable, distances: HuffmanTable)
  /// Where this stream's output begins: nothing before it may be referred to.
  private let origin: Int
  private var written: Int

  /// The longest match, and what the copying of a match may overwrite beyond it.
  private static let margin = 258 + 8

  /// Decodes the stream that begins at `position` of `input`, appends what it holds to `output` and returns
  /// the position after it. O(input + output).
  ///
  /// `output` may get `limit` bytes in all. `sizeHint` is how many bytes are expected of this stream.
  static func inflate(
    _ input: Span<UInt8>, at position: Int, into output: inout [UInt8], limit: Int, sizeHint: Int
  ) throws(DataError) -> Int {
    var inflater = Inflater(
      reader: BitReader(position: position), tables: HuffmanTable.fixed, origin: output.count,
      written: output.count)
    // A hint may be wrong: at first it is trusted up to a usual ratio.
    var room = max(
      1024, min(sizeHint, (input.count - position).multipliedReportingOverflow(by: 16).partialValue))
    while true {
      room = min(room, limit - inflater.written)
      let missing = max(0, inflater.written + room + margin - output.count)
      guard output.makeRoom(for: missing) else { throw DataError.outOfMemory }
      output.append(contentsOf: repeatElement(0, count: missing))
      var span = output.mutableSpan
      try inflater.run(input, &span)
      if inflater.written > limit {
        throw inflater.fault(
          "more than \(limit) bytes come out of it", remedy: "check that it is the file you mean")
      }
      if case .finished = inflater.phase { break }
      room = inflater.written
    }
    output.removeLast(output.count - inflater.written)
    return inflater.reader.position
  }

  /// Decodes until the stream ends or the room in `output` does.
  private mutating func run(_ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>) throws(DataError) {
    while true {
      switch phase {
      case .header: try readHeader(input)
      case .stored(let count):
        let part = min(count, output.count - written)
        output.copy(input.extracting(reader.position..<reader.position + part), to: written)
        reader.skip(part)
        written += part
        if part < count {
          phase = .stored(count - part)
          return
        }
        endBlock()
      case .codes:
        guard try decode(input, &output) else { return }
        endBlock()
      case .finished: return
      }
    }
  }

  private mutating func endBlock() {
    phase = isLast ? .finished : .header
    if isLast { reader.alignToByte() }
  }

  private mutating func readHeader(_ input: Span<UInt8>) throws(DataError) {
    reader.refill(from: input)
    isLast = reader.take(1) == 1
    let kind = reader.take(2)
    guard reader.bitCount >= 0 else { throw truncated }
    switch kind {
    case 0:
      reader.alignToByte()
      reader.refill(from: input)
      let count = reader.take(16)
      let complement = reader.take(16)
      guard reader.bitCount >= 0 else { throw truncated }
      guard count ^ complement == 0xFFFF else { throw fault("the length of a stored block is damaged") }
      reader.alignToByte()
      guard count <= input.count - reader.position else { throw truncated }
      phase = .stored(count)
    case 1:
      tables = HuffmanTable.fixed
      phase = .codes
    case 2:
      try readCodes(input)
      phase = .codes
    default: throw fault("a block of unknown kind")
    }
  }

  /// The order in which the lengths of the code-length code are written.
  private static let codeLengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]

  /// Reads the two codes of a dynamic block.
  private mutating func readCodes(_ input: Span<UInt8>) throws(DataError) {
    reader.refill(from: input)
    let literalCount = reader.take(5) + 257
    let distanceCount = reader.take(5) + 1
    let codeLengthCount = reader.take(4) + 4
    guard reader.bitCount >= 0 else { throw truncated }
    guard literalCount <= 286, distanceCount <= 30 else { throw fault("a code has too many symbols") }

    var codeLengths = [UInt8](repeating: 0, count: 19)
    for symbol in Self.codeLengthOrder[..<codeLengthCount] {
      reader.refill(from: input)
      codeLengths[symbol] = UInt8(truncatingIfNeeded: reader.take(3))
    }
    guard reader.bitCount >= 0 else { throw truncated }
    let code = try table(codeLengths[...], HuffmanTable.codeLengthMeanings, primaryBits: 7)

    let total = literalCount + distanceCount
    var lengths: [UInt8] = []
    lengths.reserveCapacity(total + 138)
    while lengths.count < total {
      reader.refill(from: input)
      let entry = reader.symbol(code.entries.span, primaryBits: 7)
      let (value, count): (UInt8, Int)
      switch entry >> 16 {
      case 16: (value, count) = (lengths.last ?? 255, 3 + reader.take(2))
      case 17: (value, count) = (0, 3 + reader.take(3))
      case 18: (value, count) = (0, 11 + reader.take(7))
      case let length: (value, count) = (UInt8(truncatingIfNeeded: length), 1)
      }
      guard reader.bitCount >= 0 else { throw truncated }
      guard entry >> 5 & 7 == HuffmanTable.Kind.literal, value <= 15, lengths.count + count <= total else {
        throw fault("the lengths of a code are damaged")
      }
      lengths.append(contentsOf: repeatElement(value, count: count))
    }
    guard lengths[256] > 0 else { throw fault("a code cannot say where its block ends") }
    tables.literals = try table(lengths[..<literalCount], HuffmanTable.literalMeanings, primaryBits: 10)
    tables.distances = try table(lengths[literalCount...], HuffmanTable.distanceMeanings, primaryBits: 8)
  }

  private func table(
    _ lengths: ArraySlice<UInt8>, _ meanings: [UInt32], primaryBits: Int
  ) throws(DataError) -> HuffmanTable {
    do throws(HuffmanTable.Problem) {
      return try HuffmanTable(lengths: lengths, meanings: meanings, primaryBits: primaryBits)
    } catch { throw fault("the lengths of a code do not make a code") }
  }

  /// Decodes symbols until the block ends (true) or the room in `output` does (false).
  private mutating func decode(
    _ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>
  ) throws(DataError) -> Bool {
    let (literals, distances) = tables
    let literalEntries = literals.entries.span
    let distanceEntries = distances.entries.span
    let (literalBits, distanceBits) = (literals.primaryBits, distances.primaryBits)
    // In registers while the loop runs.
    var (reader, written) = (reader, written)
    defer { (self.reader, self.written) = (reader, written) }
    let end = output.count - Self.margin

    while written <= end {
      // 56 bits hold a length with its extra bits (15 + 5) and a distance with its own (15 + 13).
      reader.refill(from: input)
      let entry = reader.symbol(literalEntries, primaryBits: literalBits)
      let kind = entry >> 5 & 7
      if kind == HuffmanTable.Kind.literal {
        guard reader.bitCount >= 0 else { throw Self.truncated(reader) }
        output[written] = UInt8(truncatingIfNeeded: entry >> 16)
        written += 1
        continue
      }
      guard kind == HuffmanTable.Kind.base else {
        guard reader.bitCount >= 0 else { throw Self.truncated(reader) }
        if kind == HuffmanTable.Kind.endOfBlock { return true }
        throw Self.fault(reader, "a symbol that does not exist")
      }
      let length = Int(entry >> 16) + reader.take(Int(entry >> 8 & 0xFF))
      let far = reader.symbol(distanceEntries, primaryBits: distanceBits)
      let distance = Int(far >> 16) + reader.take(Int(far >> 8 & 0xFF))
      guard reader.bitCount >= 0 else { throw Self.truncated(reader) }
      guard far >> 5 & 7 == HuffmanTable.Kind.base else {
        throw Self.fault(reader, "a distance that does not exist")
      }
      guard distance <= written - origin else {
        throw Self.fault(reader, "a distance that goes back beyond the beginning")
      }
      output.repeatBytes(at: written, distance: distance, length: length)
      written += length
    }
    return false
  }

  // MARK: Faults

  private var truncated: DataError { Self.truncated(reader) }

  private func fault(_ what: String, remedy: String = Gzip.fetchAgain) -> DataError {
    var error = Self.fault(reader, what)
    error.remedy = remedy
    return error
  }

  private static func truncated(_ reader: BitReader) -> DataError {
    fault(reader, "the compressed data end too early")
  }

  private static func fault(_ reader: BitReader, _ what: String) -> DataError {
    DataError(what, remedy: Gzip.fetchAgain, place: .byte(reader.bytePosition))
  }
}
