// SPDX-License-Identifier: Apache-2.0

/// Gives a variable a value.
struct LetCommand: Command {
  static let name = "let"
  static let usage = "let NAME = EXPRESSION"
  static let summary = "gives a variable a value"
  static let details = "The value is a number, or a text in quotes. Spaces are free."

  private var assignment = Assignment.none

  mutating func arguments(_ arguments: inout Arguments) { arguments.assignment(&assignment) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let value = try assignment.value.evaluate(in: workspace.variables.environment)
    workspace.variables.set(assignment.name.text, to: value)
    return .done
  }
}
