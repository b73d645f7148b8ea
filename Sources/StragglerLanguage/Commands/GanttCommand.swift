// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Shows who worked when in the last run.
struct GanttCommand: Command {
  static let name = "gantt"
  static let usage = "gantt [FILE] [from=T] [to=T] [title=…]"
  static let summary = "who worked when in the last run, and which work was used"

  private var file: Given<String>?
  private var from: Given<Double>?
  private var to: Given<Double>?
  private var title: Given<String>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, FigureForm.summary + "; the terminal if left out")
    arguments.key("from", &from, .nonnegative, "the first second that is shown", standard: "0")
    arguments.key("to", &to, .nonnegative, "the last second that is shown", standard: "the end of the run")
    arguments.key("title", &title, .text, "the title above the figure")
  }

  /// The run is played again for that: its events are known by its seed.
  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    guard let run = workspace.current.run, let method = workspace.configuration.method, !run.trace.isEmpty
    else { throw Diagnostic(.nothingHasRun, at: workspace.place) }
    var experiment = try workspace.experiment(method: method)
    experiment.isLogging = true
    let replay = try workspace.start(experiment)
    var recorder = GanttRecorder(workers: replay.workers)
    replay.onLog = { recorder.record($0) }
    replay.rehearse(events: run.events)
    let now = run.statistics.point.time
    guard (from?.value ?? 0) < (to?.value ?? now) else {
      throw Diagnostic(.noTimeBetween(NumberFormat.text(now)), at: from?.place ?? workspace.place)
    }
    var chart = recorder.chart(from: from?.value, to: to?.value, now: now)
    chart.names = workspace.configuration.names
    if !workspace.configuration.speeds.isEmpty {
      chart.timesOff = (0..<replay.workers).map { replay.timesOff(of: $0, from: chart.from, to: chart.to) }
    }
    let title = title?.value ?? method
    workspace.keep(.gantt(chart, title: title))
    if let file {
      let figure = GanttSVG().text(chart, title: title)
      try workspace.write(
        figure: workspace.provenanceOfRun.annotated(svg: figure), to: file, of: Self.self)
      return .done
    }
    let options = workspace.options
    let text = GanttText(width: options.plotWidth, color: options.isColored).text(chart)
    let bars: [JSONValue] = chart.bars.map {
      [.integer($0.worker + 1), .number($0.start), .number($0.end), .string($0.fate.rawValue)]
    }
    let off: [JSONValue] = chart.timesOff.enumerated().flatMap { worker, times in
      times.map { [.integer(worker + 1), .number($0.lowerBound), .number($0.upperBound)] }
    }
    try workspace.report(
      .object(
        [
          .init("command", .string(Self.name)), .init("workers", .integer(chart.workers)),
          .init("bars", .array(bars)),
        ] + (off.isEmpty ? [] : [.init("off", .array(off))])
          + (chart.names.isEmpty ? [] : [.init("names", .array(chart.names.map { .string($0) }))])),
      text: String(text.hasSuffix("\n") ? text.dropLast() : text[...]))
    return .done
  }
}
