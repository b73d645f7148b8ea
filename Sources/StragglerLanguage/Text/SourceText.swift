// SPDX-License-Identifier: Apache-2.0

/// A text of commands with its name: a script, a line of the prompt, the text after `-c`.
///
/// Places in it are offsets in UTF-8. Nothing is asked of the text: a byte-order mark is skipped, lines may
/// end with carriage return and newline, the last one with nothing, and bytes that are no UTF-8 are an error
/// only where a command has them.
public final class SourceText: Sendable {
  /// How deep brackets and blocks may be nested.
  static let depthLimit = 200

  /// The path of a file, or `<command>`, `<stdin>`, `<prompt>`.
  public let name: String
  let bytes: [UInt8]
  private let firstLine: Int
  private let lineStarts: [Int]

  /// `firstLine` is the number of the first line, for a text that is a part of another.
  public init(name: String, bytes: [UInt8], firstLine: Int = 1) {
    self.name = name
    self.firstLine = firstLine
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    var starts = [0]
    for (offset, byte) in self.bytes.enumerated() where byte.isNewline { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The text `text`, whose first line has the number `firstLine`.
  public convenience init(name: String, _ text: String, firstLine: Int = 1) {
    self.init(name: name, bytes: Array(text.utf8), firstLine: firstLine)
  }

  /// The text between two offsets; bytes that are no UTF-8 are replaced.
  subscript(range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// The whole text as a place.
  var all: Place { Place(self, 0..<bytes.count) }

  /// Line and column of an offset, both from 1. Columns count characters. O(log lines + columns)
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let line = line(at: offset)
    let end = max(line.lowerBound, min(offset, line.upperBound))
    return (firstLine + lineIndex(of: offset), self[line.lowerBound..<end].count + 1)
  }

  /// The line that holds an offset, without its end.
  func line(at offset: Int) -> Range<Int> {
    let index = lineIndex(of: offset)
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    while end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The last line that starts at or before an offset.
  private func lineIndex(of offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }
}

/// A part of a text.
public struct Place: Sendable {
  /// The text that it is a part of.
  public let source: SourceText
  /// Offsets in UTF-8.
  public let range: Range<Int>

  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    self.range = range.clamped(to: 0..<source.bytes.count)
  }

  /// The text at that place.
  public var text: String { source[range] }

  var bytes: ArraySlice<UInt8> { source.bytes[range] }

  /// The same place without white space at its ends.
  var trimmed: Place {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, source.bytes[start].isBlank || source.bytes[start].isNewline { start += 1 }
    while end > start, source.bytes[end - 1].isBlank || source.bytes[end - 1].isNewline { end -= 1 }
    return Place(source, start..<end)
  }

  /// For errors without a place in a text.
  static let nowhere = SourceText(name: "<default>", "").all

  /// From where this place starts to where `other` ends.
  func through(_ other: Place) -> Place {
    Place(source, range.lowerBound..<max(range.lowerBound, other.range.upperBound))
  }
}
