internal import StragglerCore
internal import StragglerLab

extension Interpreter {
  func compare(_ arguments: BoundArguments) throws -> Outcome {
    let stop = try stop(arguments)
    let methods = try namedMethods(arguments.positional["NAME"] ?? [])
    let seeds = seeds(arguments)
    var rows: [Comparison.Row]
    var refusals: [Refusal] = []
    if let stepsizes = try stepsizes(arguments) {
      if let first = methods.first {
        try check(stop, of: try experiment(first, at: arguments.place), seeds, arguments)
      }
      rows = try tune(methods, stepsizes, until: stop, seeds, arguments)
    } else {
      let runnable = try runnable(methods, at: arguments.place)
      refusals = runnable.refusals
      if let first = runnable.experiments.first { try check(stop, of: first, seeds, arguments) }
      let comparison = Comparison(runnable.experiments, until: stop, seeds: seeds, threads: options.threads)
      rows = try compare(comparison, at: arguments)
      for (index, method) in runnable.methods.enumerated() { rows[index].label = method.label }
    }
    // After an interruption there may be nothing.
    if !rows.isEmpty {
      latest = .comparison(rows)
      rememberMaking()
    }
    let report = ComparisonReport(rows)
    keep(.table(report.table, note: report.notes.joined(separator: "\n")))
    for (row, numbers) in zip(rows, report.numbers) {
      let method = NamedMethod.variable(row.name)
      for (name, value) in numbers { environment["\(method)_\(name)"] = .number(value) }
      for (name, cell) in row.tuned { environment["\(method)_\(name)"] = Self.value(cell) }
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
