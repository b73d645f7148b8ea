internal import StragglerCore
internal import StragglerData
internal import StragglerLab

extension Interpreter {
  /// Says which method to use on recorded durations, or on the configured fleet.
  func advise(_ arguments: BoundArguments) throws -> Outcome {
    let source = try recordedFile(arguments)
    var notes: [String] = []
    let fleet = try adviceFleet(source, arguments, &notes)
    var adviser = try adviser(for: fleet, arguments, &notes)
    adviser.seed = configuration.seed
    adviser.seeds = arguments["seeds"]?.integer ?? adviser.seeds
    adviser.replicates = arguments["samples"]?.integer ?? adviser.replicates
    adviser.gradients = arguments["gradients"]?.integer ?? adviser.gradients
    adviser.timeout = arguments["timeout"]?.number
    adviser.stops = arguments.flags.contains("stops")
    adviser.tunes = arguments.flags.contains("tune")
    adviser.threads = options.threads
    let board = ProgressBoard(output)
    defer { output.progress(nil) }
    let advice: Advice?
    do {
      advice = try adviser.advise(interrupted: world.interrupted) { stage in
        board.show(Progress(what: "advise: \(stage.what)", fraction: stage.fraction))
      }
    } catch { throw diagnostic(error, at: arguments.place, arguments, configuration.problem?.arguments) }
    output.progress(nil)
    guard let advice else { return .interrupted }
    if advice.isSimulated, !adviser.tunes {
      notes.append(
        "the theory's stepsizes are cautious; advise with tune looks for the best ones of each method")
    }
    let report = AdviceReport(
      advice, subject: Self.subject(source?.path, fleet), problem: summary(adviser, arguments),
      notes: notes + Self.doubts(advice), commands: commands(advice, source?.path, adviser))
    keep(.text(report.text(width: 100)))
    if options.isJSON {
      for object in report.json { try output.write(Self.json("advise", object).line + "\n") }
    } else {
      try output.write(report.text(width: options.width))
    }
    return .done
  }

  /// What follows the word `trace`; nil without.
  private func recordedFile(_ arguments: BoundArguments) throws(Diagnostic) -> (path: String, place: Place)? {
    guard let source = arguments["SOURCE"] else { return nil }
    guard let file = arguments["FILE"], let path = file.word else {
      throw Diagnostic(
        "trace needs the file of the recorded durations", remedy: "write advise trace \"FILE\"",
        at: source.place)
    }
    return (path, file.place)
  }

  private func adviceFleet(
    _ source: (path: String, place: Place)?, _ arguments: BoundArguments, _ notes: inout [String]
  ) throws(Diagnostic) -> AdviceFleet {
    guard let source else {
      guard !configuration.workers.isEmpty else {
        throw Diagnostic(
          "there are no workers yet and no recorded durations",
          remedy: "say how many: workers 10 tau=sqrt(i); or write advise trace \"FILE\"", at: arguments.place)
      }
      return AdviceFleet(configuration.workers, owners: configuration.recordings)
    }
    let record: RecordedDurations
    do { record = try RecordedDurations.read(source.path) } catch {
      throw Self.diagnostic(error, at: source.place)
    }
    let given = arguments["workers"]
    if let given, record.workers != nil {
      throw Diagnostic(
        "workers= has no place here: the record names its \(record.workerNames.count) workers",
        remedy: "leave it out", at: given.place)
    }
    notes += Self.gaps(record)
    let count = given?.integer ?? max(1, configuration.workers.count)
    if record.workers == nil && given == nil {
      notes.append(
        "the record has no column worker: its durations stand for each of "
          + "\(count == 1 ? "1 worker" : "\(count) workers"); workers=N says how many there are")
    }
    do { return try AdviceFleet(record, count: count, uploads: configuration.workers) } catch {
      throw Diagnostic(error.message, remedy: error.remedy, at: source.place)
    }
  }

  /// Which numbers from 1 on are missing where all workers have numbers.
  private static func gaps(_ record: RecordedDurations) -> [String] {
    let numbers = record.workerNames.compactMap { Int($0) }
    guard record.workers != nil, numbers.count == record.workerNames.count, let last = numbers.last,
      let first = numbers.first, first >= 0
    else { return [] }
    // Numbers may start at 0 or 1.
    let start = min(first, 1)
    let missing = last - start + 1 - numbers.count
    guard missing > 0 else { return [] }
    let known = Set(numbers)
    let shown = (start...last).lazy.filter { !known.contains($0) }.prefix(5).map { String($0) }
    let list = shown.joined(separator: ", ") + (missing > 5 ? " and others" : "")
    return [
      missing == 1
        ? "worker \(list) is missing in the record and not in the fleet"
        : "workers \(list) are missing in the record and not in the fleet"
    ]
  }

  /// Somebody who weighs methods for `fleet` on the configured problem, or, where only constants are given,
  /// on these.
  private func adviser(
    for fleet: AdviceFleet, _ arguments: BoundArguments, _ notes: inout [String]
  ) throws -> Adviser {
    var fleet = fleet
    let problem = try choose(problem: configuration.problem)
    var conditions: Conditions
    var experiment: Experiment
    do throws(LabError) {
      guard let entry = catalogue.method("minibatch") else { throw LabError("there is no method minibatch") }
      experiment = Experiment(
        problem: problem, workers: fleet.workers, method: try entry.choose(["gamma": 1]),
        seed: configuration.seed, epsilon: configuration.epsilon)
    } catch { throw diagnostic(error, at: arguments.place, configuration.problem?.arguments) }
    experiment.assumed = configuration.assumed
    try findOptimum(of: experiment, at: arguments.place)
    do throws(LabError) {
      if fleet.workers.count == configuration.uploadPerCoordinate.count {
        experiment.uploadPerCoordinate = configuration.uploadPerCoordinate
      }
      let situation = try experiment.situation()
      if let sample = situation.evaluated { notes.append(sample.sentence) }
      fleet.workers = situation.workers
      conditions = situation.conditions
      if !(conditions.gap >= 0) {
        // Not less than f(x⁰) − f* where no loss is negative.
        experiment.assumed.optimum = 0
        conditions.gap = try experiment.situation().conditions.gap
        notes.append("f* is not known: the first loss stands for Δ")
      }
    } catch { throw diagnostic(error, at: arguments.place, configuration.problem?.arguments) }
    let assumed = configuration.assumed
    let isGiven = !(assumed.smoothness.isNaN && assumed.variance.isNaN && assumed.gap.isNaN)
    if configuration.problem == nil && !isGiven {
      notes.append("no problem is configured: the advice is for the default, problem quadratic")
    }
    let isKnownByConstants = configuration.problem == nil && isGiven
    return Adviser(
      fleet, problem: isKnownByConstants ? nil : problem, conditions: conditions, catalogue: catalogue)
  }
}
