// SPDX-License-Identifier: Apache-2.0

/// A word in UTF-8 in memory that it does not own: how names typed by a user reach the core.
@safe
public struct Text: BitwiseCopyable, @unchecked Sendable {
  private let base: UnsafePointer<UInt8>?
  /// Bytes of UTF-8.
  public let count: Int

  /// A view of `bytes`, which the caller keeps alive.
  @unsafe
  public init(_ bytes: UnsafeBufferPointer<UInt8>) {
    unsafe base = bytes.baseAddress
    count = bytes.count
  }

  /// A view of text known at compile time, which lives as long as the program.
  public init(_ text: StaticText) {
    guard text.value.hasPointerRepresentation else {
      unsafe base = nil
      count = 0
      return
    }
    unsafe base = text.value.utf8Start
    count = text.value.utf8CodeUnitCount
  }

  /// Whether both are the same bytes; canonically equivalent Unicode may differ. O(count).
  public static func == (left: Text, right: Text) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where unsafe left.base![index] != right.base![index] { return false }
    return true
  }

  /// Whether the word has the bytes of `right`. O(count).
  public static func == (left: Text, right: StaticText) -> Bool { left == Text(right) }
}

extension StaticText {
  public static func == (left: StaticText, right: StaticText) -> Bool { Text(left) == Text(right) }
}

extension Text {
  /// The position of this word in a list of words that are separated by single spaces.
  public func index(among words: StaticText) -> Int? {
    let list = Text(words)
    var (word, start, position) = (0, 0, 0)
    while position <= list.count {
      if unsafe position == list.count || list.base![position] == UInt8(ascii: " ") {
        if position - start == count, matches(list, from: start) { return word }
        word += 1
        start = position + 1
      }
      position += 1
    }
    return nil
  }

  private func matches(_ other: Text, from start: Int) -> Bool {
    for index in 0..<count where unsafe base![index] != other.base![start + index] { return false }
    return true
  }
}
