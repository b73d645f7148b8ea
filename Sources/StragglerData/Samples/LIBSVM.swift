/// Reads the text format of the LIBSVM collection: a row is `label index:value index:value …`.
///
/// Labels are −1 and +1, or 0 and 1. Indices start at 1 and ascend in a row; values that are not named are 0.
/// `#` begins a comment; CRLF, a missing last line end, blanks at the end of a row, rows without features,
/// blank lines and a byte-order mark are accepted.
///
/// Source: C.-C. Chang, C.-J. Lin, "LIBSVM: a library for support vector machines" (2011).
public enum LIBSVM {
  /// Larger files than this are refused unless the caller says otherwise: 16 GiB.
  public static let standardLimit = 1 << 34

  /// Reads the file at `path`, which may be gzip, block by block. O(size).
  ///
  /// Throws where the file cannot be read or is larger than `limit` bytes, and for text that is no such row,
  /// at its line and column.
  public static func read(_ path: String, limit: Int = standardLimit) throws(DataError) -> SparseSamples {
    var blocks = try FileBlocks(path, limit: limit)
    var reader = LIBSVMReader()
    do throws(DataError) {
      var block = try blocks.next()
      try refuseOtherKinds(block)
      while !block.isEmpty {
        try reader.read(block)
        block = try blocks.next()
      }
      return try reader.finish()
    } catch { throw error.about(path) }
  }

  /// Reads the text `bytes`. O(count). Throws for text that is no such row, at its line and column.
  public static func parse(_ bytes: [UInt8]) throws(DataError) -> SparseSamples {
    try refuseOtherKinds(bytes)
    var reader = LIBSVMReader()
    try reader.read(bytes)
    return try reader.finish()
  }

  private static func refuseOtherKinds(_ bytes: [UInt8]) throws(DataError) {
    guard let kind = FileKind.recognise(bytes) else { return }
    throw DataError("is \(kind.name), not LIBSVM text", remedy: kind.remedy)
  }
}

/// Gathers rows from a text that comes in blocks.
struct LIBSVMReader {
  /// A longer line is not LIBSVM text: the file has another format.
  private static let lineLimit = 1 << 28

  private var samples = SparseSamples()
  /// The beginning of a line that the last block has cut.
  private var cut: [UInt8] = []
  private var line = 0
  /// Where the first label 0 and the first label −1 stood.
  private var lineOfZero: Int?
  private var lineOfMinusOne: Int?

  /// Reads the lines that end in `block`, and keeps the rest.
  mutating func read(_ block: [UInt8]) throws(DataError) {
    var start = 0
    for end in block.indices where block[end] == UInt8(ascii: "\n") {
      if cut.isEmpty {
        try readLine(block[start..<end])
      } else {
        cut += block[start..<end]
        let whole = cut
        cut.removeAll(keepingCapacity: true)
        try readLine(whole[...])
      }
      start = end + 1
    }
    guard cut.makeRoom(for: block.count - start) else { throw DataError.outOfMemory }
    cut += block[start...]
    guard cut.count <= Self.lineLimit else {
      throw DataError(
        "a line without an end", remedy: "check that it is the file you mean",
        place: .text(line: line + 1, column: 1))
    }
  }

  /// The rows, after the last line.
  mutating func finish() throws(DataError) -> SparseSamples {
    let last = cut
    cut = []
    if !last.isEmpty { try readLine(last[...]) }
    guard samples.count > 0 else {
      throw DataError("holds no rows", remedy: "write a label and index:value pairs in every row")
    }
    guard samples.width > 0 else {
      throw DataError("holds no features", remedy: "write index:value pairs after the labels")
    }
    samples.replaceZeroLabels()
    return samples
  }

  private mutating func readLine(_ text: ArraySlice<UInt8>) throws(DataError) {
    line += 1
    let hasMark = line == 1 && text.starts(with: [0xEF, 0xBB, 0xBF])
    var words = LIBSVMWords(hasMark ? text.dropFirst(3) : text, line: line)
    guard let first = words.next() else { return }
    let label = try label(words, first)
    // A feature takes four characters, the blank before it among them.
    guard samples.makeRoom(features: text.count / 4) else { throw DataError.outOfMemory }
    var previous = 0
    while let word = words.next() {
      let (index, value) = try words.feature(word, after: previous)
      samples.add(column: UInt32(index - 1), value: value)
      previous = index
    }
    samples.endRow(label: label)
  }

  private mutating func label(_ words: LIBSVMWords, _ word: Range<Int>) throws(DataError) -> Int8 {
    let remedy = "labels are -1 and +1, or 0 and 1"
    guard let number = words.number(word) else {
      let text = words.quoted(word)
      throw words.error(
        "\(text) is not a label", "begin every row with its label; \(remedy)", at: word.lowerBound)
    }
    let other: Int?
    switch number {
    case 1: return 1
    case 0:
      lineOfZero = lineOfZero ?? line
      other = lineOfMinusOne
    case -1:
      lineOfMinusOne = lineOfMinusOne ?? line
      other = lineOfZero
    default:
      throw words.error("the label \(words.quoted(word)) is not one of two", remedy, at: word.lowerBound)
    }
    if let other {
      throw words.error(
        "a label \(number == 0 ? "0" : "-1"), but line \(other) has \(number == 0 ? "-1" : "0")", remedy,
        at: word.lowerBound)
    }
    return Int8(number)
  }
}
