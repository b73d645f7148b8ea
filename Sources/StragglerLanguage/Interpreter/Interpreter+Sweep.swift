internal import StragglerCore
internal import StragglerLab

extension Interpreter {
  /// Runs the cross product of some keys' values, and says which point is best.
  func sweep(_ arguments: BoundArguments) throws -> Outcome {
    let stop = try stop(arguments)
    let axes = try axes(arguments)
    let count = axes.reduce(1) { $0 * $1.values.count }
    let isRecorded = arguments["resume"] != nil
    var points: [Sweep.Point] = []
    var labels: [[SweepReport.Label]] = []
    var words = recordedWords(stop, arguments)
    var problems: Set<String> = []
    var firsts: [Int] = []
    for index in 0..<count {
      guard !world.interrupted() else { return .interrupted }
      let values = Self.values(of: index, axes)
      let names = values.map { (name: $0.axis.name, value: label($0.value)) }
      let (experiment, text) = try point(values, isRecorded: isRecorded, at: arguments.place)
      points.append(Sweep.Point(experiment))
      labels.append(names)
      // What is known depends on what the problem is.
      let own = zip(values, names).filter { ![.methodKey, .method, .epsilon].contains($0.0.axis.target) }
      if problems.insert(Self.words(own.map(\.1))).inserted { firsts.append(index) }
      if isRecorded { words.append(Self.words(names) + "\n" + text) }
    }
    var sweep = Sweep(points, until: stop, seeds: seeds(arguments), threads: options.threads)
    sweep.patience = try patience(arguments)
    sweep.shard = options.shard
    let journal = try journal(arguments, words)
    try findOptima(of: sweep, journal, labels, at: arguments.place)
    for index in firsts {
      try check(stop, of: [points[index].experiment], [], arguments, Self.words(labels[index]))
    }
    let all = try run(sweep, journal, labels, axes, at: arguments.place)
    let outcomes = all.filter { $0.refusal == nil }
    warn(of: outcomes.map(\.row), at: arguments.place)
    let report = SweepReport(outcomes, labels: labels)
    if !report.isEmpty {
      latest = .sweep(report)
      rememberMaking()
    }
    for label in report.best ?? [] {
      environment["best_" + label.name.replacing(".", with: "_")] = Self.value(label.value)
    }
    let lines = report.notes + [report.summary]
    keep(.table(report.table, note: lines.joined(separator: "\n")))
    if options.isJSON {
      for row in report.json { try output.write(Self.json("sweep", row).line + "\n") }
    } else {
      try output.write(report.table.text(width: options.width) + lines.joined(separator: "\n") + "\n")
    }
    let refusals = all.compactMap { outcome in
      outcome.refusal.map {
        Refusal(point: labels[outcome.index], of: outcome.row.method, blamed($0, at: arguments.place))
      }
    }
    try tell(refusals, of: "sweep")
    return world.interrupted() ? .interrupted : .done
  }

  /// The value of each axis at a point; the last axis varies fastest.
  private static func values(of index: Int, _ axes: [SweepAxis]) -> [SweepValue] {
    var values: [SweepValue] = []
    var rest = index
    for axis in axes.reversed() {
      values.append(SweepValue(axis: axis, value: axis.values[rest % axis.values.count]))
      rest /= axis.values.count
    }
    return values.reversed()
  }

  /// A value as reports show it.
  func label(_ value: BoundValue) -> Cell {
    switch value.value {
    case .number(let number): return Self.cell(number)
    case .perWorker(let expression) where expression.isConstant && !expression.mentionsFleet:
      return Self.cell(expression.evaluate(1, 1))
    case .word(let word), .text(let word): return .text(word)
    default: return .text(Self.text(value, environment))
    }
  }

  /// A cell as a variable; nil for nothing.
  static func value(_ cell: Cell) -> Value? {
    switch cell {
    case .text(let text): .text(text)
    case .number(let number): .number(number)
    case .integer(let integer): .number(Double(integer))
    case .missing: nil
    }
  }

  private static func cell(_ number: Double) -> Cell {
    number.magnitude <= 0x1p53
      ? Int(exactly: number).map { .integer($0) } ?? .number(number) : .number(number)
  }

  static func words(_ labels: [SweepReport.Label]) -> String {
    labels.map { "\($0.name)=\($0.value.words)" }.joined(separator: " ")
  }

  private func patience(_ arguments: BoundArguments) throws(Diagnostic) -> Double? {
    guard let given = arguments["prune"], let number = given.number else { return nil }
    guard number >= 1 else {
      throw Diagnostic(
        "prune= is \(NumberFormat.text(number))",
        remedy: "it takes 1 or more: how many times the best's simulated time a point may take",
        at: given.place)
    }
    return number
  }

  private func run(
    _ sweep: Sweep, _ journal: SweepJournal?, _ labels: [[SweepReport.Label]], _ axes: [SweepAxis],
    at place: Place
  ) throws(Diagnostic) -> [Sweep.Outcome] {
    let board = ProgressBoard(output)
    defer { output.progress(nil) }
    do {
      return try sweep.run(
        journal: journal, interrupted: world.interrupted,
        progress: { finished, count in
          board.show(
            Progress(what: "sweep \(finished)/\(count)", fraction: Double(finished) / Double(max(1, count))))
        })
    } catch {
      var diagnostic = blamed(error.error, at: place)
      if let axis = axes.first(where: { $0.key == error.error.key }) { diagnostic.place = axis.place }
      if let index = error.index {
        diagnostic.message += ", at " + Self.words(labels[index])
      }
      throw diagnostic
    }
  }
}

// MARK: - The configuration of a point

extension Interpreter {
  /// The experiment of a point, and if it is wanted, everything that it was made of, in words.
  private func point(
    _ values: [SweepValue], isRecorded: Bool, at place: Place
  ) throws(Diagnostic) -> (Experiment, words: String) {
    let written = configuration
    defer { configuration = written }
    configuration = try configuration(with: values)
    guard let method = configuration.method else {
      throw Diagnostic("there is no method yet", remedy: "choose one: method rennala", at: place)
    }
    let experiment = try experiment(method: method, at: place)
    return (experiment, isRecorded ? commands(of: "all").joined(separator: "\n") : "")
  }

  /// The configuration with the values of a point.
  private func configuration(with values: [SweepValue]) throws(Diagnostic) -> Configuration {
    var next = configuration
    var variables: [String: Value] = [:]
    for entry in values where entry.axis.target == .variable { variables[entry.axis.name] = entry.variable }
    if !variables.isEmpty { try rebind(&next, variables) }
    for entry in values { try set(entry, in: &next) }
    if let method = next.method {
      for entry in values where entry.axis.target == .methodKey {
        next.set(entry.axis.key, of: method, to: entry.value)
      }
    }
    let changesFleet = values.contains { [.variable, .workerKey, .workerCount].contains($0.axis.target) }
    let fleet = changesFleet ? next.fleet : []
    for command in fleet { try apply(command, to: &next) }
    next.fleet = fleet.isEmpty ? next.fleet : fleet
    return next
  }

  /// Puts in a value of anything but a variable or a method's key.
  private func set(_ entry: SweepValue, in next: inout Configuration) throws(Diagnostic) {
    let axis = entry.axis
    switch axis.target {
    case .variable, .methodKey: break
    case .method: next.method = entry.value.word
    case .epsilon: next.epsilon = entry.value.number ?? next.epsilon
    case .problemKey:
      var command = next.problem ?? standardProblem(at: axis.place)
      command.set(axis.key, to: entry.value)
      next.problem = command
    case .workerKey, .workerCount:
      guard !next.fleet.isEmpty else {
        throw Diagnostic(
          "there are no workers yet", remedy: "say how many: workers 10 tau=sqrt(i)", at: axis.place)
      }
      next.fleet[0].set(axis.target == .workerCount ? "N" : axis.key, to: entry.value)
    }
  }

  /// The problem that there is before one is chosen.
  private func standardProblem(at place: Place) -> Configuration.Command {
    let kind = BoundValue(value: .word("quadratic"), place: place)
    return Configuration.Command(
      arguments: BoundArguments(.problem, ["KIND": [kind]], at: place), environment: environment)
  }

  private func rebind(_ next: inout Configuration, _ variables: [String: Value]) throws(Diagnostic) {
    if let problem = next.problem { next.problem = try rebound(problem, variables) }
    for index in next.fleet.indices { next.fleet[index] = try rebound(next.fleet[index], variables) }
    for name in next.methods.keys.sorted() {
      if let command = next.methods[name] { next.methods[name] = try rebound(command, variables) }
    }
  }

  /// A command bound again with other values of some variables.
  private func rebound(
    _ command: Configuration.Command, _ variables: [String: Value]
  ) throws(Diagnostic) -> Configuration.Command {
    guard let invocation = command.arguments.invocation else { return command }
    var environment = command.environment
    for (name, value) in variables { environment[name] = value }
    let binder = ArgumentBinder(catalogue: catalogue, environment: environment)
    return Configuration.Command(
      arguments: try binder.bind(invocation, to: command.arguments.command), environment: environment)
  }
}

// MARK: - What was finished before

extension Interpreter {
  /// The file that keeps finished points, if one is given. `words` say everything that the results depend on.
  private func journal(_ arguments: BoundArguments, _ words: [String]) throws(Diagnostic) -> SweepJournal? {
    guard let file = arguments["resume"], let path = file.word else { return nil }
    do {
      return try SweepJournal(path, configuration: words.joined(separator: "\n"), clock: world.clock)
    } catch { throw Diagnostic(error.message, remedy: error.remedy, at: file.place) }
  }

  /// What the results of a sweep depend on besides the configuration of its points.
  private func recordedWords(_ stop: Stop, _ arguments: BoundArguments) -> [String] {
    var words = ["sweep 2"]
    for key in ["steps", "time", "arrivals", "seeds", "prune"] {
      if let number = arguments[key]?.number { words.append(key + "=" + NumberFormat.text(number)) }
    }
    for condition in stop.conditions {
      let bound = NumberFormat.text(condition.bound)
      words.append(condition.quantity.rawValue + condition.relation.rawValue + bound)
    }
    return words
  }
}

extension Cell {
  /// As an error shows it.
  fileprivate var words: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): NumberFormat.text(number)
    case .missing: ""
    }
  }
}
