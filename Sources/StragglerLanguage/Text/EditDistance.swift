// SPDX-License-Identifier: Apache-2.0

/// How many edits lie between two words.
public enum EditDistance {
  /// The Damerau–Levenshtein distance: insertions, deletions, replacements, and swaps of neighbours. O(n · m)
  ///
  /// The restricted form, which edits no part twice ("optimal string alignment"; Damerau, 1964).
  static func between(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }

  /// The name that `word` was most likely meant to be, with case ignored: the only one that begins with it,
  /// if that is three letters or more; or else the closest one within a third of the length, at least one
  /// edit; ties go to the earlier name.
  public static func closest<Names: Sequence<String>>(to word: String, among names: Names) -> String? {
    // A long text is no misspelt name.
    guard !word.isEmpty, word.utf8.count <= 64 else { return nil }
    let wanted = word.lowercased()
    var best: (name: String, distance: Int)?
    var beginnings: [String] = []
    for name in names {
      let candidate = name.lowercased()
      if candidate.hasPrefix(wanted) { beginnings.append(name) }
      let distance = between(wanted, candidate)
      let allowed = max(1, min(wanted.utf8.count, candidate.utf8.count) / 3)
      // A word of one letter is one edit from every other.
      guard distance <= allowed, distance < candidate.utf8.count, distance < (best?.distance ?? .max) else {
        continue
      }
      best = (name, distance)
    }
    if beginnings.count == 1, best?.distance != 0, wanted.count >= (best == nil ? 2 : 3) {
      return beginnings[0]
    }
    return best?.name
  }
}
