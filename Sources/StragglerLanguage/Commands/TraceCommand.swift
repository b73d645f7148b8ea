// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

/// Says how often a point of the trace is taken.
struct TraceCommand: Command {
  static let name = "trace"
  static let usage = "trace every=… [unit=…] [stream=FILE.jsonl]"
  static let summary = "how often a point of the trace is taken"
  static let details = """
    Without it points are taken as often as is worth it, at most 1,000 of them; at least 100, or at every \
    update, where `time=` or `updates=` ends the run. With `unit=time` they are the state at multiples of \
    `every=`, after all events until then. With stream= every point of `run` and `step` goes to a file as \
    soon as it is taken, an object of JSON a line, for loggers; where a run goes back to look closer for a \
    condition, a point takes the place of all those after it.
    """

  private enum Unit: String, CaseIterable, Sendable { case updates, time }

  private var every: Given<Double?>?
  private var unit: Given<Unit>?
  private var stream: Given<String>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key(
      "every", &every, .positive(or: ["adaptive", "auto"]), "so many updates or seconds apart",
      standard: "adaptive")
    arguments.key(
      "unit", &unit, .choice, "what every= counts: updates, or simulated seconds", standard: "updates")
    arguments.key(
      "stream", &stream, .path, "a file that takes each point at once; none to end", standard: "none")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let interval = try interval()
    if let stream {
      do throws(DataError) {
        let isNone = stream.value == "none" || !workspace.writes
        workspace.current.stream = isNone ? nil : try PointSink(stream.value)
      } catch { throw Diagnostic(error, at: stream.place) }
      // A stream alone changes nothing of the run.
      if every == nil, unit == nil { return .done }
    }
    workspace.configuration.interval = interval
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
