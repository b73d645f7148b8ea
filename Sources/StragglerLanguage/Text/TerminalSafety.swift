// SPDX-License-Identifier: Apache-2.0

/// Texts from elsewhere, such as names of files, as a terminal may be shown them.
public enum TerminalSafety {
  /// `text` on one line, with U+FFFD for what a terminal would obey in place of showing it: control
  /// characters but the tab, ends of lines, and marks that turn the direction of writing. O(length)
  public static func line(_ text: String) -> String {
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      safe.append(isObeyed(scalar) || scalar == "\n" ? "\u{FFFD}" : scalar)
    }
    return String(safe)
  }

  /// The same for a text of many lines, in which colours (`ESC [ numbers m`) may be. O(length)
  public static func colored(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isObeyed($0) }) else { return text }
    let scalars = Array(text.unicodeScalars)
    var safe = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      if let end = endOfColor(scalars, at: index) {
        safe.append(contentsOf: scalars[index..<end])
        index = end
      } else {
        safe.append(isObeyed(scalars[index]) ? "\u{FFFD}" : scalars[index])
        index += 1
      }
    }
    return String(safe)
  }

  /// Where the colour that begins at `start` ends; nil where none does.
  private static func endOfColor(_ scalars: [Unicode.Scalar], at start: Int) -> Int? {
    guard scalars[start] == "\u{1B}", start + 1 < scalars.count, scalars[start + 1] == "[" else { return nil }
    var end = start + 2
    while end < scalars.count, ("0"..."9").contains(scalars[end]) || scalars[end] == ";" { end += 1 }
    return end < scalars.count && scalars[end] == "m" ? end + 1 : nil
  }

  /// Tabs and line feeds are not among them.
  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\t", "\n": false
    case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}",
      "\u{2066}"..."\u{2069}":
      true
    default: false
    }
  }
}
