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
    try workspace.report(
      ["command": "show", "commands": .array(commands.map { .string($0) })],
      text: commands.joined(separator: "\n"))
    return .done
  }
}
