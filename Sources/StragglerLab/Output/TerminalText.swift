// SPDX-License-Identifier: Apache-2.0

/// Text that is in cells of a terminal.
enum TerminalText {
  /// The text with control characters (line breaks, tabs, escapes) as spaces.
  static func clean(_ text: String) -> String {
    var cleaned = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let breaksLines = scalar.value == 0x2028 || scalar.value == 0x2029
      cleaned.append(isControl || breaksLines ? " " : scalar)
    }
    return String(cleaned)
  }

  /// How many cells a text takes: two for a wide character (East Asian, emoji), one for any other.
  static func width(_ text: String) -> Int {
    var total = 0
    for character in text { total += width(character) }
    return total
  }

  private static func width(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// The text in at most `limit` cells; where something is left out, it ends in `mark`.
  static func shortened(_ text: String, to limit: Int, mark: Character = "…") -> String {
    guard width(text) > limit else { return text }
    var kept = ""
    var total = 0
    for character in text {
      let next = width(character)
      if total + next > limit - 1 { break }
      kept.append(character)
      total += next
    }
    if limit > 0 { kept.append(mark) }
    return kept
  }

  /// The text with spaces before or after it, in `cells` cells if it is not longer.
  static func padded(_ text: String, to cells: Int, atLeft: Bool) -> String {
    let spaces = String(repeating: " ", count: max(0, cells - width(text)))
    return atLeft ? spaces + text : text + spaces
  }

  /// Entries one after the other on lines of at most `limit` cells, each line indented by two and fed.
  ///
  /// - Parameter paint: what goes before and after an entry and takes no cells.
  static func flow(
    _ entries: [String], to limit: Int, mark: Character, paint: (Int) -> (before: String, after: String)
  ) -> String {
    var text = ""
    var used = 0
    for (index, entry) in entries.enumerated() {
      let shown = shortened(entry, to: limit - 2, mark: mark)
      let cells = width(shown)
      if used > 0, used + 3 + cells > limit {
        text += "\n"
        used = 0
      }
      let gap = used == 0 ? 2 : 3
      let (before, after) = paint(index)
      text += String(repeating: " ", count: gap) + before + shown + after
      used += gap + cells
    }
    return text.isEmpty ? "" : text + "\n"
  }

  /// The text without spaces at its end.
  static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  /// The text in ASCII: the labels of axes are spelt out, and any other character becomes `?`.
  static func ascii(_ text: String) -> String {
    var spelt = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "‖": spelt += "||"
      case "∇": spelt += "grad "
      case "²": spelt += "^2"
      case "−", "–": spelt += "-"
      case "×": spelt += "x"
      case "…": spelt += "~"
      default: if scalar.isASCII { spelt.unicodeScalars.append(scalar) } else { spelt += "?" }
      }
    }
    return spelt
  }
}
