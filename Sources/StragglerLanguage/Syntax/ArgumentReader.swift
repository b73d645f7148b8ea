// SPDX-License-Identifier: Apache-2.0

/// Looks at the text of an argument: which form it has, and its parts.
enum ArgumentReader {
  /// Whether `place` is a word: a letter or `_`, then letters, digits, `_` and `-`.
  static func isWord(_ place: Place) -> Bool {
    guard let first = place.bytes.first, first.beginsName else { return false }
    return place.bytes.allSatisfy { $0.continuesName || $0 == UInt8(ascii: "-") }
  }

  /// Whether `place` is a name, as of a variable.
  static func isName(_ place: Place) -> Bool {
    isWord(place) && place.bytes.allSatisfy { $0 != UInt8(ascii: "-") }
  }

  /// The name before a bracket that opens right after it: `quantile` of `quantile(0.9)`. Nil if there is
  /// none.
  static func calledName(_ place: Place) -> Place? {
    let bytes = place.bytes
    guard let open = bytes.firstIndex(of: UInt8(ascii: "(")), open > place.range.lowerBound else {
      return nil
    }
    let name = Place(place.source, place.range.lowerBound..<open)
    return isWord(name) ? name : nil
  }

  /// The parts of `(a, b)` or `[a, b]` between commas, without white space around them.
  static func parts(ofBracketed place: Place) throws(Diagnostic) -> [Place] {
    var parts: [Place] = []
    var start = place.range.lowerBound + 1
    var depth = 0
    for (offset, byte) in outsideStrings(place) {
      if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") { depth += 1 }
      if byte == UInt8(ascii: ",") && depth == 1 {
        parts.append(Place(place.source, start..<offset).trimmed)
        start = offset + 1
      }
      guard byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") else { continue }
      depth -= 1
      guard depth == 0 else { continue }
      let rest = Place(place.source, offset + 1..<place.range.upperBound)
      guard rest.range.isEmpty else { throw Diagnostic(.afterBracket(rest.text), at: rest) }
      let last = Place(place.source, start..<offset).trimmed
      if parts.isEmpty && last.range.isEmpty { return [] }
      parts.append(last)
      if let empty = parts.first(where: \.range.isEmpty) {
        throw Diagnostic(.expectedOperand(instead: ","), at: empty)
      }
      return parts
    }
    throw Diagnostic(.unclosedBracket(place.bytes.first ?? UInt8(ascii: "(")), at: place)
  }

  /// The first comparison outside brackets and strings: its place, and whether the text before it is all of a
  /// name.
  static func comparison(_ place: Place) -> (relation: Place, operation: BinaryOperator)? {
    var depth = 0
    for (offset, byte) in outsideStrings(place) {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!"):
        guard depth == 0 else { continue }
        let isDouble =
          offset + 1 < place.range.upperBound && place.source.bytes[offset + 1] == UInt8(ascii: "=")
        let relation = Place(place.source, offset..<offset + (isDouble ? 2 : 1))
        switch relation.text {
        case "<": return (relation, .less)
        case "<=": return (relation, .lessOrEqual)
        case ">": return (relation, .greater)
        case ">=": return (relation, .greaterOrEqual)
        case "==": return (relation, .equal)
        case "!=": return (relation, .notEqual)
        default: return nil
        }
      default: break
      }
    }
    return nil
  }

  /// Whether `..` stands outside brackets and strings between numbers or names, and not in a path.
  static func hasRange(_ place: Place) -> Bool {
    guard !place.bytes.contains(UInt8(ascii: "\"")) else { return false }
    var parser = try? ExpressionParser(place)
    guard (try? parser?.expression()) != nil else { return false }
    return parser?.token.kind == .range
  }

  /// The bytes of `place` that are in no string, with their offsets.
  private static func outsideStrings(_ place: Place) -> [(offset: Int, byte: UInt8)] {
    var result: [(offset: Int, byte: UInt8)] = []
    var scanner = Scanner(place)
    while let byte = scanner.byte {
      if scanner.isAtString {
        guard (try? scanner.skipString()) != nil else { return result }
      } else {
        result.append((scanner.position, byte))
        scanner.position += 1
      }
    }
    return result
  }
}
