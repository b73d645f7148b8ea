// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Shows the state of the run.
struct StatsCommand: Command {
  static let name = "stats"
  static let usage = "stats"
  static let summary = "the state of the run"
  static let details = """
    `time` in simulated seconds; `iteration`, the updates of the model; of jobs and their gradients, how \
    many were `assigned`, delivered (`arrivals`), `used`, `discarded` or `cancelled`; `gradients`, the \
    work of all jobs, cancelled ones included; `loss`, `gap` to the least loss, `gradnorm2` = ‖∇f(x)‖², \
    test `accuracy`; `delay_mean` and `delay_max` of used gradients, in updates; `busy`, the share of the \
    time that workers worked, and `useful`, the share of their work that was used; `energy`; `wall`, real \
    seconds; `memory` in bytes; `stopped`, why the run ended. What is not known is nan. The numbers are \
    variables afterwards: `expect gap < 1`.
    """

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let statistics: Statistics
    if let real = workspace.current.real, real.isLatest {
      statistics = real.statistics
    } else {
      statistics = try workspace.theRun().statistics
    }
    workspace.remember(statistics)
    workspace.keep(.text(statistics.repeatableLines.joined(separator: "\n")))
    try workspace.report(
      statistics.json.reported(by: Self.name), text: statistics.lines.joined(separator: "\n"))
    return .done
  }
}
