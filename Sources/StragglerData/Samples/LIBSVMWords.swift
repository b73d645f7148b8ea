// SPDX-License-Identifier: Apache-2.0

/// The words of a line of LIBSVM text, and what they say.
struct LIBSVMWords {
  private static let largestIndex = Int(Int32.max)

  private let text: ArraySlice<UInt8>
  private let line: Int
  private var position: Int

  init(_ text: ArraySlice<UInt8>, line: Int) {
    self.text = text
    self.line = line
    position = text.startIndex
  }

  /// Where the next word is; nil at the end of the line and at a comment.
  mutating func next() -> Range<Int>? {
    while position < text.endIndex, Self.isBlank(text[position]) { position += 1 }
    guard position < text.endIndex, text[position] != UInt8(ascii: "#") else { return nil }
    let start = position
    while position < text.endIndex, !Self.isBlank(text[position]), text[position] != UInt8(ascii: "#") {
      position += 1
    }
    return start..<position
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// Whether `word` is `qid:number`, which groups the rows of ranking data and is no feature.
  func isQuery(_ word: Range<Int>) -> Bool {
    let name = "qid:".utf8
    return text[word].starts(with: name) && word.count > name.count
      && text[word].dropFirst(name.count).allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The error about an index that is in a row twice.
  func twice(_ index: Int, at position: Int) -> DataError {
    error("the index \(index) comes twice", "name a feature once in a row", at: position)
  }

  /// The index and value of `word`, which is `index:value`.
  func feature(_ word: Range<Int>) throws(DataError) -> (index: Int, value: Double) {
    var colon = word.lowerBound
    while colon < word.upperBound, text[colon] != UInt8(ascii: ":") { colon += 1 }
    guard colon < word.upperBound else {
      throw error("\(quoted(word)) has no colon", "write a feature as index:value", at: word.lowerBound)
    }
    let index = try index(word.lowerBound..<colon)
    let place = colon + 1..<word.upperBound
    guard !place.isEmpty else {
      throw error(
        "no value after \(quoted(word))", "write a feature as index:value, without blanks", at: colon + 1)
    }
    guard let value = number(place) else {
      throw error("\(quoted(place)) is not a number", "write a value such as 1 or 0.25", at: place.lowerBound)
    }
    guard value.isFinite else {
      throw error("\(quoted(place)) is too large", "values are finite numbers", at: place.lowerBound)
    }
    return (index, value)
  }

  private func index(_ place: Range<Int>) throws(DataError) -> Int {
    var index = 0
    var isInteger = !place.isEmpty
    for position in place {
      let digit = text[position] &- UInt8(ascii: "0")
      if digit > 9 { isInteger = false }
      if index <= Self.largestIndex { index = index * 10 + Int(digit) }
    }
    guard isInteger else {
      throw error(
        "\(quoted(place)) is not an index", "write a feature as index:value, with a whole number",
        at: place.lowerBound)
    }
    guard index <= Self.largestIndex else {
      throw error(
        "the index \(quoted(place)) is too large", "indices go up to \(Self.largestIndex)",
        at: place.lowerBound)
    }
    return index
  }

  /// The decimal number at `place`, correctly rounded; infinite where it is too large, nil where it is none.
  func number(_ place: Range<Int>) -> Double? {
    // Up to 15 digits and 22 places: both are exact, so that one division rounds correctly (Clinger, 1990).
    var mantissa = 0
    var (digits, places) = (0, 0)
    var hasPoint = false
    for position in place {
      let byte = text[position]
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
        continue
      }
      let digit = byte &- UInt8(ascii: "0")
      guard digit <= 9, digits < 15 else { return slowNumber(place) }
      mantissa = mantissa * 10 + Int(digit)
      digits += 1
      if hasPoint { places += 1 }
    }
    guard digits > 0 else { return nil }
    return places == 0 ? Double(mantissa) : Double(mantissa) / Self.powersOfTen[places]
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private func slowNumber(_ place: Range<Int>) -> Double? {
    // Digits, "+", "-", ".", "e" and "E": neither hexadecimal numbers nor words.
    let isDecimal = text[place].allSatisfy { byte in
      (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }
    return isDecimal ? Double(String(decoding: text[place], as: UTF8.self)) : nil
  }

  /// For messages: at most 24 characters, control characters as "?".
  func quoted(_ place: Range<Int>) -> String {
    TableCell(line: line, column: 1, text: text[place]).quoted
  }

  /// An error about what is at `position`.
  func error(_ problem: String, _ remedy: String, at position: Int) -> DataError {
    // Bytes that continue a character do not count.
    let column = text[..<position].reduce(1) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    return DataError(problem, remedy: remedy, place: .text(line: line, column: column))
  }
}
