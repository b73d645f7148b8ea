// SPDX-License-Identifier: Apache-2.0

/// Carries out a block for every value of a list.
struct ForCommand: Command {
  static let name = "for"
  static let usage = "for NAME in LIST { … }"
  static let summary = "runs a block once for every value of a list"
  static let details = """
    A list is [a, b, …], methods("NAME", …) or A..B, with a step if need be: `for gamma in [0.1, 0.2] \
    { … }`, `for k in 0..100 by 10 { … }`. A..B ends with B, and is empty where B < A. The block may go \
    over lines.
    """

  private var loop = Loop.none

  mutating func arguments(_ arguments: inout Arguments) { arguments.loop(&loop) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let values = try loop.list.values(in: workspace.variables.environment)
    return workspace.inTurn(values) { value in
      workspace.variables.set(loop.variable.text, to: value)
      return workspace.language.execute(loop.body, in: workspace)
    }
  }
}
