// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Fails unless an expression holds.
struct ExpectCommand: Command {
  static let name = "expect"
  static let usage = "expect EXPRESSION"
  static let summary = "fails unless the expression holds"
  static let details =
    "A script whose expectation fails ends with status 3. Spaces are free: `expect gap < 1 and time < 9`."

  private var expression = Expression.none

  mutating func arguments(_ arguments: inout Arguments) { arguments.expression(&expression) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let holds = isTrue(try expression.number(in: workspace.variables.environment))
    workspace.keep(.claim(holds: holds))
    if holds { return .done }
    let known = expression.variables.compactMap { name in
      workspace.variables[name].map { (name, $0.printed) }
    }
    workspace.diagnose(
      Diagnostic(.expectationFailed(expression.place.text, known), at: expression.place))
    return .expectationFailed
  }
}
