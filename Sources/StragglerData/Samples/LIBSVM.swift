// SPDX-License-Identifier: Apache-2.0

/// Reads the text format of the LIBSVM collection: a row is `label index:value index:value …`.
///
/// Labels are numbers, at most 256 different ones: each is a class, in ascending order. Indices start at 1,
/// or at 0 in a file where one is 0; values that are not named are 0. Indices that do not ascend are sorted,
/// and `qid:` (of ranking data) is left out. `#` begins a comment; CRLF, a missing last line end, blanks at
/// the end of a row, rows without features, blank lines and a byte-order mark are accepted.
///
/// What was taken how is in `SparseSamples.reading`.
///
/// Source: C.-C. Chang, C.-J. Lin, "LIBSVM: a library for support vector machines" (2011).
public enum LIBSVM {
  /// Larger files than this are refused unless the caller says otherwise: 16 GiB.
  public static let standardLimit = 1 << 34

  /// Reads the file at `path`, which may be gzip, block by block. O(size).
  ///
  /// Throws where the file cannot be read or is larger than `limit` bytes, and for text that is no such row,
  /// at its line and column.
  ///
  /// Where the `target` is a number, what stands in front of a row is that, and no label.
  public static func read(
    _ path: String, _ target: SampleFile.Target = .classes, limit: Int = standardLimit
  ) throws(DataError) -> SparseSamples {
    var blocks = try FileBlocks(path, limit: limit)
    var reader = LIBSVMReader(target)
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
  public static func parse(
    _ bytes: [UInt8], _ target: SampleFile.Target = .classes
  ) throws(DataError) -> SparseSamples {
    try refuseOtherKinds(bytes)
    var reader = LIBSVMReader(target)
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
  /// Vectors of fewer features take little memory, whether there is a typing error in an index or not.
  private static let smallWidth = 1 << 17

  private let target: SampleFile.Target
  private var samples = SparseSamples()
  /// The features of the row that is being read, as they come.
  private var row: [(index: Int, value: Double)] = []
  /// The different labels, in the order in which they come.
  private var labels: [Double] = []
  /// The beginning of a line that the last block has cut.
  private var cut: [UInt8] = []
  private var line = 0
  /// The largest index, the line of the first row that has it, and the largest index of the other rows.
  private var largest = (index: 0, line: 0, other: 0)
  private var hasIndexZero = false

  init(_ target: SampleFile.Target = .classes) { self.target = target }

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
    guard largest.line > 0 else {
      throw DataError("holds no features", remedy: "write index:value pairs after the labels")
    }
    guard labels.count > 1 || target == .numbers else {
      throw DataError(
        "has one label only, \(SparseSamples.text(of: labels[0])), in all rows",
        remedy: "classification needs rows of two classes at least")
    }
    try refuseTypingError()
    samples.finish(labels: labels, firstIndex: hasIndexZero ? 0 : 1, largestIndex: largest.index)
    return samples
  }

  /// Throws where one row alone makes vectors longer than all data together.
  private func refuseTypingError() throws(DataError) {
    let width = largest.index + 1
    let bytes = 12 * samples.values.count + 9 * samples.count
    guard largest.other < largest.index, width > Self.smallWidth, 8 * width > bytes else { return }
    throw DataError(
      "the index \(largest.index) is in this row alone, and the largest of the other rows is "
        + "\(largest.other)",
      remedy: "correct it if it is a typing error; otherwise number the features without such gaps",
      place: .text(line: largest.line, column: 1))
  }

  private mutating func readLine(_ text: ArraySlice<UInt8>) throws(DataError) {
    line += 1
    let hasMark = line == 1 && text.starts(with: [0xEF, 0xBB, 0xBF])
    var words = LIBSVMWords(hasMark ? text.dropFirst(3) : text, line: line)
    guard let first = words.next() else { return }
    let number = try number(words, first)
    let label = target == .classes ? try label(number, words, first) : 0
    // A feature takes four characters, the blank before it among them.
    guard samples.makeRoom(features: text.count / 4), row.makeRoom(for: text.count / 4) else {
      throw DataError.outOfMemory
    }
    row.removeAll(keepingCapacity: true)
    var (previous, isAscending) = (-1, true)
    let features = words
    while let word = words.next() {
      if words.isQuery(word) {
        samples.countQuery()
        continue
      }
      let feature = try words.feature(word)
      guard feature.index != previous else { throw words.twice(feature.index, at: word.lowerBound) }
      isAscending = isAscending && feature.index > previous
      previous = feature.index
      row.append(feature)
    }
    if !isAscending { try sort(features) }
    noteIndices()
    for (index, value) in row { samples.add(column: UInt32(index), value: value) }
    switch target {
    case .classes: samples.endRow(label: label)
    case .numbers: samples.endRow(target: number)
    }
  }

  /// Brings the row's features into ascending order; throws where an index comes twice. `words` are those
  /// behind the label.
  private mutating func sort(_ words: LIBSVMWords) throws(DataError) {
    row.sort { $0.index < $1.index }
    samples.countSorted()
    guard let twice = zip(row, row.dropFirst()).first(where: { $0.index == $1.index })?.0.index else {
      return
    }
    var (words, seen) = (words, 0)
    while let word = words.next() {
      if words.isQuery(word) { continue }
      if try words.feature(word).index == twice { seen += 1 }
      if seen == 2 { throw words.twice(twice, at: word.lowerBound) }
    }
  }

  private mutating func noteIndices() {
    guard let first = row.first?.index, let last = row.last?.index else { return }
    if first == 0 { hasIndexZero = true }
    if last > largest.index || largest.line == 0 {
      largest = (last, line, largest.line == 0 ? 0 : largest.index)
    } else {
      largest.other = max(largest.other, last)
    }
  }

  /// What is in front of a row: its label or its target.
  private func number(_ words: LIBSVMWords, _ word: Range<Int>) throws(DataError) -> Double {
    guard let number = words.number(word), number.isFinite else {
      throw words.error(
        "\(words.quoted(word)) is not a \(target == .classes ? "label" : "number")",
        "begin every row with its \(target == .classes ? "label, a number" : "target")",
        at: word.lowerBound)
    }
    return number
  }

  private mutating func label(
    _ number: Double, _ words: LIBSVMWords, _ word: Range<Int>
  ) throws(DataError) -> UInt8 {
    if let known = labels.firstIndex(of: number) { return UInt8(known) }
    guard labels.count < SparseSamples.classesLimit else {
      throw words.error(
        "the label \(words.quoted(word)) is one of more than \(SparseSamples.classesLimit)",
        "labels are classes; measurements are no labels", at: word.lowerBound)
    }
    labels.append(number)
    return UInt8(labels.count - 1)
  }
}
