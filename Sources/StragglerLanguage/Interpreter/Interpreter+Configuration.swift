internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// What has been configured, as it was written, so that commands can come in any order: `trials=i` needs the
/// number of workers, which may be said later.
struct Configuration {
  /// A command with the values that its variables had.
  struct Command {
    let arguments: BoundArguments
    let environment: Environment
  }

  var problem: Command?
  /// The commands that made the fleet: the first gave its size.
  var fleet: [Command] = []
  var workers: [Worker] = []
  var uploadPerCoordinate: [Double] = []
  /// Recorded durations that delays look at.
  var recordings: [any AnyObject & Sendable] = []
  var topology: Command?
  /// The links of the topology's file, as read when it was named.
  var links: RecordedLinks?
  /// The keys last given for each method.
  var methods: [String: Command] = [:]
  var method: String?
  var epsilon = 1e-4
  /// Constants of the problem that `target` has given; nan where it has not.
  var assumed = Conditions()
  var seed: UInt64 = 1
  var interval = TraceInterval.adaptive
}

extension Configuration {
  /// The keys of `target` for the problem's constants. Of L± the theory has the square.
  static var constants: [(key: String, path: WritableKeyPath<Conditions, Double>)] {
    [
      ("L", \.smoothness), ("sigma2", \.variance), ("Delta", \.gap), ("R", \.distance),
      ("fstar", \.optimum), ("L_pm", \.hessianVariance), ("L_mean", \.workerSmoothness.mean),
      ("L_rms", \.workerSmoothness.rootMeanSquare), ("L_max", \.workerSmoothness.largest),
      ("zeta2", \.dissimilarity.constant),
    ]
  }
}

extension Interpreter {
  /// The configuration has changed: what was reached is gone.
  func changed() { current = nil }

  func problem(_ arguments: BoundArguments) throws -> Outcome {
    let command = Configuration.Command(arguments: arguments, environment: environment)
    _ = try choose(problem: command)
    configuration.problem = command
    changed()
    return .done
  }

  func method(_ arguments: BoundArguments) throws -> Outcome {
    guard let name = arguments["NAME"]?.word else { return .failed }
    let command = Configuration.Command(arguments: arguments, environment: environment)
    _ = try choose(method: name, command)
    configuration.methods[name] = command
    configuration.method = name
    changed()
    return .done
  }

  func target(_ arguments: BoundArguments) throws -> Outcome {
    guard !arguments.keyed.isEmpty else {
      throw Diagnostic("target needs epsilon=", remedy: "write target epsilon=1e-4", at: arguments.place)
    }
    if let fstar = arguments["fstar"], let number = fstar.number, !number.isFinite {
      throw Diagnostic(
        "fstar= is \(NumberFormat.text(number))", remedy: "it takes a finite number, or auto", at: fstar.place
      )
    }
    if let epsilon = arguments["epsilon"]?.number { configuration.epsilon = epsilon }
    for (name, value) in arguments.keyed {
      guard let constant = Configuration.constants.first(where: { $0.key == name })?.path else { continue }
      // auto is no number: the problem's own again.
      let number = value.number ?? .nan
      configuration.assumed[keyPath: constant] = name == "L_pm" ? number * number : number
    }
    changed()
    return .done
  }

  func seed(_ arguments: BoundArguments) throws -> Outcome {
    configuration.seed = UInt64(arguments["N"]?.integer ?? 1)
    changed()
    return .done
  }

  func trace(_ arguments: BoundArguments) throws -> Outcome {
    let isTime = arguments["unit"]?.word == "time"
    switch arguments["every"]?.value {
    case .number(let every)? where isTime: configuration.interval = .seconds(every)
    case .number(let every)?:
      guard let updates = Int(exactly: every) else {
        throw Diagnostic(
          "every= counts updates here, and \(NumberFormat.text(every)) is no integer",
          remedy: "unit=time counts simulated seconds", at: arguments["every"]?.place ?? arguments.place)
      }
      configuration.interval = .updates(updates)
    default: configuration.interval = .adaptive
    }
    changed()
    return .done
  }
}

// MARK: - From what was written to what runs

extension Interpreter {
  /// The problem that `command` asks for, `quadratic` without one.
  func choose(problem command: Configuration.Command?) throws(Diagnostic) -> ProblemChoice {
    let name = command?.arguments["KIND"]?.word ?? "quadratic"
    guard let entry = catalogue.problem(name) else {
      throw Diagnostic("there is no problem \(name)", at: .nowhere)
    }
    return try located(command?.arguments) { (settings) throws(LabError) in
      try entry.choose(settings, library: library)
    }
  }

  /// The method `name` with the keys of `command`.
  func choose(
    method name: String, _ command: Configuration.Command?, without key: String? = nil
  ) throws(Diagnostic) -> MethodChoice {
    guard let entry = catalogue.method(name) else {
      throw Diagnostic("there is no method \(name)", at: .nowhere)
    }
    return try located(command?.arguments) { (settings) throws(LabError) in
      try entry.choose(settings.filter { $0.key != key })
    }
  }

  /// The experiment of the configuration with the method `name`.
  func experiment(method name: String, at place: Place) throws(Diagnostic) -> Experiment {
    guard !configuration.workers.isEmpty else {
      throw Diagnostic("there are no workers yet", remedy: "say how many: workers 10 tau=sqrt(i)", at: place)
    }
    var experiment = Experiment(
      problem: try choose(problem: configuration.problem), workers: configuration.workers,
      method: try choose(method: name, configuration.methods[name]), seed: configuration.seed,
      epsilon: configuration.epsilon, interval: configuration.interval)
    if catalogue.method(name)?.needsNetwork == true { experiment.topology = try topology() }
    experiment.uploadPerCoordinate = configuration.uploadPerCoordinate
    experiment.owners = configuration.recordings
    experiment.assumed = configuration.assumed
    experiment.interrupted = world.interrupted
    return experiment
  }

  /// Starts `experiment`; an error is shown where the key stands that is to blame.
  func start(_ experiment: Experiment, at place: Place) throws(Diagnostic) -> Run {
    do { return try experiment.start() } catch {
      throw diagnostic(
        error, at: place, configuration.methods[experiment.method.name]?.arguments,
        configuration.problem?.arguments, configuration.topology?.arguments)
    }
  }

  /// Calls `body` with the settings that `arguments` give, and finds the place for its errors.
  private func located<Result>(
    _ arguments: BoundArguments?, _ body: (Settings) throws(LabError) -> Result
  ) throws(Diagnostic) -> Result {
    var settings: Settings = [:]
    for (name, value) in arguments?.keyed ?? [] {
      settings[name] = try value.setting(name, workers: configuration.workers.count)
    }
    do { return try body(settings) } catch {
      throw diagnostic(error, at: arguments?.place ?? .nowhere, arguments)
    }
  }

  /// The lab's error at the place of the key that is to blame, or else at `place`.
  func diagnostic(_ error: LabError, at place: Place, _ candidates: BoundArguments?...) -> Diagnostic {
    let blamed = error.key.flatMap { key in
      candidates.lazy.compactMap { candidate in candidate?.keyed.first { $0.name == key }?.value.place }.first
    }
    var diagnostic = Diagnostic(error.message, remedy: error.remedy, at: blamed ?? place)
    diagnostic.isInterruption = error == .interrupted
    return diagnostic
  }
}

extension Place {
  /// For errors of what nobody has written.
  static let nowhere = SourceText(name: "<default>", "").all
}
