/// A command of the language, described once for parsing, `help`, completion and the reference page.
struct Command: Sendable {
  /// What follows the name.
  enum Syntax: Sendable {
    case arguments
    /// One expression to the end of the statement: `expect`.
    case expression
    /// `NAME = expression`: `let`, `default`.
    case assignment
    /// `NAME in list { script }`: `for`.
    case loop
    /// `expression { script }`: `if`.
    case condition
  }

  /// Where keys come from besides the command's own.
  enum KeySource: Sendable {
    case own
    /// Those of the problem or method that the first word names.
    case problem, method
    /// Any name, for a number or a text.
    case columns
  }

  let name: String
  /// Other names, which `help` does not list.
  let aliases: [String]
  /// How it is written.
  let usage: String
  /// One line without a full stop.
  let summary: String
  /// Paragraphs that say the rest.
  let details: String
  let syntax: Syntax
  let parameters: [Parameter]
  let keys: [CommandKey]
  let keySource: KeySource
  let flags: [Flag]
  /// Whether comparisons such as `gap<1e-6` are arguments.
  let takesConditions: Bool
  /// Whether `KEY in LIST` is an argument.
  let takesLists: Bool

  init(
    _ name: String, aliases: [String] = [], usage: String, summary: String, details: String = "",
    syntax: Syntax = .arguments, parameters: [Parameter] = [], keys: [CommandKey] = [],
    keySource: KeySource = .own,
    flags: [Flag] = [], takesConditions: Bool = false, takesLists: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.usage = usage
    self.summary = summary
    self.details = details
    self.syntax = syntax
    self.parameters = parameters
    self.keys = keys
    self.keySource = keySource
    self.flags = flags
    self.takesConditions = takesConditions
    self.takesLists = takesLists
  }
}

/// An argument that is known by its position.
struct Parameter: Sendable {
  enum Presence: Sendable { case required, optional, repeated, any }

  let name: String
  let kind: ValueKind
  let presence: Presence
  let summary: String

  init(_ name: String, _ kind: ValueKind, _ summary: String, presence: Presence = .required) {
    self.name = name
    self.kind = kind
    self.presence = presence
    self.summary = summary
  }
}

/// An argument of the form `NAME=value`.
struct CommandKey: Sendable {
  let name: String
  let kind: ValueKind
  /// Words that it takes besides, some with an argument: `quantile(p)`.
  let words: [String]
  let summary: String
  /// The value when it is left out; empty where there is none.
  let standard: String

  init(_ name: String, _ kind: ValueKind, words: [String] = [], _ summary: String, standard: String = "") {
    self.name = name
    self.kind = kind
    self.words = words
    self.summary = summary
    self.standard = standard
  }
}

/// A word that stands for itself: `logx`.
struct Flag: Sendable {
  let name: String
  let summary: String
  /// Whether `NAME(KEY in LIST, …)` is the flag with lists.
  let takesLists: Bool

  init(_ name: String, _ summary: String, takesLists: Bool = false) {
    self.name = name
    self.summary = summary
    self.takesLists = takesLists
  }
}
