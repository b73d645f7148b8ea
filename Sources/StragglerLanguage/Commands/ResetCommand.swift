// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Goes back to iteration 0.
struct ResetCommand: Command {
  static let name = "reset"
  static let usage = "reset"
  static let summary = "back to iteration 0 with the same configuration"

  func run(in workspace: Workspace) -> Outcome {
    workspace.current.run?.reset()
    return .done
  }
}
