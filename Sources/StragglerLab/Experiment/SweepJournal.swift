// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import Synchronization

/// A file that holds the finished points of a sweep, a line of JSON each, so that a sweep that was killed
/// goes on where it was.
///
/// Every line names the configuration it belongs to, so that the files of several shards make one when they
/// are concatenated, and has a checksum: one that was torn when the program was killed, or
/// damaged since, is passed over, and its point is run again. One process at a time has the file.
public final class SweepJournal: Sendable {
  /// What a line says about a point.
  enum Entry {
    case finished([Trial])
    case givenUp
  }

  /// Seconds between two waits for the disk. What has been written survives the program in any case.
  private static let patience = 1.0

  private struct Pen: ~Copyable {
    let file: LogFile
    var synchronized: Double
  }

  private let sweep: String
  /// The file when it was opened, and where in it the points are.
  private let bytes: [UInt8]
  private let lines: [Int: Range<Int>]
  /// The values of f* that it knew when it was opened, each with a point and a seed whose f* it is, and its
  /// place among what is searched for there.
  let optima: [(point: Int, seed: UInt64, place: Int, value: Double)]
  private let pen: Mutex<Pen>
  private let clock: @Sendable () -> Double

  /// Opens the file at `path`, or makes it. `configuration` is everything that the results depend on, in
  /// words; a file with points of another one is refused.
  ///
  /// `clock` gives real seconds, so that the disk is waited for at most once a second. Throws where the file
  /// cannot be read or written, or holds something else than points of a sweep.
  public init(
    _ path: String, configuration: String, clock: @escaping @Sendable () -> Double = { 0 }
  ) throws(LabError) {
    sweep = Self.fingerprint(configuration)
    self.clock = clock
    do throws(DataError) {
      guard [.missing, .file, .folder].contains(Files.kind(path)) else {
        throw DataError("is no plain file", remedy: "name a file that can be read again", path: path)
      }
      let file = try LogFile(path, append: true)
      // What two processes wrote would get mixed up, and each would do the other's work again.
      try file.claim()
      // Only now does it stay as it is.
      let bytes = try Files.read(path)
      file.sign()
      (lines, optima) = try Self.read(bytes, of: sweep, path)
      self.bytes = bytes
      // What is written next must not continue a torn line.
      if let last = bytes.last, last != UInt8(ascii: "\n") { try file.append("\n") }
      try file.flush()
      pen = Mutex(Pen(file: file, synchronized: clock()))
    } catch {
      throw LabError(error.description, key: "resume")
    }
  }

  /// How many points it knew when it was opened.
  public var count: Int { lines.count }

  /// A hash of a text (64 bits, FNV-1a), in hexadecimal.
  private static func fingerprint(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let figures = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - figures.count) + figures
  }

  private static func read(
    _ bytes: [UInt8], of sweep: String, _ path: String
  ) throws(DataError) -> ([Int: Range<Int>], [(point: Int, seed: UInt64, place: Int, value: Double)]) {
    var lines: [Int: Range<Int>] = [:]
    var optima: [(point: Int, seed: UInt64, place: Int, value: Double)] = []
    var others = 0
    var isJournal = bytes.isEmpty
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard !JournalLine.isOld(line) else {
        throw DataError(
          "is of an earlier version, whose lines have no checksum", remedy: "name a new file", path: path)
      }
      isJournal = isJournal || JournalLine.isOne(line)
      guard let content = JournalLine.content(line), let value = JSONValue(parsing: content),
        case .string(let name)? = value["sweep"], case .integer(let point)? = value["point"]
      else { continue }
      if name != sweep {
        others += 1
      } else if let optimum = value["optimum"]?.number {
        if case .string(let seed)? = value["seed"], let seed = UInt64(seed) {
          var place = 0
          if case .integer(let number)? = value["place"] { place = number }
          optima.append((point, seed, place, optimum))
        }
      } else {
        lines[point] = content.startIndex..<content.endIndex
      }
    }
    guard isJournal else {
      throw DataError(
        "holds no points of a sweep", remedy: "name a new file, or one that a sweep has written", path: path)
    }
    guard others == 0 else {
      throw DataError(
        "holds points of a sweep with another configuration",
        remedy: "name another file, or configure as it was when the file was written", path: path)
    }
    return (lines, optima)
  }

  // MARK: - Points

  /// What the file said about a point when it was opened; nil if nothing, or nothing about these seeds.
  func entry(of index: Int, seeds: [UInt64], method: String) -> Entry? {
    guard let place = lines[index], let line = JSONValue(parsing: bytes[place]) else { return nil }
    if case .bool(true)? = line["hopeless"] { return .givenUp }
    guard case .array(let runs)? = line["runs"], let stepsize = line["gamma"] else { return nil }
    // Null where it changes from update to update.
    let gamma = stepsize.number ?? .nan
    var trials: [Trial] = []
    for value in runs {
      guard let run = Comparison.FinishedRun(value, method: method) else { return nil }
      trials.append(Trial(run: run, gamma: gamma))
    }
    return trials.map(\.run.seed) == seeds ? .finished(trials) : nil
  }

  /// Adds a point that is over.
  func append(_ row: Comparison.Row, at index: Int) throws(LabError) {
    var members: [JSONValue.Member] = [.init("sweep", .string(sweep)), .init("point", .integer(index))]
    if row.runs.isEmpty {
      members.append(.init("hopeless", true))
    } else {
      members.append(.init("gamma", .number(row.gamma)))
      members.append(.init("runs", .array(row.runs.map(\.json))))
    }
    try append(.object(members))
  }

  /// Adds f* of a point at a seed, which is at `place` among what is searched for there.
  func append(optimum: Double, _ place: Int, of index: Int, seed: UInt64) throws(LabError) {
    var members: [JSONValue.Member] = [
      .init("sweep", .string(sweep)), .init("point", .integer(index)), .init("optimum", .number(optimum)),
      .init("seed", .string(String(seed))),
    ]
    if place > 0 { members.append(.init("place", .integer(place))) }
    try append(.object(members))
  }

  private func append(_ line: JSONValue) throws(LabError) {
    let text = JournalLine.text(line.line)
    do throws(DataError) {
      try pen.withLock { (pen) throws(DataError) in
        try pen.file.appendLine(text)
        let now = clock()
        if now - pen.synchronized < Self.patience { return try pen.file.flush() }
        try pen.file.synchronize()
        pen.synchronized = now
      }
    } catch { throw LabError(error.description, key: "resume") }
  }

  /// Waits until everything is on the disk.
  func finish() throws(LabError) {
    do throws(DataError) {
      try pen.withLock { (pen) throws(DataError) in try pen.file.synchronize() }
    } catch { throw LabError(error.description, key: "resume") }
  }
}

/// A line of a journal: the version, the CRC-32 of the content, and the content.
///
///     {"journal":2,"sum":3632233996,"entry":{…}}
private enum JournalLine {
  private static let beginning = Array("{\"journal\":2,\"sum\":".utf8)
  private static let middle = Array(",\"entry\":".utf8)

  static func text(_ content: String) -> String {
    let sum = CRC32.checksum(Array(content.utf8))
    return String(decoding: beginning, as: UTF8.self) + String(sum) + String(decoding: middle, as: UTF8.self)
      + content + "}"
  }

  /// Whether a line, or what is left of a torn one, is of a journal.
  static func isOne(_ line: ArraySlice<UInt8>) -> Bool {
    line.starts(with: beginning) || beginning.starts(with: line)
  }

  /// Whether it is of a journal without checksums.
  static func isOld(_ line: ArraySlice<UInt8>) -> Bool { line.starts(with: "{\"sweep\":".utf8) }

  /// The content, with its place in the file; nil where it is not what was written.
  static func content(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard line.starts(with: beginning), line.last == UInt8(ascii: "}") else { return nil }
    let rest = line.dropFirst(beginning.count)
    let figures = rest.prefix { (0x30...0x39).contains($0) }
    let content = rest.dropFirst(figures.count + middle.count).dropLast()
    guard rest.dropFirst(figures.count).starts(with: middle),
      UInt32(String(decoding: figures, as: UTF8.self)) == CRC32.checksum(Array(content))
    else { return nil }
    return content
  }
}
