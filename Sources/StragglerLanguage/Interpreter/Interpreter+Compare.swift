internal import StragglerCore
internal import StragglerLab

extension Interpreter {
  func compare(_ arguments: BoundArguments) throws -> Outcome {
    let stop = try stop(arguments)
    let names = (arguments.positional["NAME"] ?? []).compactMap(\.word)
    let seeds = seeds(arguments)
    let rows: [Comparison.Row]
    var refusals: [Refusal] = []
    if let stepsizes = try stepsizes(arguments) {
      if let first = names.first {
        try check(stop, of: try experiment(method: first, at: arguments.place), seeds, arguments)
      }
      rows = try tune(names, stepsizes, until: stop, seeds, arguments)
    } else {
      let runnable = try runnable(names, at: arguments.place)
      refusals = runnable.refusals
      if let first = runnable.experiments.first { try check(stop, of: first, seeds, arguments) }
      let comparison = Comparison(runnable.experiments, until: stop, seeds: seeds, threads: options.threads)
      rows = try compare(comparison, at: arguments)
    }
    // After an interruption there may be nothing.
    if !rows.isEmpty {
      latest = .comparison(rows)
      rememberMaking()
    }
    let report = ComparisonReport(rows)
    keep(.table(report.table, note: report.notes.joined(separator: "\n")))
    for (row, numbers) in zip(rows, report.numbers) {
      let method = row.method.replacing("-", with: "_")
      for (name, value) in numbers { environment["\(method)_\(name)"] = .number(value) }
    }
    if options.isJSON {
      for row in report.json { try output.write(Self.json("compare", row).line + "\n") }
    } else {
      try output.write(report.table.text(width: options.width) + report.notes.map { $0 + "\n" }.joined())
    }
    try tell(refusals, of: "compare")
    return world.interrupted() ? .interrupted : .done
  }

  /// The seeds of a comparison or sweep.
  func seeds(_ arguments: BoundArguments) -> [UInt64] {
    (0..<(arguments["seeds"]?.integer ?? 1)).map { configuration.seed &+ UInt64($0) }
  }

  private func compare(_ comparison: Comparison, at arguments: BoundArguments) throws(Diagnostic)
    -> [Comparison.Row]
  {
    let total = Double(comparison.experiments.count * comparison.seeds.count)
    let board = ProgressBoard(output)
    defer { output.progress(nil) }
    do {
      return try comparison.run(interrupted: world.interrupted, clock: world.clock) { finished in
        board.show(Progress(what: "compare", fraction: Double(finished) / total))
      }
    } catch { throw blamed(error, at: arguments.place) }
  }

  /// The error of a run, at the key that is to blame.
  func blamed(_ error: LabError, at place: Place) -> Diagnostic {
    let keyed = configuration.methods.values.map(\.arguments).first { candidate in
      candidate.keyed.contains { $0.name == error.key }
    }
    return diagnostic(error, at: place, keyed, configuration.problem?.arguments)
  }
}

// MARK: - Tuning

extension Interpreter {
  /// The stepsizes that `tune` is to try; nil without it.
  private func stepsizes(_ arguments: BoundArguments) throws(Diagnostic) -> [Double]? {
    guard let given = arguments["tune"], case .list(let values) = given.value else {
      return arguments.flags.contains("tune") ? Tuning.grid : nil
    }
    guard (1...Self.mostPoints).contains(values.count) else {
      throw Diagnostic(
        "tune= has \(values.count) stepsizes", remedy: "give from 1 to \(Self.mostPoints)", at: given.place)
    }
    var stepsizes: [Double] = []
    for value in values {
      guard case .number(let stepsize) = value, stepsize > 0, stepsize < .infinity else {
        throw Diagnostic(
          "tune= takes stepsizes, which are numbers above 0, not \(value.printed)", at: given.place)
      }
      stepsizes.append(stepsize)
    }
    // Large ones first; see `Tuning.grid`.
    return stepsizes.sorted(by: >)
  }

  /// Each method with its best stepsize.
  private func tune(
    _ names: [String], _ stepsizes: [Double], until stop: Stop, _ seeds: [UInt64], _ arguments: BoundArguments
  ) throws(Diagnostic) -> [Comparison.Row] {
    let written = configuration
    defer { configuration = written }
    var candidates: [[Experiment]] = []
    for name in names {
      guard let key = catalogue.method(name)?.keys.first(where: { $0.name == "gamma" }) else {
        throw Diagnostic("\(name) has no stepsize to tune", at: arguments.place)
      }
      var experiments: [Experiment] = []
      for stepsize in stepsizes {
        let value = BoundValue(value: .number(stepsize), place: arguments["tune"]?.place ?? arguments.place)
        configuration.methods = written.methods
        configuration.set(key.name, of: name, to: value)
        experiments.append(try experiment(method: name, at: arguments.place))
      }
      candidates.append(experiments)
    }
    let tuning = Tuning(candidates, until: stop, seeds: seeds, threads: options.threads)
    let board = ProgressBoard(output)
    defer { output.progress(nil) }
    do {
      let choices = try tuning.run(
        interrupted: world.interrupted, clock: world.clock,
        progress: { finished, count in
          board.show(Progress(what: "tune \(finished)/\(count)", fraction: Double(finished) / Double(count)))
        })
      for choice in choices
      where stepsizes.count > 1 && !choice.row.stepsize.isNaN && !world.interrupted() {
        warn(of: choice, stepsizes, at: arguments["tune"]?.place ?? arguments.place)
      }
      return choices.map(\.row)
    } catch { throw blamed(error.error, at: arguments.place) }
  }
}

extension Interpreter {
  /// Says so where the best stepsize is at an end of those that were tried.
  private func warn(of choice: Tuning.Choice, _ stepsizes: [Double], at place: Place) {
    guard [0, stepsizes.count - 1].contains(choice.candidate) else { return }
    let kind = choice.candidate == 0 ? "largest" : "smallest"
    output.diagnose(
      Diagnostic(
        "the best stepsize of \(choice.row.method) is the \(kind) that was tried, "
          + NumberFormat.text(stepsizes[choice.candidate]),
        remedy: "one beyond it may be better: tune=[…] takes stepsizes of your own", at: place,
        severity: .warning))
  }
}

extension Configuration {
  /// Gives a key of a method another value.
  mutating func set(_ key: String, of method: String, to value: BoundValue) {
    var command =
      methods[method]
      ?? Command(
        arguments: BoundArguments(
          .method, ["NAME": [BoundValue(value: .word(method), place: value.place)]], at: value.place),
        environment: Environment())
    command.set(key, to: value)
    methods[method] = command
  }
}

extension Configuration.Command {
  /// The command with another value of a key or parameter.
  mutating func set(_ key: String, to value: BoundValue) {
    var changed = arguments
    if changed.positional[key] != nil {
      changed.positional[key] = [value]
    } else {
      changed.keyed.removeAll { $0.name == key }
      changed.keyed.append((key, value))
    }
    self = Self(arguments: changed, environment: environment)
  }
}
