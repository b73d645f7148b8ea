// SPDX-License-Identifier: Apache-2.0

/// Leaves.
struct QuitCommand: Command {
  static let name = "quit"
  static let aliases = ["exit"]
  static let usage = "quit"
  static let summary = "leaves"

  func run(in workspace: Workspace) -> Outcome {
    workspace.hasQuit = true
    return .quit
  }
}
