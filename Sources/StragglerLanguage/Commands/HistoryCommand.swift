// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Shows the commands given so far.
struct HistoryCommand: Command {
  static let name = "history"
  static let usage = "history"
  static let summary = "the commands given so far"

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let lines = workspace.world.history()
    guard workspace.options.isJSON || !lines.isEmpty else { return .done }
    let width = String(lines.count).count
    let text = lines.enumerated().map { index, line in
      let number = String(index + 1)
      return String(repeating: " ", count: width - number.count) + number + "  " + line
    }
    try workspace.report(
      ["command": "history", "lines": .array(lines.map { .string($0) })], text: text.joined(separator: "\n"))
    return .done
  }
}
