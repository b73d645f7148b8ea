// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
public import StragglerData

/// The state of a run in a form that outlives the program: how far it has come, its trace, and its vectors.
///
/// The times of events do not depend on the vectors, so events are not stored: they are simulated again,
/// about a million a second, without evaluating a gradient. A run resumed from a checkpoint is bit for bit
/// the run that did not stop.
public struct Checkpoint: Sendable {
  /// Lines that say how to configure the run. Their meaning is up to the caller; a line feed within one
  /// makes two.
  public var configuration: [String]
  /// What the files held that the configuration names.
  public var files: [FileContent] = []
  let progress: Progress
  let seconds: Double
  let stopped: StopReason?
  let timeResolution: Double
  let isCoarse: Bool
  let trace: TraceRecorder.State
  let vectors: [UInt8]

  /// The progress of a run. Another configuration has another progress after the same number of events.
  struct Progress: Equatable, Sendable {
    var events: Int
    var time: Double
    var iteration: Int
    var arrivals: Int
  }

  /// What points have behind that of the first edition, and `available`.
  private static let later: [Quantity] = [
    .cancelled, .gradients, .messages, .coordinates, .energy, .busy, .delayMean, .consensus,
  ]

  private static let title = "straggler checkpoint 3"

  init(
    configuration: [String], progress: Progress, seconds: Double, stopped: StopReason?,
    timeResolution: Double, isCoarse: Bool, trace: TraceRecorder.State, vectors: [UInt8]
  ) {
    self.configuration = configuration
    self.progress = progress
    self.seconds = seconds
    self.stopped = stopped
    self.timeResolution = timeResolution
    self.isCoarse = isCoarse
    self.trace = trace
    self.vectors = vectors
  }

  /// The bytes of a file: lines of text, the second of which has the CRC-32 of all that follows it, then the
  /// vectors as they are in memory.
  public var bytes: [UInt8] {
    let content = content
    return Array("\(Self.title)\nsum \(CRC32.checksum(content))\n".utf8) + content
  }

  /// `path` with control characters, which could end the line, and % as %XX.
  private static func onOneLine(_ path: String) -> String {
    path.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.value < 0x20 || scalar == "%" {
        text += (scalar.value < 0x10 ? "%0" : "%") + String(scalar.value, radix: 16)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  /// The path that `onOneLine` was given; nil where the text is none of its.
  private static func path(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
      bytes.append(code)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var content: [UInt8] {
    var lines = configuration.flatMap { line in
      line.utf8.split(separator: UInt8(ascii: "\n")).map { "configure \(Substring($0))" }
    }
    lines += files.map { "file \($0.size) \($0.hash) \(Self.onOneLine($0.path))" }
    lines.append(
      "events \(progress.events) \(progress.time) \(progress.iteration) \(progress.arrivals)")
    lines.append("wall \(seconds)")
    if let stopped { lines.append("stopped \(stopped.word)") }
    if !timeResolution.isNaN { lines.append("resolution \(timeResolution) \(isCoarse ? 1 : 0)") }
    lines.append("trace \(trace.stride) \(trace.nextIteration) \(trace.nextTime) \(trace.usedAtLast)")
    for point in trace.points {
      lines.append(
        "point \(point.time) \(point.iteration) \(point.arrivals) \(point.used) \(point.loss) \(point.gap) "
          + "\(point.gradnorm2) \(point.accuracy) \(point.available)"
          + Self.later.map { " \(point[$0])" }.joined())
    }
    lines.append("vectors \(vectors.count)")
    return Array((lines.joined(separator: "\n") + "\n").utf8) + vectors
  }

  /// Reads what `bytes` gave. O(count). Throws where it is no checkpoint of this version, or is incomplete.
  public init(_ bytes: [UInt8]) throws(LabError) {
    guard AvailableMemory.has(2 * bytes.count) else { throw LabError(SetupError.outOfMemory) }
    var reader = LineReader(bytes: bytes)
    guard reader.next() != nil, reader.line == Self.title else {
      throw LabError("this is not a checkpoint of this version", remedy: "checkpoint FILE makes one")
    }
    guard let sum = reader.next(), sum.count == 2, sum[0] == "sum",
      UInt32(sum[1]) == CRC32.checksum(Array(reader.rest))
    else {
      throw LabError(
        "the checkpoint is cut off or has been changed", remedy: "checkpoint FILE makes a new one")
    }
    var configuration: [String] = []
    var files: [FileContent] = []
    var (progress, seconds, stopped) = (Progress?.none, 0.0, StopReason?.none)
    var (resolution, isCoarse) = (Double.nan, false)
    var trace = TraceRecorder.State()
    while let words = reader.next() {
      switch (words.first ?? "", words.count) {
      case ("configure", 2...): configuration.append(String(reader.line.dropFirst("configure ".count)))
      case ("events", 5):
        progress = Progress(
          events: try reader.count(words[1]), time: try reader.number(words[2]),
          iteration: try reader.count(words[3]), arrivals: try reader.count(words[4]))
      case ("file", 4...):
        let path = reader.line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)[3]
        guard let path = Self.path(path) else { throw reader.broken }
        files.append(FileContent(path: path, size: try reader.count(words[1]), hash: String(words[2])))
      case ("wall", 2): seconds = try reader.number(words[1])
      case ("stopped", 2):
        guard let reason = StopReason(word: String(words[1])) else { throw reader.broken }
        stopped = reason
      case ("resolution", 3):
        (resolution, isCoarse) = (try reader.number(words[1]), words[2] == "1")
      case ("trace", 5):
        (trace.stride, trace.nextIteration) = (try reader.count(words[1]), try reader.count(words[2]))
        (trace.nextTime, trace.usedAtLast) = (try reader.number(words[3]), try reader.count(words[4]))
        guard trace.stride > 0 else { throw reader.broken }
      case ("point", 9), ("point", 10), ("point", 10 + Self.later.count):
        var point = TracePoint(
          time: try reader.number(words[1]), iteration: try reader.count(words[2]),
          arrivals: try reader.count(words[3]), used: try reader.count(words[4]),
          loss: try reader.number(words[5]), gap: try reader.number(words[6]),
          gradnorm2: try reader.number(words[7]), accuracy: try reader.number(words[8]))
        // Older ones have none.
        if words.count > 9 { point.available = try reader.number(words[9]) }
        if words.count > 10 {
          var later: [Double] = []
          for word in words[10...] { later.append(try reader.number(word)) }
          let counts = later.map { Int(exactly: $0) }
          (point.cancelled, point.gradients) = (counts[0], counts[1])
          (point.messages, point.coordinates) = (counts[2], counts[3])
          (point.energy, point.busy) = (later[4], later[5])
          (point.delayMean, point.consensus) = (later[6], later[7])
        }
        // Points are in order; NaN is in none.
        let last = trace.points.last
        guard point.time >= last?.time ?? 0, point.iteration >= last?.iteration ?? 0 else {
          throw reader.broken
        }
        trace.points.append(point)
      case ("vectors", 2):
        let rest = reader.rest
        guard let progress, rest.count == Int(words[1]) else { throw reader.broken }
        self.init(
          configuration: configuration, progress: progress, seconds: seconds, stopped: stopped,
          timeResolution: resolution, isCoarse: isCoarse, trace: trace, vectors: Array(rest))
        self.files = files
        return
      default: throw reader.broken
      }
    }
    throw reader.broken
  }
}

/// The lines at the beginning of bytes that are not all text.
private struct LineReader {
  let bytes: [UInt8]
  private(set) var line = ""
  private var number = 0
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// What follows the lines that have been read.
  var rest: ArraySlice<UInt8> { bytes[position...] }

  var broken: LabError {
    LabError("line \(number) of the checkpoint is invalid", remedy: "checkpoint FILE makes a new one")
  }

  func number(_ word: Substring) throws(LabError) -> Double {
    guard let number = Double(word) else { throw broken }
    return number
  }

  /// A number of things: not negative, and so far from the largest integer that sums of a few do not
  /// overflow.
  func count(_ word: Substring) throws(LabError) -> Int {
    guard let count = Int(word), (0...1 << 61).contains(count) else { throw broken }
    return count
  }

  /// The words of the next line; nil at the end.
  mutating func next() -> [Substring]? {
    guard position < bytes.count, let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    line = String(decoding: bytes[position..<end], as: UTF8.self)
    position = end + 1
    number += 1
    return line.split(separator: " ")
  }
}

extension Run {
  /// The state of the run, to go on from later; `configuration` is kept with it. Throws where there is no
  /// memory for it.
  public func checkpoint(configuration: [String] = []) throws(LabError) -> Checkpoint {
    // The vectors, and what becomes of them on their way to a file.
    guard AvailableMemory.has(vectors.stateByteCount, times: 3) else {
      throw LabError(SetupError.outOfMemory)
    }
    return Checkpoint(
      configuration: configuration, progress: reached, seconds: seconds, stopped: stopped,
      timeResolution: timeResolution, isCoarse: isCoarse, trace: recorder.state, vectors: vectors.state())
  }

  /// Restores the state at which `checkpoint` was taken, in a run of the same configuration. O(events),
  /// without gradients.
  ///
  /// Throws, and leaves the run unusable, where the configuration differs. `interrupted` is called now and
  /// then; returns false where it held.
  public func restore(
    _ checkpoint: Checkpoint, progress: (Double) -> Void = { _ in }, interrupted: () -> Bool = { false }
  ) throws(LabError) -> Bool {
    reset()
    let events = checkpoint.progress.events
    while self.events < events {
      guard rehearseOn(min(1 << 16, events - self.events)) > 0 else { break }
      if interrupted() { return false }
      progress(Double(self.events) / Double(events))
    }
    guard reached == checkpoint.progress, vectors.setState(checkpoint.vectors) else {
      throw LabError(
        "the checkpoint is of another configuration",
        remedy: "restore it with the data, recordings and version that it was made with")
    }
    take(checkpoint)
    return true
  }
}
