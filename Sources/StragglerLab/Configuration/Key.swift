// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A key with its description in strings.
public struct Key: Sendable {
  /// What precedes the `=`.
  public let name: String
  /// The name that it had before, which is still accepted.
  public let former: String?
  /// What may follow the `=`.
  public let kind: KeyKind
  /// The words that it takes, some with an argument, as `quantile(p)`; empty where it takes none.
  public let words: [String]
  /// What the key is for, in a few words for `help`.
  public let summary: String
  /// The value that it has when it is left out, in words.
  public let standard: String

  init(_ key: KeyDescription) {
    name = "\(key.name)"
    former = key.former.map { "\($0)" }
    kind = key.kind
    // Over bytes: every start of the program comes here some hundred times.
    words = "\(key.words)".utf8.split(separator: UInt8(ascii: " ")).map { String(Substring($0)) }
    summary = "\(key.summary)"
    standard = "\(key.standard)"
  }

  init(_ name: String, _ kind: KeyKind, words: [String] = [], _ summary: String, standard: String) {
    self.name = name
    former = nil
    self.kind = kind
    self.words = words
    self.summary = summary
    self.standard = standard
  }
}

extension [Key] {
  /// The key with that name, now or before; nil where there is none.
  func named(_ name: String) -> Key? { first { $0.name == name } ?? first { $0.former == name } }
}
