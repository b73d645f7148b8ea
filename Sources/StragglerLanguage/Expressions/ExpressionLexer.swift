// SPDX-License-Identifier: Apache-2.0

/// A token of an expression.
struct Token {
  enum Kind: Equatable {
    case number(Double)
    case name
    case text(String)
    case binary(BinaryOperator)
    case not
    case open, close, openList, closeList, comma, range
    case end
  }

  var kind: Kind
  var place: Place
}

/// Cuts the text of an expression into tokens.
struct ExpressionLexer {
  private let source: SourceText
  private(set) var position: Int
  private let end: Int

  init(_ place: Place) {
    source = place.source
    position = place.range.lowerBound
    end = place.range.upperBound
  }

  private func byte(_ ahead: Int = 0) -> UInt8? {
    position + ahead < end ? source.bytes[position + ahead] : nil
  }

  mutating func next() throws(Diagnostic) -> Token {
    skipBlanks()
    let start = position
    guard let first = byte() else { return Token(kind: .end, place: Place(source, end..<end)) }
    let kind: Token.Kind
    if first.isDigit || (first == UInt8(ascii: ".") && byte(1)?.isDigit == true) {
      kind = .number(try number())
    } else if first.beginsName {
      while byte()?.continuesName == true { position += 1 }
      kind = keyword(source[start..<position])
    } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      kind = .text(try string(first))
    } else {
      kind = try symbol(first)
    }
    return Token(kind: kind, place: Place(source, start..<position))
  }

  /// White space, and the ends of continued lines.
  private mutating func skipBlanks() {
    while let byte = byte(), byte.isBlank || byte.isNewline || byte == UInt8(ascii: "\\") {
      if byte == UInt8(ascii: "\\") {
        var next = position + 1
        while next < end, source.bytes[next].isBlank { next += 1 }
        guard next == end || source.bytes[next].isNewline else { return }
        position = next
        if next == end { return }
      }
      position += 1
    }
  }

  private func keyword(_ name: String) -> Token.Kind {
    switch name {
    case "and": .binary(.and)
    case "or": .binary(.or)
    case "not": .not
    default: .name
    }
  }

  /// Digits with a fraction and an exponent. The dot of `1..10` belongs to the range.
  private mutating func number() throws(Diagnostic) -> Double {
    let start = position
    digits()
    if byte() == UInt8(ascii: "."), byte(1) != UInt8(ascii: ".") {
      position += 1
      digits()
    }
    if let e = byte(), e | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+") ? 1 : 0
      if byte(1 + sign)?.isDigit == true {
        position += 1 + sign
        digits()
      }
    }
    let place = Place(source, start..<position)
    if byte()?.continuesName == true {
      while byte()?.continuesName == true { position += 1 }
      let suffix = source[place.range.upperBound..<position]
      throw Diagnostic(.afterNumber(place.text, suffix), at: Place(source, place.range.upperBound..<position))
    }
    guard let value = Double(place.text.hasSuffix(".") ? place.text + "0" : place.text) else {
      throw Diagnostic(.notANumber(place.text), at: place)
    }
    guard value.isFinite else { throw Diagnostic(.tooLarge(place.text), at: place) }
    return value
  }

  private mutating func digits() {
    while byte()?.isDigit == true { position += 1 }
  }

  /// A string in quotes. A backslash stands for itself but before `"`, `\`, `n`, `t` and the string's own
  /// quote.
  private mutating func string(_ quote: UInt8) throws(Diagnostic) -> String {
    let start = position
    var text: [UInt8] = []
    position += 1
    while let byte = byte(), !byte.isNewline {
      position += 1
      if byte == quote { return String(decoding: text, as: UTF8.self) }
      guard byte == UInt8(ascii: "\\"), let next = self.byte() else {
        text.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "\\"), UInt8(ascii: "\""), quote: text.append(next)
      default:
        text.append(byte)
        continue
      }
      position += 1
    }
    throw Diagnostic(.unclosedString, at: Place(source, start..<start + 1))
  }

  private mutating func symbol(_ first: UInt8) throws(Diagnostic) -> Token.Kind {
    let second = byte(1)
    let equals = second == UInt8(ascii: "=")
    let (length, kind): (Int, Token.Kind)
    switch first {
    case UInt8(ascii: "+"): (length, kind) = (1, .binary(.add))
    case UInt8(ascii: "-"): (length, kind) = (1, .binary(.subtract))
    case UInt8(ascii: "*") where second != UInt8(ascii: "*"): (length, kind) = (1, .binary(.multiply))
    case UInt8(ascii: "/"): (length, kind) = (1, .binary(.divide))
    case UInt8(ascii: "^"): (length, kind) = (1, .binary(.power))
    case UInt8(ascii: "<"): (length, kind) = equals ? (2, .binary(.lessOrEqual)) : (1, .binary(.less))
    case UInt8(ascii: ">"): (length, kind) = equals ? (2, .binary(.greaterOrEqual)) : (1, .binary(.greater))
    case UInt8(ascii: "=") where equals: (length, kind) = (2, .binary(.equal))
    case UInt8(ascii: "!") where equals: (length, kind) = (2, .binary(.notEqual))
    case UInt8(ascii: "("): (length, kind) = (1, .open)
    case UInt8(ascii: ")"): (length, kind) = (1, .close)
    case UInt8(ascii: "["): (length, kind) = (1, .openList)
    case UInt8(ascii: "]"): (length, kind) = (1, .closeList)
    case UInt8(ascii: ","): (length, kind) = (1, .comma)
    case UInt8(ascii: ".") where second == UInt8(ascii: ".") && byte(2) != UInt8(ascii: "."):
      (length, kind) = (2, .range)
    default: throw unexpected()
    }
    position += length
    return kind
  }

  /// The character at the position, which no expression has.
  private func unexpected() -> Diagnostic {
    let rest = source[position..<min(end, position + 32)]
    let character = rest.first.map { String($0) } ?? ""
    let length = ["&&", "||", "**", "..."].first { rest.hasPrefix($0) }?.utf8.count ?? character.utf8.count
    let place = Place(source, position..<min(end, position + max(1, length)))
    return Diagnostic(.unexpectedCharacter(place.text), at: place)
  }
}
