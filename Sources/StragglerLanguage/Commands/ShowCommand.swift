// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Shows the configuration.
struct ShowCommand: Command {
  static let name = "show"
  static let usage = "show [problem|workers|topology|method|all]"
  static let summary = "the configuration as commands that recreate it"

  private var part: Given<ConfigurationPart>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("WHAT", &part, .choice, "which part; all if left out")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let commands = workspace.configuration.commands(of: part?.value ?? .all)
    guard workspace.options.isJSON || !commands.isEmpty else { return .done }
    let showsNames = [nil, .all, .workers].contains(part?.value)
    let names = showsNames ? workspace.configuration.names : []
    try workspace.report(
      [
        "command": "show", "commands": .array(commands.map { .string($0) }),
        "names": .array(names.map { .string($0) }),
      ],
      text: (commands + Self.comments(names)).joined(separator: "\n"))
    return .done
  }

  /// What the workers are called, in comments.
  private static func comments(_ names: [String]) -> [String] {
    let limit = 20
    let lines = names.prefix(limit).enumerated().map {
      "# worker \($0.offset + 1) is \(TerminalSafety.line($0.element).quoted)"
    }
    return lines + (names.count > limit ? ["# and \(names.count - limit) more"] : [])
  }
}
