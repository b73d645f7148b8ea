// SPDX-License-Identifier: Apache-2.0

/// Carries out a block if an expression holds.
struct IfCommand: Command {
  static let name = "if"
  static let usage = "if EXPRESSION { … }"
  static let summary = "runs a block if the expression holds"
  static let details = """
    Spaces are free: `if arg1 != "" { problem network data=mnist folder=arg1 }`. The block may go over \
    lines.
    """

  private var branch = Branch.none

  mutating func arguments(_ arguments: inout Arguments) { arguments.branch(&branch) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    guard isTrue(try branch.condition.number(in: workspace.variables.environment)) else { return .done }
    return workspace.language.execute(branch.body, in: workspace)
  }
}
