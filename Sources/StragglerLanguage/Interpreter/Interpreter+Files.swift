internal import StragglerData
internal import StragglerLab

extension Interpreter {
  /// Writes the trace or the last table, in the form that the file's name asks for.
  func save(_ arguments: BoundArguments) throws -> Outcome {
    guard let file = arguments["FILE"], let path = file.word else { return .failed }
    guard let form = FileForm(path) else {
      throw Diagnostic(.unknownForm(path, [".csv", ".json", ".md"], arguments.command), at: file.place)
    }
    try write(
      try text(as: form, traces: arguments.flags.contains("traces"), at: file.place), to: path, at: file.place
    )
    // Tables of one's own are shown when they are ready.
    if case .table = latest, let table = tables[tableName] { keep(.table(table.text, note: "")) }
    return .done
  }

  /// What a file can hold.
  private enum FileForm {
    case csv, json, markdown

    init?(_ path: String) {
      if path.hasSuffix(".csv") {
        self = .csv
      } else if path.hasSuffix(".json") {
        self = .json
      } else if path.hasSuffix(".md") {
        self = .markdown
      } else {
        return nil
      }
    }
  }

  private func text(as form: FileForm, traces isTraces: Bool, at place: Place) throws(Diagnostic) -> String {
    switch latest {
    case .comparison(let rows) where !isTraces:
      let report = ComparisonReport(rows)
      return Self.text(
        form, json: .array(report.json.map(provenance.annotated)), csv: report.csv, report.table,
        report.notes)
    case .sweep(let report) where !isTraces:
      return Self.text(form, json: .array(report.json), csv: report.csv, report.table, report.notes)
    case .table:
      let table = try currentTable(at: place)
      return Self.text(form, json: table.json, csv: table.csv, table.text)
    case .comparison, .sweep, .run, .nothing:
      let report = try traces(at: place)
      guard form != .markdown else {
        throw Diagnostic("a trace is no table", remedy: "save it as .csv or .json", at: place)
      }
      guard form == .json else { return report.csv }
      guard case .array(let traces) = report.json else { return report.json.line + "\n" }
      return JSONValue.array(traces.map(provenance.annotated)).line + "\n"
    }
  }

  private static func text(
    _ form: FileForm, json: @autoclosure () -> JSONValue, csv: @autoclosure () -> String, _ table: TextTable,
    _ notes: [String] = []
  ) -> String {
    switch form {
    case .csv: csv()
    case .json: json().line + "\n"
    case .markdown: table.markdown(notes: notes)
    }
  }

  /// The traces of the last run or comparison.
  func traces(at place: Place) throws(Diagnostic) -> TraceReport {
    if case .comparison(let rows) = latest {
      return TraceReport(
        rows.flatMap { row in
          row.runs.map { run in
            var trace = NamedTrace(method: row.method, seed: run.seed, points: run.trace)
            trace.label = row.label
            trace.evaluated = run.statistics.evaluated
            trace.holds = [.time, .starved].contains(run.statistics.stopped)
            return trace
          }
        })
    }
    if case .sweep(let report) = latest { return TraceReport(report.traces) }
    guard let current, !current.trace.isEmpty else {
      throw Diagnostic(
        "nothing has run yet", remedy: "run or compare something first: run steps=100", at: place)
    }
    var trace = NamedTrace(method: current.method, seed: configuration.seed, points: current.trace)
    trace.evaluated = current.evaluated
    return TraceReport([trace])
  }

  func write(_ text: String, to path: String, at place: Place) throws(Diagnostic) {
    do { try StragglerData.Files.write(text, to: path) } catch { throw Self.diagnostic(error, at: place) }
  }

  static func diagnostic(_ error: DataError, at place: Place) -> Diagnostic {
    var about = error
    about.remedy = ""
    return Diagnostic(about.description, remedy: error.remedy.isEmpty ? nil : error.remedy, at: place)
  }

  /// Plots the traces to the terminal or to a file.
  func plot(_ arguments: BoundArguments) throws -> Outcome {
    if arguments.flags.contains("topology") { return try plotTopology(arguments) }
    var plot: Plot
    if case .table = latest {
      plot = try tablePlot(arguments)
    } else {
      let report = try traces(at: arguments.place)
      for axis in ["x", "y"] {
        guard let given = arguments[axis], let quantity = try quantity(given), !report.knows(quantity) else {
          continue
        }
        throw diagnostic(.unknown(quantity, on: report.traces.first?.evaluated), at: given.place)
      }
      plot = report.plot(
        x: try quantity(arguments["x"]) ?? .time, y: try quantity(arguments["y"]) ?? report.usualQuantity,
        logX: arguments.flags.contains("logx"), logY: arguments.flags.contains("logy"))
    }
    plot.title = title(arguments)
    keep(.plot(plot))
    guard let file = arguments["FILE"], let path = file.word else {
      let points: JSONValue = .array(
        plot.series.map { series in
          [
            "name": .string(series.name),
            "points": .array(
              series.points.map { [.number($0.x), .number($0.y), .number($0.low), .number($0.high)] }),
          ]
        })
      let text = TerminalPlot(width: options.width, color: options.isColored).text(plot)
      try self.report(
        [
          "command": "plot", "x": .string(plot.x.key), "y": .string(plot.y.key), "series": points,
        ],
        text: String(text.hasSuffix("\n") ? text.dropLast() : text[...]))
      return .done
    }
    guard path.hasSuffix(".svg") else {
      throw Diagnostic(.unknownForm(path, [".svg"], arguments.command), at: file.place)
    }
    try write(provenance.annotated(svg: SVGPlot().text(plot)), to: path, at: file.place)
    return .done
  }

  /// What title= says.
  private func title(_ arguments: BoundArguments) -> String {
    if let number = arguments["title"]?.number { return NumberFormat.text(number) }
    return arguments["title"]?.word ?? ""
  }

  private func quantity(_ value: BoundValue?) throws(Diagnostic) -> Quantity? {
    guard let value, let word = value.word else { return nil }
    guard let quantity = Quantity(rawValue: word) else {
      throw Diagnostic(.unknownQuantity(word), at: value.place)
    }
    return quantity
  }

  /// Shows who worked when in the last run, which is played again for that: its events are known by its seed.
  func gantt(_ arguments: BoundArguments) throws -> Outcome {
    guard let current, let method = configuration.method, !current.trace.isEmpty else {
      throw Diagnostic(
        "nothing has run yet", remedy: "run something first: run steps=10", at: arguments.place)
    }
    var experiment = try experiment(method: method, at: arguments.place)
    experiment.isLogging = true
    let replay = try start(experiment, at: arguments.place)
    var recorder = GanttRecorder(workers: replay.workers)
    replay.onLog = { recorder.record($0) }
    replay.rehearse(events: current.events)
    let now = current.statistics.point.time
    let (from, to) = (arguments["from"]?.number, arguments["to"]?.number)
    guard (from ?? 0) < (to ?? now) else {
      throw Diagnostic(
        "there is no time between from= and to=", remedy: "the run went from 0 to \(NumberFormat.text(now))",
        at: arguments["from"]?.place ?? arguments.place)
    }
    let chart = recorder.chart(from: from, to: to, now: now)
    let title = arguments["title"] == nil ? method : title(arguments)
    keep(.gantt(chart, title: title))
    if let file = arguments["FILE"], let path = file.word {
      guard path.hasSuffix(".svg") else {
        throw Diagnostic(.unknownForm(path, [".svg"], arguments.command), at: file.place)
      }
      try write(
        provenanceOfRun.annotated(svg: GanttSVG().text(chart, title: title)), to: path, at: file.place)
      return .done
    }
    let text = GanttText(width: options.width, color: options.isColored).text(chart)
    let bars: [JSONValue] = chart.bars.map {
      [.integer($0.worker + 1), .number($0.start), .number($0.end), .string($0.fate.rawValue)]
    }
    try report(
      ["command": "gantt", "workers": .integer(chart.workers), "bars": .array(bars)],
      text: String(text.hasSuffix("\n") ? text.dropLast() : text[...]))
    return .done
  }

  /// From now on every event goes to a file.
  func log(_ arguments: BoundArguments) throws -> Outcome {
    guard let file = arguments["FILE"], let path = file.word else { return .failed }
    do {
      let sink = try EventSink(path)
      try log?.finish()
      log = sink
    } catch { throw Self.diagnostic(error, at: file.place) }
    guard let old = current, let method = configuration.method else { return .done }
    // A run that keeps no log has no room for one: the same run is made anew, with room.
    var experiment = try experiment(method: method, at: arguments.place)
    experiment.isLogging = true
    let run = try start(experiment, at: arguments.place)
    run.catchUp(with: old)
    attachLog(to: run)
    current = run
    return .done
  }

  func attachLog(to run: Run) {
    guard let log else { return }
    run.onLog = { log.append($0) }
  }

  /// Carries out the commands of a file.
  func source(_ arguments: BoundArguments) throws -> Outcome {
    guard let file = arguments["FILE"], let written = file.word else { return .failed }
    return try source(written, at: file.place)
  }

  private func source(_ written: String, at place: Place) throws(Diagnostic) -> Outcome {
    var path = written
    if !written.hasPrefix("/"), let here = sources.last, !here.hasPrefix("<"),
      let folder = here.lastIndex(of: "/")
    {
      path = here[...folder] + written
    }
    // By its true path: a file can have many names.
    let file = StragglerData.Files.resolved(path)
    guard !sources.contains(where: { StragglerData.Files.resolved($0) == file }) else {
      throw Diagnostic(
        "\(path) would run itself", remedy: "a file cannot be sourced from within itself", at: place)
    }
    guard sources.count < 100 else { throw Diagnostic("files are sourced too deeply", at: place) }
    let bytes: [UInt8]
    do { bytes = try StragglerData.Files.read(path) } catch { throw Self.diagnostic(error, at: place) }
    return execute(SourceText(name: path, bytes: bytes))
  }
}
