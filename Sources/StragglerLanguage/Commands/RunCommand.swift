// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Runs until a condition holds.
struct RunCommand: Command {
  static let name = "run"
  static let usage = "run STOP…"
  static let summary = "runs until the first of the conditions"
  static let details = """
    Conditions are counts and times from iteration 0 on, and comparisons such as `gradnorm2<1e-4`, \
    `gap<1e-6` or `accuracy>0.9`. A condition ends the run at an update at which it holds; it was seen not \
    to hold at most 2 % of the updates earlier, or one update. Where finding that would cost more than the \
    run itself and a second, a note and `time_resolution` say by how many seconds the time may be too \
    long: since the last look at which the condition did not hold, or, where it comes and goes, since \
    looks were too far apart. If no event can come, because all workers are stuck, or because jobs take no \
    time, the run stops and says so.
    """

  private var until = StopArguments()

  mutating func arguments(_ arguments: inout Arguments) { until.arguments(&arguments) }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let stop = try until.stop(for: Self.name, at: workspace.place)
    let run = try workspace.theRun()
    try workspace.check(until, of: run)
    let outcome = try workspace.advance(run, until: stop, or: until.conditions.map(\.value))
    workspace.current.command = workspace.commandAtHand
    return outcome
  }
}
