// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

extension Workspace {
  /// The run in progress, or a new one at iteration 0.
  func theRun() throws(Diagnostic) -> Run {
    if let run = current.run { return run }
    var experiment = try experiment(method: try chosenMethod(in: configuration))
    experiment.isLogging = current.log != nil
    try findOptimum(of: experiment)
    let run = try start(experiment)
    current.attachLog(to: run, names: configuration.names)
    for remark in run.remarks {
      diagnose(Diagnostic(.remark(remark, of: run.method), at: place, severity: .warning))
    }
    current.run = run
    return run
  }

  /// Goes on with `run` and reports where it has come to.
  func advance(
    _ run: Run, until stop: Stop, or conditions: [Stop.Condition] = []
  ) throws(Diagnostic) -> Outcome {
    defer {
      output.progress(nil)
      run.onPoint = nil
    }
    if let stream = current.stream {
      let seed = configuration.seed
      run.onPoint = { [method = run.method] in stream.append($0, method: method, seed: seed) }
    }
    run.run(
      until: stop, or: conditions,
      progress: { progress("\($0.method) \($0.iteration)", $0.fraction(of: stop)) },
      interrupted: world.interrupted, clock: world.clock)
    if let failure = run.failure { throw Diagnostic(failure, at: place) }
    results.latest = .run
    current.real?.isLatest = false
    remember(run.statistics)
    keep(.text(run.summary))
    try current.log?.check(at: place)
    try current.stream?.check(at: place)
    if !options.isQuiet || options.isJSON {
      try report(run.statistics.json.reported(by: "run"), text: run.summary)
    }
    return run.stopped == .interrupted ? .interrupted : .done
  }

  /// Makes the numbers of a run variables of expressions.
  func remember(_ statistics: Statistics) {
    variables.keep(statistics.numbers.map { ($0, $1) })
    variables.keep("time_resolution", .number(statistics.timeResolution))
  }
}

extension Run {
  /// How much of the way to `stop` is done; NaN where only a condition stops the run.
  func fraction(of stop: Stop) -> Double {
    guard let point = trace.last else { return 0 }
    var fraction = Double.nan
    if let updates = stop.updates, updates > 0 { fraction = Double(point.iteration) / Double(updates) }
    if let time = stop.time, time > 0 { fraction = Double.maximum(fraction, point.time / time) }
    if let arrivals = stop.arrivals, arrivals > 0 {
      fraction = Double.maximum(fraction, Double(point.arrivals) / Double(arrivals))
    }
    for (quantity, bound) in stop.budget.parts where bound > 0 {
      fraction = Double.maximum(fraction, point[quantity] / bound)
    }
    return fraction
  }

  /// One line on where the run has come to.
  var summary: String {
    let statistics = statistics
    let point = statistics.point
    var parts = ["iteration \(point.iteration)", "time \(NumberText.brief(point.time))"]
    for quantity in [Quantity.gap, .gradnorm2, .loss, .accuracy] where !point[quantity].isNaN {
      if quantity == .loss && !point.gap.isNaN { continue }
      parts.append("\(quantity.rawValue) \(NumberText.brief(point[quantity]))")
    }
    let reason =
      switch stopped {
      case .starved: "starved (every worker is stuck, or jobs take no time and time does not advance)"
      case .diverged: "diverged at iteration \(point.iteration)"
      case let reason?: reason.word
      case nil: "nothing"
      }
    let sample = statistics.evaluated.map { "\n" + $0.note } ?? ""
    let note =
      statistics.isCoarse
      ? "\nnote: the time may be too long by up to "
        + "\(NumberText.brief(statistics.timeResolution, digits: 3)) s: "
        + "to look closer would cost more than the run itself and a second" : ""
    return "\(method): stopped: \(reason) · " + parts.joined(separator: " · ") + sample + note
  }
}
