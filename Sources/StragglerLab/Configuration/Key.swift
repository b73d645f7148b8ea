public import StragglerCore

/// A key with its description in strings.
public struct Key: Sendable {
  /// What precedes the `=`.
  public let name: String
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
    kind = key.kind
    words = "\(key.words)".split(separator: " ").map(String.init)
    summary = "\(key.summary)"
    standard = "\(key.standard)"
  }

  init(_ name: String, _ kind: KeyKind, words: [String] = [], _ summary: String, standard: String) {
    self.name = name
    self.kind = kind
    self.words = words
    self.summary = summary
    self.standard = standard
  }
}
