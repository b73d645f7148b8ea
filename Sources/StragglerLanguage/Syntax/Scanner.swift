// SPDX-License-Identifier: Apache-2.0

/// Cuts a text into words, strings, brackets and ends of statements. It knows nothing of what they mean.
struct Scanner {
  let source: SourceText
  var position: Int
  /// Whether the text ends with a `\\` that continues its last line.
  private(set) var endsWithContinuation = false
  private let end: Int

  init(_ place: Place) {
    source = place.source
    position = place.range.lowerBound
    end = place.range.upperBound
  }

  var isAtEnd: Bool { position >= end }
  var byte: UInt8? { byte(at: position) }
  func byte(at offset: Int) -> UInt8? { offset < end ? source.bytes[offset] : nil }
  func place(from start: Int) -> Place { Place(source, start..<max(start, position)) }
  /// The character at the position, or nothing at the end.
  var here: Place { Place(source, position..<min(end, position + 1)) }

  /// Skips white space, continued lines and comments.
  mutating func skipBlanks() {
    while let byte {
      if byte.isBlank {
        position += 1
      } else if let next = continuation(at: position) {
        position = next
      } else if byte == UInt8(ascii: "#") {
        while let byte = self.byte, !byte.isNewline { position += 1 }
      } else {
        return
      }
    }
  }

  /// Skips what may be between statements.
  mutating func skipSeparators() {
    skipBlanks()
    while let byte, byte.isNewline || byte == UInt8(ascii: ";") {
      position += 1
      skipBlanks()
    }
  }

  /// Where the next line starts, if a `\` at `offset` ends a line.
  private mutating func continuation(at offset: Int) -> Int? {
    guard byte(at: offset) == UInt8(ascii: "\\") else { return nil }
    var next = offset + 1
    while let byte = byte(at: next), byte.isBlank { next += 1 }
    guard let byte = byte(at: next) else {
      endsWithContinuation = true
      return end
    }
    return byte.isNewline ? next + 1 : nil
  }

  /// Whether the statement ends here.
  var isAtStatementEnd: Bool {
    guard let byte else { return true }
    return byte.isNewline || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "}")
  }

  /// The next name: a letter or `_`, then letters, digits and `_`. Nil if there is none.
  mutating func name() -> Place? {
    guard let byte, byte.beginsName else { return nil }
    let start = position
    while let byte = self.byte, byte.continuesName { position += 1 }
    return place(from: start)
  }

  /// The next argument: everything up to white space outside brackets and strings, or the end of the
  /// statement.
  mutating func argument() throws(Diagnostic) -> Place { try text(stopsAtBlank: true) }

  /// Everything up to the end of the statement or the beginning of a block.
  mutating func rest() throws(Diagnostic) -> Place { try text(stopsAtBlank: false).trimmed }

  private mutating func text(stopsAtBlank: Bool) throws(Diagnostic) -> Place {
    let start = position
    var brackets: [Int] = []
    scan: while let byte {
      let stopsHere = stopsAtBlank && brackets.isEmpty
      switch byte {
      case _ where byte.isBlank:
        if stopsHere { break scan }
        position += 1
      case UInt8(ascii: "\\"):
        let next = continuation(at: position)
        if next != nil && stopsHere { break scan }
        position = next ?? position + 1
      case _ where isAtString: try skipString()
      case UInt8(ascii: "("), UInt8(ascii: "["):
        guard brackets.count < SourceText.depthLimit else { throw Diagnostic(.tooDeep, at: here) }
        brackets.append(position)
        position += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"):
        guard let open = brackets.popLast() else { throw Diagnostic(.strayBracket(byte), at: here) }
        guard (source.bytes[open] == UInt8(ascii: "(")) == (byte == UInt8(ascii: ")")) else {
          throw Diagnostic(.mismatchedBracket(source.bytes[open], byte), at: here)
        }
        position += 1
      case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "#"):
        break scan
      case 0:
        _ = try checked(place(from: start))
        throw Diagnostic(.notText, at: here)
      default: position += 1
      }
    }
    if let open = brackets.last {
      throw Diagnostic(.unclosedBracket(source.bytes[open]), at: Place(source, open..<open + 1))
    }
    return try checked(place(from: start))
  }

  /// Whether a string begins here. An apostrophe within a word, as in `don't`, begins none.
  var isAtString: Bool {
    if byte == UInt8(ascii: "'") { return position == 0 || !source.bytes[position - 1].continuesName }
    return byte == UInt8(ascii: "\"")
  }

  /// Skips a string with its quotes.
  mutating func skipString() throws(Diagnostic) {
    let start = position
    let quote = byte
    position += 1
    while let byte, !byte.isNewline {
      position += 1
      if byte == quote { return }
      if byte == UInt8(ascii: "\\"), let next = self.byte, !next.isNewline { position += 1 }
    }
    throw Diagnostic(.unclosedString, at: Place(source, start..<start + 1))
  }

  /// The place, unless bytes in it are no UTF-8.
  private func checked(_ place: Place) throws(Diagnostic) -> Place {
    var decoder = UTF8()
    var bytes = place.bytes.makeIterator()
    var offset = place.range.lowerBound
    while true {
      switch decoder.decode(&bytes) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return place
      case .error: throw Diagnostic(.notText, at: Place(source, offset..<offset + 1))
      }
    }
  }

  /// Skips a statement that is in error, to the end of its line or of its block.
  mutating func skipStatement() {
    var depth = 0
    while let byte {
      switch byte {
      case UInt8(ascii: "\n") where depth == 0, UInt8(ascii: ";") where depth == 0: return
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}") where depth <= 1:
        position += 1
        return
      case UInt8(ascii: "}"): depth -= 1
      case _ where isAtString:
        // The newline after a string that has no end is left for the next turn.
        try? skipString()
        continue
      case UInt8(ascii: "\\"), UInt8(ascii: "#"):
        let start = position
        skipBlanks()
        if position > start { continue }
      default: break
      }
      position += 1
    }
  }
}
