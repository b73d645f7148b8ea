// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// Says which method to use on recorded durations, or on the configured fleet.
struct AdviseCommand: Command {
  static let name = "advise"
  static let usage = "advise [trace \"FILE\"] [key=value…]"
  static let summary = "which method and parameters to use, and how long each takes"
  static let details = """
    With a record of durations (a table with a row a job: see `help records`) it says what it took from \
    it, fits a law to each worker, and weighs the methods on what was recorded; otherwise on the configured \
    fleet. Each method gets the theory's parameters for the configured problem (quadratic without one) and \
    target epsilon=. How long updates take is simulated on the record, and so is the problem itself until \
    gradnorm2<epsilon, as far as gradients= allows; with tune, each method gets the batch and the stepsize \
    that are best there. Samples drawn again from the record show how certain the advice is. Without a \
    configured problem, `target L= sigma2= Delta=` give what is known of yours; it is then not simulated. \
    The last lines are commands that apply the advice.
    """

  private enum Source: String, CaseIterable, Sendable { case trace }

  private var source: Given<Source>?
  private var file: Given<String>?
  private var workers: Given<Int>?
  private var timeout: Given<Double>?
  private var samples: Given<Int>?
  private var seeds: Given<Int>?
  private var gradients: Given<Int>?
  private var (stops, tunes) = (false, false)
  private var record = RecordKeys()
  private var given = BoundArguments.none

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("SOURCE", &source, .choice, "that durations were recorded")
    arguments.parameter("FILE", &file, .path, "the file of the recorded durations")
    arguments.key(
      "workers", &workers, .integer(1...ValueKind.mostWorkers),
      "how many workers there are: those of the record, if it names them",
      standard: "those configured, or those of the record")
    arguments.key("timeout", &timeout, .positive, "a time-out of whole jobs to be weighed, in seconds")
    arguments.key(
      "samples", &samples, .integer(0...100_000), "how often the record is sampled again", standard: "100")
    arguments.key(
      "seeds", &seeds, .integer(1...1_000), "seeds of each simulation of the problem", standard: "5")
    arguments.key(
      "gradients", &gradients, .integer(0...),
      "the most gradients of a simulation of the problem; 0: none", standard: "200000")
    arguments.flag("stops", &stops, "also methods and forms that cancel jobs")
    arguments.flag(
      "tune", &tunes,
      "also other batches, methods without a theorem, and the best stepsize of each, as simulations of the "
        + "problem find them")
    record.arguments(&arguments)
    arguments.all(&given)
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let recorded = try recordedFile()
    var notes: [String] = []
    let fleet = try fleet(recorded, workspace, &notes)
    let readings = [fleet.record?.reading].compactMap(\.self)
    try workspace.report(readings, of: Self.name)
    var adviser = try adviser(for: fleet, workspace, &notes)
    adviser.seed = workspace.configuration.seed
    adviser.seeds = seeds?.value ?? adviser.seeds
    adviser.replicates = samples?.value ?? adviser.replicates
    adviser.gradients = gradients?.value ?? adviser.gradients
    adviser.timeout = timeout?.value
    adviser.stops = stops
    adviser.tunes = tunes
    adviser.threads = workspace.options.threads
    guard let advice = try advise(adviser, workspace) else { return .interrupted }
    if advice.isSimulated, !adviser.tunes {
      notes.append(
        "the theory's stepsizes are cautious; advise with tune looks for the best ones of each method")
    }
    let report = AdviceReport(
      advice, subject: Self.subject(recorded?.value, fleet), problem: Self.summary(adviser),
      notes: notes + Self.doubts(advice),
      commands: Self.commands(
        advice, recorded.map { trace($0.value, fleet) }, adviser, workspace.configuration))
    workspace.keep(.text((readings.map(\.line) + [report.text(width: 100)]).joined(separator: "\n")))
    try workspace.report(Self.name, rows: report.json, text: report.text(width: workspace.options.width))
    return .done
  }

  private func advise(_ adviser: Adviser, _ workspace: Workspace) throws(Diagnostic) -> Advice? {
    let board = ProgressBoard(workspace.output)
    defer { workspace.output.progress(nil) }
    do throws(LabError) {
      return try adviser.advise(
        progress: { board.show(Progress(what: "advise: \($0.what)", fraction: $0.fraction)) },
        interrupted: workspace.world.interrupted)
    } catch {
      throw Diagnostic(
        error, at: workspace.place, blaming: given, workspace.configuration.problem?.arguments)
    }
  }

  /// What follows the word `trace`; nil without.
  private func recordedFile() throws(Diagnostic) -> Given<String>? {
    guard let source else { return nil }
    guard let file else { throw Diagnostic(.traceWithoutFile, at: source.place) }
    return file
  }

  private func fleet(
    _ recorded: Given<String>?, _ workspace: Workspace, _ notes: inout [String]
  ) throws(Diagnostic) -> AdviceFleet {
    let configuration = workspace.configuration
    guard let recorded else {
      guard !configuration.workers.isEmpty else { throw Diagnostic(.nothingToAdviseOn, at: workspace.place) }
      var fleet = AdviceFleet(configuration.workers, owners: configuration.recordings)
      fleet.speeds = configuration.speeds
      if fleet.changesSpeed {
        notes.append(
          "speeds change: seconds for an update are the mean from time 0 on as far as updates are simulated, "
            + "and where a parameter depends on how fast workers are, their mean speeds count")
      }
      return fleet
    }
    let durations: RecordedDurations
    do throws(DataError) { durations = try RecordedDurations.read(recorded.value, record.options) } catch {
      throw Diagnostic(error, at: recorded.place)
    }
    let configured = configuration.workers.isEmpty ? nil : configuration.workers.count
    let asked = workers?.value ?? configured
    do throws(LabError) {
      let count = try size(of: durations, asked)
      if durations.workers == nil, workers == nil {
        notes.append(
          "the record names no workers: its durations are taken for each of "
            + "\(count == 1 ? "1 worker" : "\(count) workers"); workers=N says how many there are")
      }
      return try AdviceFleet(durations, count: count, links: configuration.workers)
    } catch { throw Diagnostic(error, ofFile: recorded.value, at: workers?.place ?? recorded.place) }
  }

  /// How many workers there are, where `asked` of them are asked for or configured.
  private func size(of durations: RecordedDurations, _ asked: Int?) throws(LabError) -> Int {
    guard durations.workers != nil else { return asked ?? 1 }
    let recorded = durations.workerNames.count
    if record.isSpread { return asked ?? recorded }
    if let asked, asked != recorded { throw durations.mismatch(asked) }
    if asked == nil, !durations.gap.isEmpty { throw durations.mismatch(nil) }
    return recorded
  }

  /// The law that draws from the record, with the keys that it was read with.
  private func trace(_ path: String, _ fleet: AdviceFleet) -> String {
    let keys = given.keyText(Environment(), of: RecordKeys.names)
    return "trace(" + ([path.quoted, "bootstrap"] + keys).joined(separator: ",") + ")"
  }

  /// What weighs methods for `fleet` on the configured problem, or, where only constants are given, on these.
  private func adviser(
    for fleet: AdviceFleet, _ workspace: Workspace, _ notes: inout [String]
  ) throws(Diagnostic) -> Adviser {
    var fleet = fleet
    let configuration = workspace.configuration
    let problem = try workspace.choose(problem: configuration.problem, in: configuration)
    var conditions: Conditions
    // Only the problem and the fleet are looked at, whatever the method.
    var experiment = Experiment(
      problem: problem, workers: fleet.workers, method: MethodChoice(Minibatch()), seed: configuration.seed,
      epsilon: configuration.epsilon)
    experiment.assumed = configuration.assumed
    experiment.speeds = fleet.speeds
    experiment.owners = fleet.owners
    try workspace.findOptimum(of: experiment)
    do throws(LabError) {
      if fleet.workers.count == configuration.uploadPerCoordinate.count {
        experiment.uploadPerCoordinate = configuration.uploadPerCoordinate
      }
      if fleet.workers.count == configuration.downloadPerCoordinate.count {
        experiment.downloadPerCoordinate = configuration.downloadPerCoordinate
      }
      let situation = try experiment.situation()
      if let sample = situation.evaluated { notes.append(sample.sentence) }
      fleet.workers = experiment.workers(sending: situation.conditions.dimension)
      conditions = situation.conditions
      if !(conditions.gap >= 0) {
        // Not less than f(x⁰) − f* where no loss is negative.
        experiment.assumed.optimum = 0
        conditions.gap = try experiment.situation().conditions.gap
        notes.append("f* is not known: the first loss is taken for Δ")
      }
    } catch {
      throw Diagnostic(error, at: workspace.place, blaming: configuration.problem?.arguments)
    }
    let assumed = configuration.assumed
    let isGiven = !(assumed.smoothness.isNaN && assumed.variance.isNaN && assumed.gap.isNaN)
    if configuration.problem == nil && !isGiven {
      notes.append("no problem is configured: the advice is for the default, problem quadratic")
    }
    let isKnownByConstants = configuration.problem == nil && isGiven
    return Adviser(
      fleet, problem: isKnownByConstants ? nil : problem, conditions: conditions,
      catalogue: workspace.catalogue)
  }
}

// What it says besides its tables.
extension AdviseCommand {
  private static func subject(_ path: String?, _ fleet: AdviceFleet) -> String {
    guard let path, let record = fleet.record else {
      return "Fleet: \(fleet.workers.count) workers, as configured."
    }
    let failures = record.values.count { $0 == .infinity }
    let share = NumberText.percent(Double(failures) / Double(record.values.count))
    return "Record \(path): \(fleet.workers.count) workers, \(record.values.count) durations, "
      + "\(failures) of them failures (\(share))."
  }

  private static func summary(_ adviser: Adviser) -> String {
    let conditions = adviser.conditions
    func brief(_ number: Double) -> String { NumberText.brief(number, digits: 4) }
    let name = adviser.problem == nil ? "given by its constants" : adviser.problem?.name ?? ""
    let kind = conditions.isHeterogeneous ? ", workers have data of their own" : ""
    return "Problem \(name)\(kind): L = \(brief(conditions.smoothness)), σ² = \(brief(conditions.variance)), "
      + "Δ = \(brief(conditions.gap)). Target: ‖∇f‖² < \(brief(conditions.epsilon)), σ²/ε = "
      + "\(brief(conditions.noiseRatio))."
  }

  /// What makes the fits doubtful.
  private static func doubts(_ advice: Advice) -> [String] {
    var notes: [String] = []
    let few = advice.fits.filter { $0.count < 10 }
    if let first = few.first {
      let others = few.count > 1 ? " and \(few.count - 1) more" : ""
      notes.append(
        "worker\(few.count > 1 ? "s" : "") \(first.name)\(others) \(few.count > 1 ? "have" : "has") only "
          + "\(first.count == 1 ? "1 duration" : "\(first.count) durations"): "
          + "laws and time-outs of so few are guesses")
    }
    let dead = advice.fits.filter(\.durations.isEmpty)
    if let first = dead.first {
      let others = dead.count > 1 ? " and \(dead.count - 1) more" : ""
      notes.append("no job of worker \(first.name)\(others) ever ended")
    }
    let rejected = advice.fits.count { $0.best.isRejected }
    if rejected > 0 {
      notes.append(
        "no law of the catalogue fits the durations of \(rejected) of \(advice.fits.count) workers: use "
          + "the record itself, delay=trace(…), rather than the laws")
    }
    if advice.isDependent {
      let largest = advice.fits.map(\.serialCorrelation).filter { !$0.isNaN }
        .max { $0.magnitude < $1.magnitude }
      notes.append(
        "durations are correlated in time, with a rank correlation of up to "
          + "\(NumberText.brief(largest ?? .nan, digits: 2)) from one job of a worker to the next: the "
          + "advice draws them independently, and so do the samples of its ranges; compare on "
          + "delay=trace(…), which replays the record in its order")
    }
    return notes + remarks(advice)
  }

  /// What `run` would say of the methods before it starts, and which of them cannot run.
  private static func remarks(_ advice: Advice) -> [String] {
    var notes: [String] = []
    for forecast in advice.forecasts {
      for remark in forecast.remarks {
        let note = "\(forecast.candidate.method): \(remark)"
        if !notes.contains(note) { notes.append(note) }
      }
    }
    return notes
      + advice.refusals.map { refusal in
        let parameters = refusal.candidate.parameters
        return refusal.candidate.method + (parameters.isEmpty ? "" : " " + parameters) + ": "
          + refusal.error.message + (refusal.error.remedy.map { "; \($0)" } ?? "")
      }
  }

  /// Commands that recreate problem, fleet and target, and choose the advised method.
  private static func commands(
    _ advice: Advice, _ trace: String?, _ adviser: Adviser, _ configuration: Configuration
  ) -> [String] {
    let fleet = adviser.fleet
    var commands: [String] = []
    if adviser.problem != nil { commands.append(configuration.problem?.text ?? "problem quadratic") }
    if let trace {
      commands.append("workers \(fleet.workers.count) tau=0 delay=\(trace)")
    } else {
      commands += configuration.fleet.map(\.text)
    }
    commands += [configuration.target, "seed \(configuration.seed)"]
    if let best = advice.best {
      commands += [best.candidate.command(gamma: best.gamma)]
      let epsilon = NumberFormat.text(configuration.epsilon)
      if adviser.problem != nil { commands.append("run gradnorm2<\(epsilon)") }
    }
    return commands
  }
}
