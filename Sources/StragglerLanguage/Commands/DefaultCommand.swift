// SPDX-License-Identifier: Apache-2.0

/// Gives a variable a value, unless it has one.
struct DefaultCommand: Command {
  static let name = "default"
  static let usage = "default NAME = EXPRESSION"
  static let summary = "gives a variable a value, unless it has one"
  static let details = """
    For the arguments of a script that were left out: after `default arg2 = 10`, `arg2` is what was given, \
    or 10. Of a variable that has a value the expression is not evaluated.
    """

  private var assignment = Assignment.none

  mutating func arguments(_ arguments: inout Arguments) { arguments.assignment(&assignment) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let name = assignment.name.text
    guard workspace.variables[name] == nil else { return .done }
    let value = try assignment.value.evaluate(in: workspace.variables.environment)
    workspace.variables.set(name, to: value)
    return .done
  }
}
