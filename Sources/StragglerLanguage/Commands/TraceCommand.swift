// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Says how often a point of the trace is taken.
struct TraceCommand: Command {
  static let name = "trace"
  static let usage = "trace every=… [unit=…]"
  static let summary = "how often a point of the trace is taken"
  static let details = """
    Without it points are taken as often as is worth it, at most 1,000 of them; at least 100, or at every \
    update, where `time=` or `updates=` ends the run.
    """

  private enum Unit: String, CaseIterable, Sendable { case updates, time }

  private var every: Given<Double?>?
  private var unit: Given<Unit>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key(
      "every", &every, .positive(or: ["adaptive", "auto"]), "so many updates or seconds apart",
      standard: "adaptive")
    arguments.key(
      "unit", &unit, .choice, "what every= counts: updates, or simulated seconds", standard: "updates")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    workspace.configuration.interval = try interval()
    workspace.configurationChanged()
    return .done
  }

  private func interval() throws(Diagnostic) -> TraceInterval {
    guard let every, let number = every.value else { return .adaptive }
    if unit?.value == .time { return .seconds(number) }
    guard let updates = Int(exactly: number) else {
      throw Diagnostic(.fractionOfUpdates(NumberFormat.text(number)), at: every.place)
    }
    return .updates(updates)
  }
}
