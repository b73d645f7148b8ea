internal import StragglerCore
internal import StragglerLab

extension Interpreter {
  /// The run in progress, or a new one at iteration 0.
  func theRun(at place: Place) throws -> Run {
    if let current { return current }
    guard let method = configuration.method else {
      throw Diagnostic("there is no method yet", remedy: "choose one: method rennala", at: place)
    }
    var experiment = try experiment(method: method, at: place)
    experiment.isLogging = log != nil
    try findOptimum(of: experiment, at: place)
    let run = try start(experiment, at: place)
    attachLog(to: run)
    for remark in run.remarks {
      output.diagnose(Diagnostic("\(run.method): \(remark)", at: place, severity: .warning))
    }
    current = run
    return run
  }

  /// When a command's arguments say to stop.
  func stop(_ arguments: BoundArguments) throws(Diagnostic) -> Stop {
    let stop = Stop(
      steps: arguments["steps"]?.integer, time: arguments["time"]?.number,
      arrivals: arguments["arrivals"]?.integer,
      conditions: arguments.conditions)
    guard !stop.isEmpty else {
      throw Diagnostic(
        "\(arguments.command.name) needs to know when to stop",
        remedy: "say steps=N, time=T, arrivals=N or a comparison such as gradnorm2<1e-4", at: arguments.place)
    }
    return stop
  }

  func run(_ arguments: BoundArguments) throws -> Outcome {
    let stop = try stop(arguments)
    let run = try theRun(at: arguments.place)
    try check(stop, of: run, arguments)
    let outcome = try advance(run, until: stop, at: arguments.place)
    lastRun = commandAtHand
    return outcome
  }

  func step(_ arguments: BoundArguments) throws -> Outcome {
    let run = try theRun(at: arguments.place)
    let (steps, overflow) = run.statistics.point.iteration.addingReportingOverflow(
      arguments["N"]?.integer ?? 1)
    defer { lastRun = "run steps=\(run.iteration)" }
    return try advance(run, until: Stop(steps: overflow ? .max : steps), at: arguments.place)
  }

  private func advance(_ run: Run, until stop: Stop, at place: Place) throws -> Outcome {
    defer { output.progress(nil) }
    run.run(until: stop, interrupted: world.interrupted, clock: world.clock) { run in
      output.progress(Progress(what: "\(run.method) \(run.iteration)", fraction: run.fraction(of: stop)))
    }
    if let failure = run.failure { throw diagnostic(failure, at: place) }
    latest = .run
    remember(run.statistics)
    keep(.text(Self.summary(run)))
    try log?.check(at: place)
    if !options.isQuiet || options.isJSON {
      try report(Self.json("run", run.statistics.json), text: Self.summary(run))
    }
    return run.stopped == .interrupted ? .interrupted : .done
  }

  /// One line on where a run has come to.
  private static func summary(_ run: Run) -> String {
    let statistics = run.statistics
    let point = statistics.point
    var parts = ["iteration \(point.iteration)", "time \(NumberText.brief(point.time))"]
    for quantity in [Quantity.gap, .gradnorm2, .loss, .accuracy] where !point[quantity].isNaN {
      if quantity == .loss && !point.gap.isNaN { continue }
      parts.append("\(quantity.rawValue) \(NumberText.brief(point[quantity]))")
    }
    let reason =
      switch run.stopped {
      case .starved: "starved (every worker is stuck, or jobs take no time and time stands still)"
      case .diverged: "diverged at iteration \(point.iteration)"
      case let reason?: reason.rawValue
      case nil: "nothing"
      }
    let sample = statistics.evaluated.map { "\n" + $0.note } ?? ""
    let note =
      statistics.isCoarse
      ? "\nnote: the time may be too long by up to \(NumberText.brief(statistics.timeResolution, digits: 3)) s: "
        + "to look closer would cost more than the run itself and a second" : ""
    return "\(run.method): stopped: \(reason) · " + parts.joined(separator: " · ") + sample + note
  }

  func stats(_ arguments: BoundArguments) throws -> Outcome {
    let statistics = try theRun(at: arguments.place).statistics
    remember(statistics)
    keep(.text(statistics.repeatableLines.joined(separator: "\n")))
    try report(Self.json("stats", statistics.json), text: statistics.lines.joined(separator: "\n"))
    return .done
  }

  /// The object with the name of the command that reports it.
  static func json(_ command: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    return .object([JSONValue.Member("command", .string(command))] + members)
  }

  /// Makes the numbers of a run variables of expressions.
  func remember(_ statistics: Statistics) {
    for (name, value) in statistics.numbers { environment[name] = .number(value) }
    environment["time_resolution"] = .number(statistics.timeResolution)
  }

  func reset(_ arguments: BoundArguments) throws -> Outcome {
    current?.reset()
    return .done
  }
}

extension Run {
  /// How much of the way to `stop` is done; nan where only a condition stops the run.
  func fraction(of stop: Stop) -> Double {
    guard let point = trace.last else { return 0 }
    var fraction = Double.nan
    if let steps = stop.steps, steps > 0 { fraction = Double(point.iteration) / Double(steps) }
    if let time = stop.time, time > 0 { fraction = Double.maximum(fraction, point.time / time) }
    if let arrivals = stop.arrivals, arrivals > 0 {
      fraction = Double.maximum(fraction, Double(point.arrivals) / Double(arrivals))
    }
    return fraction
  }
}
