// SPDX-License-Identifier: Apache-2.0

/// A command of the language, described once for parsing, `help`, completion and the reference page.
struct CommandDescription: Sendable {
  let name: String
  /// Other names, which `help` does not list.
  let aliases: [String]
  /// How it is written.
  let usage: String
  /// One line without a full stop.
  let summary: String
  /// Paragraphs with the details.
  let details: String
  /// What it takes.
  let arguments: Arguments
  /// Where it is in the table, from 0.
  var position = 0

  var form: Statement.Form { arguments.form }
  var parameters: [Parameter] { arguments.parameters }
  var keys: [CommandKey] { arguments.keys }
  var flags: [Flag] { arguments.flags }
  var takesConditions: Bool { arguments.takesConditions }
  var takesLists: Bool { arguments.takesLists }

  init(
    name: String, aliases: [String], usage: String, summary: String, details: String, arguments: Arguments
  ) {
    self.name = name
    self.aliases = aliases
    self.usage = usage
    self.summary = summary
    self.details = details
    self.arguments = arguments
  }
}

/// An argument that is known by its position.
struct Parameter: Sendable {
  enum Presence: Sendable { case required, optional, repeated, any }

  let name: String
  let kind: ValueKind
  let presence: Presence
  let summary: String
}

/// An argument of the form `NAME=value`.
struct CommandKey: Sendable {
  private(set) var name: String
  /// The name that it had before, which is still accepted.
  let former: String?
  let kind: ValueKind
  /// Words that it also takes, some with an argument: `quantile(p)`.
  let words: [String]
  let summary: String
  /// The value when it is left out; empty where there is none.
  let standard: String

  init(
    _ name: String, formerly former: String? = nil, _ kind: ValueKind, words: [String] = [],
    _ summary: String,
    standard: String = ""
  ) {
    self.name = name
    self.former = former
    self.kind = kind
    self.words = words
    self.summary = summary
    self.standard = standard
  }

  /// The same under the name that was written.
  func called(_ name: String) -> CommandKey {
    var key = self
    key.name = name
    return key
  }
}

extension [CommandKey] {
  /// The key with that name, now or before; nil where there is none.
  func named(_ name: String) -> CommandKey? { first { $0.name == name } ?? first { $0.former == name } }
}

/// A word that stands for itself: `logx`.
struct Flag: Sendable {
  let name: String
  let summary: String
  /// Whether `NAME(KEY in LIST, …)` is the flag with lists.
  let takesLists: Bool
}
