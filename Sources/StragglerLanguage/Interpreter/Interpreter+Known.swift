internal import StragglerCore
internal import StragglerLab

/// The user asked to stop before there was anything to report.
struct Interruption: Error {}

// What has to be known before anything runs.

extension Interpreter {
  /// Searches for f* where the problem of `experiment` needs that and nobody knows it yet.
  func findOptimum(of experiment: Experiment, at place: Place) throws {
    defer { output.progress(nil) }
    let isFound: Bool
    do {
      isFound = try experiment.findOptimum(interrupted: world.interrupted) { share in
        output.progress(Progress(what: "f*", fraction: share))
      }
    } catch { throw diagnostic(error, at: place, configuration.problem?.arguments) }
    guard isFound else { throw stoppedSearching(at: place) }
  }

  /// The same for all points of a sweep that are left to run.
  func findOptima(
    of sweep: Sweep, _ journal: SweepJournal?, _ labels: [[SweepReport.Label]], at place: Place
  ) throws {
    defer { output.progress(nil) }
    let isFound: Bool
    do {
      isFound = try sweep.findOptima(journal: journal, interrupted: world.interrupted) { share in
        output.progress(Progress(what: "f*", fraction: share))
      }
    } catch {
      var diagnostic = blamed(error.error, at: place)
      if let index = error.index { diagnostic.message += ", at " + Self.words(labels[index]) }
      throw diagnostic
    }
    guard isFound else { throw stoppedSearching(at: place) }
  }

  private func stoppedSearching(at place: Place) -> Interruption {
    output.diagnose(
      Diagnostic(
        "the search for f* was interrupted before anything ran",
        remedy: "the same command searches anew; target fstar=VALUE gives f* without a search", at: place,
        severity: .warning))
    return Interruption()
  }

  /// Throws where a condition is about a quantity that is not known under `experiment`, of which f* is
  /// searched for, at each of `seeds`, before that.
  func check(
    _ stop: Stop, of experiment: Experiment, _ seeds: [UInt64], _ arguments: BoundArguments,
    _ point: String = ""
  ) throws {
    for seed in seeds {
      var own = experiment
      own.seed = seed
      try findOptimum(of: own, at: arguments.place)
    }
    guard stop.conditions.contains(where: { [.gap, .accuracy].contains($0.quantity) }) else { return }
    let run: Run
    if seeds.isEmpty { try findOptimum(of: experiment, at: arguments.place) }
    do { run = try experiment.start() } catch { throw blamed(error, at: arguments.place) }
    try check(stop, of: run, arguments, point)
  }

  /// Throws where a condition is about a quantity that is not known in `run`.
  func check(_ stop: Stop, of run: Run, _ arguments: BoundArguments, _ point: String = "") throws {
    do { try run.check(stop) } catch {
      let unknown = stop.conditions.first { !run.knows($0.quantity) }?.quantity.rawValue ?? ""
      let words = arguments.invocation?.arguments.map(\.place) ?? []
      var diagnostic = diagnostic(
        error, at: words.first { $0.text.hasPrefix(unknown) } ?? arguments.place)
      if !point.isEmpty { diagnostic.message += ", at " + point }
      throw diagnostic
    }
  }
}
