// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage

/// The effect of the Tab key on a line, given its completions.
struct LineCompletion: Equatable {
  /// How many characters before the cursor are replaced, in Unicode scalars, the unit of terminals.
  let removed: Int
  /// The replacement.
  let inserted: String
  /// The candidates, if there are several.
  let shown: [String]

  /// Nil where nothing fits. The cursor is at the end of `text`.
  init?(_ completion: Completion, of text: String) {
    guard let first = completion.candidates.first else { return nil }
    let typed = Array(text.utf8)[completion.range.clamped(to: 0..<text.utf8.count)]
    let old = String(decoding: typed, as: UTF8.self)
    var common = Substring(first)
    for candidate in completion.candidates.dropFirst() {
      common = common.commonPrefix(with: candidate)
    }
    let isClear = completion.candidates.count == 1
    var new = String(common)
    if isClear, !["=", "<", ">", "(", "/", "\"", "'"].contains(first.suffix(1)) { new += " " }
    // Shorter than the text typed only if candidates differ in case, for example: then leave the text alone.
    let changes = isClear || new.utf8.count > old.utf8.count
    removed = changes ? old.unicodeScalars.count : 0
    inserted = changes ? new : ""
    shown = isClear || changes ? [] : completion.candidates
  }

  /// `names` in columns, read downwards, for a terminal of the given width. Ends with a newline.
  static func table(of names: [String], columns: Int) -> String {
    let width = (names.map(\.count).max() ?? 0) + 2
    let across = max(1, columns / width)
    let down = (names.count + across - 1) / across
    var text = ""
    for row in 0..<down {
      var line = ""
      for index in stride(from: row, to: names.count, by: down) {
        let isLast = index + down >= names.count
        line += names[index] + (isLast ? "" : String(repeating: " ", count: width - names[index].count))
      }
      text += line + "\n"
    }
    return text
  }
}

extension Substring {
  fileprivate func commonPrefix(with other: String) -> Substring {
    let length = zip(self, other).prefix { $0 == $1 }.count
    return prefix(length)
  }
}
