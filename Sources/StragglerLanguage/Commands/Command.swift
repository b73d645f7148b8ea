// SPDX-License-Identifier: Apache-2.0

/// A command of the language: its name, what it takes, its help, and what it does, in one file.
///
///     struct SeedCommand: Command {
///       static let name = "seed"
///       static let usage = "seed N"
///       static let summary = "the seed of all random numbers"
///
///       private var seed = Given(1)
///
///       mutating func arguments(_ arguments: inout Arguments) {
///         arguments.parameter("N", &seed, .integer(0...), "the seed")
///       }
///
///       func run(in workspace: Workspace) -> Outcome {
///         workspace.configuration.seed = UInt64(seed.value)
///         workspace.configurationChanged()
///         return .done
///       }
///     }
///
/// What is read into its properties has the right type and range; `run` checks only what arguments mean
/// together.
protocol Command: ArgumentSet {
  static var name: String { get }
  /// Other names, which `help` does not list.
  static var aliases: [String] { get }
  /// How it is written.
  static var usage: String { get }
  /// One line without a full stop.
  static var summary: String { get }
  /// Paragraphs that say the rest.
  static var details: String { get }

  /// Runs the command; throws what is wrong, located at the argument that caused it.
  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome
}

extension Command {
  static var aliases: [String] { [] }
  static var details: String { "" }
  mutating func arguments(_ arguments: inout Arguments) {}

  /// All that parsing, `help`, completion and the reference page know of it.
  static var description: CommandDescription {
    CommandDescription(
      name: name, aliases: aliases, usage: usage, summary: summary, details: details,
      arguments: Arguments(describing: Self.self))
  }

  /// Carries it out with arguments that were read as its description says.
  static func run(_ given: BoundArguments, in workspace: Workspace) throws(Diagnostic) -> Outcome {
    try Arguments.bound(Self.self, to: given).run(in: workspace)
  }

  /// An error about a file whose name says of none of its forms.
  static func unknownForm(_ file: Given<String>, _ endings: [String]) -> Diagnostic {
    let description = description
    return Diagnostic(
      .unknownForm(
        file.value, endings, flags: description.flags.map(\.name), keys: description.keys.map(\.name)),
      at: file.place)
  }
}
