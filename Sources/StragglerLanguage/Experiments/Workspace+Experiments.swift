// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

// From what was written to what runs.

extension Workspace {
  /// The problem that a command asks for, `quadratic` without one.
  func choose(
    problem written: Written?, in configuration: Configuration
  ) throws(Diagnostic) -> ProblemChoice {
    let name = written?.name ?? "quadratic"
    guard let entry = catalogue.problem(name) else { throw Diagnostic(.noProblem(name), at: .nowhere) }
    return try located(written, in: configuration) { (settings) throws(LabError) in
      try entry.choose(settings, library: library)
    }
  }

  /// The method `name` with the keys of a command, but one.
  func choose(
    method name: String, _ written: Written?, without key: String? = nil, in configuration: Configuration
  ) throws(Diagnostic) -> MethodChoice {
    guard let entry = catalogue.method(name) else { throw Diagnostic(.noMethod(name), at: .nowhere) }
    return try located(written, in: configuration) { (settings) throws(LabError) in
      try entry.choose(settings.filter { $0.key != key })
    }
  }

  /// Calls `body` with the settings that a command gives, and finds the place for its errors.
  private func located<Result>(
    _ written: Written?, in configuration: Configuration, _ body: (Settings) throws(LabError) -> Result
  ) throws(Diagnostic) -> Result {
    var settings: Settings = [:]
    for key in written?.arguments.keyed ?? [] {
      settings[key.spelling] = try key.value.setting(key.spelling, fleet: configuration.facts)
    }
    do throws(LabError) { return try body(settings) } catch {
      throw Diagnostic(error, at: written?.arguments.place ?? .nowhere, blaming: written?.arguments)
    }
  }

  /// The name of the method that is configured.
  func chosenMethod(in configuration: Configuration) throws(Diagnostic) -> String {
    guard let method = configuration.method else { throw Diagnostic(.noMethodYet, at: place) }
    return method
  }

  /// The experiment of a configuration with the method `name`.
  func experiment(
    method name: String, in configuration: Configuration
  ) throws(Diagnostic) -> Experiment {
    guard !configuration.workers.isEmpty else { throw Diagnostic(.noWorkersYet, at: place) }
    var experiment = Experiment(
      problem: try choose(problem: configuration.problem, in: configuration), workers: configuration.workers,
      method: try choose(method: name, configuration.methods[name], in: configuration),
      seed: configuration.seed, epsilon: configuration.epsilon, interval: configuration.interval)
    if catalogue.method(name)?.needsNetwork == true { experiment.topology = try configuration.network() }
    experiment.uploadPerCoordinate = configuration.uploadPerCoordinate
    experiment.downloadPerCoordinate = configuration.downloadPerCoordinate
    experiment.speeds = configuration.speeds
    experiment.owners = configuration.recordings
    experiment.assumed = configuration.assumed
    experiment.interrupted = world.interrupted
    return experiment
  }

  /// The experiment of the configuration with the method `name`.
  func experiment(method name: String) throws(Diagnostic) -> Experiment {
    try experiment(method: name, in: configuration)
  }

  /// The experiment of the configuration with `method` and its keys.
  func experiment(_ method: NamedMethod) throws(Diagnostic) -> Experiment {
    var own = configuration
    own.methods[method.name] = method.written
    return try experiment(method: method.name, in: own)
  }

  /// Starts `experiment`; an error is located at the key that caused it.
  func start(_ experiment: Experiment) throws(Diagnostic) -> Run {
    do throws(LabError) { return try experiment.start() } catch {
      throw Diagnostic(
        error, at: place,
        blaming: configuration.methods[experiment.method.name]?.arguments, configuration.problem?.arguments,
        configuration.topology?.arguments)
    }
  }

  /// The error of a run, located at the key of the method or problem that caused it.
  func blamed(_ error: LabError, in configuration: Configuration) -> Diagnostic {
    let keyed = configuration.methods.values.map(\.arguments).first { candidate in
      candidate.keyed.contains { $0.name == error.key || $0.spelling == error.key }
    }
    return Diagnostic(error, at: place, blaming: keyed, configuration.problem?.arguments)
  }
}

// MARK: - What has to be known before anything runs

extension Workspace {
  /// Searches for f* where the problem of `experiment` needs that and it is not known yet.
  func findOptimum(of experiment: Experiment) throws(Diagnostic) {
    defer { output.progress(nil) }
    let isFound: Bool
    do throws(LabError) {
      isFound = try experiment.findOptimum(
        progress: { progress("f*", $0) }, interrupted: world.interrupted)
    } catch { throw Diagnostic(error, at: place, blaming: configuration.problem?.arguments) }
    guard isFound else { throw stoppedSearching() }
  }

  /// The user asked to stop before there was anything to report.
  func stoppedSearching() -> Diagnostic {
    diagnose(Diagnostic(.searchInterrupted, at: place, severity: .warning))
    return .interruption(at: place)
  }

  /// Throws where a condition is about a quantity that is not known under `experiments`, which are on one
  /// problem and of which the first that can run is asked; f* is searched for, at each of `seeds`, before
  /// that.
  func check(
    _ stop: StopArguments, of experiments: [Experiment], _ seeds: [UInt64], _ point: String? = nil
  ) throws(Diagnostic) {
    guard let first = experiments.first else { return }
    for seed in seeds {
      var own = first
      own.seed = seed
      try findOptimum(of: own)
    }
    guard stop.conditions.contains(where: { [.gap, .accuracy].contains($0.value.quantity) }) else { return }
    if seeds.isEmpty { try findOptimum(of: first) }
    for experiment in experiments {
      let run: Run
      // The reason why one cannot run is reported where it would run.
      do throws(LabError) { run = try experiment.start() } catch { continue }
      return try check(stop, of: run, point)
    }
  }

  /// Throws where a condition is about a quantity that is not known in `run`.
  func check(_ stop: StopArguments, of run: Run, _ point: String? = nil) throws(Diagnostic) {
    do throws(LabError) { try run.check(stop.conditions.map(\.value)) } catch {
      let unknown = stop.conditions.first { !run.knows($0.value.quantity) }
      throw Diagnostic(error, at: unknown?.place ?? place).specified(by: point)
    }
  }
}

extension Diagnostic {
  /// The same with the point of a sweep that it is about.
  func specified(by point: String?) -> Diagnostic {
    guard let point, !point.isEmpty else { return self }
    var diagnostic = self
    diagnostic.message += ", at " + point
    return diagnostic
  }
}
