// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Chooses the problem.
struct ProblemCommand: Command {
  static let name = "problem"
  static let usage = "problem KIND key=value…"
  static let summary = "the objective to minimise"
  static let details = """
    The keys are those of the kind: `help quadratic`, say. A key left out, or `auto`, takes its standard \
    value. The run starts again from iteration 0. Where files hold other labels, indices or \
    images than it works with, it says what it took them for.
    """

  private var kind = Given("")
  private var given = BoundArguments.none

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("KIND", &kind, .problem, "which objective")
    arguments.keys(of: .problem, &given)
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let written = Written(given, in: workspace.variables.environment)
    let problem = try workspace.choose(problem: written, in: workspace.configuration)
    workspace.configuration.problem = written
    workspace.configurationChanged()
    if let reading = problem.reading {
      try workspace.report(
        .object([.init("command", .string(Self.name)), .init("data", .string(reading))]), text: reading)
    }
    return .done
  }
}
