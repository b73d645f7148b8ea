// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Runs for some updates.
struct StepCommand: Command {
  static let name = "step"
  static let usage = "step [N]"
  static let summary = "N updates of the model"

  private var updates: Given<Int>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("N", &updates, .integer(1...), "how many updates; 1 if left out")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let run = try workspace.theRun()
    let (updates, overflow) = run.statistics.point.iteration.addingReportingOverflow(self.updates?.value ?? 1)
    defer { workspace.current.command = "run updates=\(run.iteration)" }
    return try workspace.advance(run, until: Stop(updates: overflow ? .max : updates))
  }
}
