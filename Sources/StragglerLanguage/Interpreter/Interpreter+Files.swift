internal import StragglerData
internal import StragglerLab

extension Interpreter {
  /// Writes the trace or the last table, in the form that the file's name asks for.
  func save(_ arguments: BoundArguments) throws -> Outcome {
    guard let file = arguments["FILE"], let path = file.word else { return .failed }
    let isJSON = path.hasSuffix(".json")
    guard isJSON || path.hasSuffix(".csv") else {
      throw Diagnostic(
        "the form of \(path) is not known", remedy: "the name ends in .csv or .json", at: file.place)
    }
    let text: String
    switch latest {
    case .comparison(let rows):
      let report = ComparisonReport(rows)
      text = isJSON ? JSONValue.array(report.json).line + "\n" : report.csv
    case .sweep(let report):
      text = isJSON ? JSONValue.array(report.json).line + "\n" : report.csv
    case .run, .nothing:
      let report = try traces(at: arguments.place)
      text = isJSON ? report.json.line + "\n" : report.csv
    }
    try write(text, to: path, at: file.place)
    return .done
  }

  /// The traces of the last run or comparison.
  func traces(at place: Place) throws(Diagnostic) -> TraceReport {
    if case .comparison(let rows) = latest {
      return TraceReport(
        rows.flatMap { row in row.runs.map { NamedTrace(method: row.method, seed: $0.seed, points: $0.trace) }
        })
    }
    if case .sweep(let report) = latest { return TraceReport(report.traces) }
    guard let current, !current.trace.isEmpty else {
      throw Diagnostic(
        "nothing has run yet", remedy: "run or compare something first: run steps=100", at: place)
    }
    return TraceReport([NamedTrace(method: current.method, seed: configuration.seed, points: current.trace)])
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
    let report = try traces(at: arguments.place)
    let x = arguments["x"]?.word.flatMap { Quantity(rawValue: $0) } ?? .time
    let y = arguments["y"]?.word.flatMap { Quantity(rawValue: $0) } ?? report.usualQuantity
    let plot = report.plot(
      x: x, y: y, logX: arguments.flags.contains("logx"), logY: arguments.flags.contains("logy"), title: title(arguments))
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
        ["command": "plot", "x": .string(x.rawValue), "y": .string(y.rawValue), "series": points],
        text: String(text.hasSuffix("\n") ? text.dropLast() : text[...]))
      return .done
    }
    guard path.hasSuffix(".svg") else {
      throw Diagnostic("the form of \(path) is not known", remedy: "the name ends in .svg", at: file.place)
    }
    try write(SVGPlot().text(plot), to: path, at: file.place)
    return .done
  }

  /// What title= says.
  private func title(_ arguments: BoundArguments) -> String {
    if let number = arguments["title"]?.number { return NumberFormat.text(number) }
    return arguments["title"]?.word ?? ""
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
        throw Diagnostic("the form of \(path) is not known", remedy: "the name ends in .svg", at: file.place)
      }
      try write(GanttSVG().text(chart, title: title), to: path, at: file.place)
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
    guard !sources.contains(path) else {
      throw Diagnostic(
        "\(path) would run itself", remedy: "a file cannot be sourced from within itself", at: place)
    }
    guard sources.count < 100 else { throw Diagnostic("files are sourced too deeply", at: place) }
    let bytes: [UInt8]
    do { bytes = try StragglerData.Files.read(path) } catch { throw Self.diagnostic(error, at: place) }
    return execute(SourceText(name: path, bytes: bytes))
  }
}
