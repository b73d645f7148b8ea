// SPDX-License-Identifier: Apache-2.0

/// The title of a column: words, perhaps with a unit at the end or in brackets.
///
/// Case, `_`, `-` and blanks make no difference: `step_time`, `Step-Time` and `StepTime` are the same title.
struct Title {
  /// As it is written.
  let text: String
  /// The same without what is in brackets at the end.
  let base: String
  /// The words of that in lower case.
  let words: [String]
  /// What is in brackets at the end.
  let bracket: String?

  init(_ cell: TableCell) {
    text = cell.string
    var rest = text[...]
    var bracket: String?
    for (open, close) in [("(", ")"), ("[", "]")] as [(Character, Character)] where rest.last == close {
      guard let start = rest.lastIndex(of: open) else { continue }
      bracket = rest[rest.index(after: start)...].dropLast().trimmingBlanks
      rest = rest[..<start]
      break
    }
    self.bracket = bracket
    base = rest.trimmingBlanks
    words = Self.words(rest)
  }

  private static func words(_ text: Substring) -> [String] {
    var words: [String] = []
    var word = ""
    var wasLower = false
    for character in text {
      let isSeparator = "_- \t\u{A0}".contains(character)
      // A capital letter begins a word after a small one: NodeList.
      if isSeparator || (character.isUppercase && wasLower), !word.isEmpty {
        words.append(word)
        word = ""
      }
      if !isSeparator { word += character.lowercased() }
      wasLower = character.isLowercase
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// Its words as one.
  var key: String { words.joined() }

  /// A title's words as one, for comparing.
  static func key(_ text: String) -> String { words(text[...]).joined() }

  /// The unit in brackets, or that the last of several words names. A single letter is a unit only in
  /// brackets and for `s`, unless `names` are the titles of a time and it is behind one of them.
  var unit: TimeUnit? {
    if let bracket, let unit = TimeUnit(bracket) { return unit }
    guard words.count > 1, let last = words.last, last.count > 1 || last == "s" else { return nil }
    return TimeUnit(last)
  }

  /// How it fits one of `names`, which are words as one.
  enum Fit {
    case no
    case yes(TimeUnit?)
    /// It would, but what is in brackets is no unit.
    case unknownUnit(String)
  }

  /// Whether it is one of `names`, for times also with a unit.
  func fit(_ names: Set<String>, isTime: Bool) -> Fit {
    guard isTime else { return names.contains(key) ? .yes(nil) : .no }
    let isUnitAlone = words.count == 1 && (TimeUnit(key).map { _ in key.count > 1 && key != "min" } ?? false)
    var unit: TimeUnit?
    if names.contains(key) || (isUnitAlone && names.contains("seconds")) {
      unit = isUnitAlone ? TimeUnit(key) : nil
    } else if let last = words.last, let named = TimeUnit(last),
      names.contains(words.dropLast().joined())
    {
      unit = named
    } else {
      return .no
    }
    guard let bracket else { return .yes(unit) }
    guard let named = TimeUnit(bracket), unit == nil || unit == named else { return .unknownUnit(bracket) }
    return .yes(named)
  }
}

extension Substring {
  /// It without blanks at both ends.
  fileprivate var trimmingBlanks: String {
    var rest = self
    while rest.first == " " { rest = rest.dropFirst() }
    while rest.last == " " { rest = rest.dropLast() }
    return String(rest)
  }
}
