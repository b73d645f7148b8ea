// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// What is kept of a run with real workers, whose threads have ended.
struct RealResult {
  let trace: NamedTrace
  let statistics: Statistics
  let model: [Double]
  /// The command that made it.
  let command: String
  /// Whether the simulation has not gone on since.
  var isLatest = true
}

extension Workspace {
  /// Runs `real` and reports where it has come to.
  func advance(
    _ real: RealRun, until stop: Stop, or conditions: [Stop.Condition]
  ) throws(Diagnostic) -> Outcome {
    defer {
      output.progress(nil)
      real.run.onPoint = nil
    }
    let seed = configuration.seed
    let run = real.run
    if let stream = current.stream {
      run.onPoint = { stream.append($0, method: run.method, seed: seed) }
    }
    real.run(
      until: stop, or: conditions,
      progress: { _ in progress("\(run.method) \(run.iteration)", run.fraction(of: stop)) },
      interrupted: world.interrupted)
    if let failure = real.failure { throw Diagnostic(failure, at: place) }
    try checkWorld()
    var trace = NamedTrace(method: run.method, seed: seed, points: run.trace)
    trace.label = "\(run.method), real"
    trace.evaluated = run.evaluated
    current.real = RealResult(
      trace: trace, statistics: run.statistics, model: run.model, command: commandAtHand)
    results.latest = .run
    remember(run.statistics)
    keep(.text(run.summary))
    try current.log?.check(at: place)
    try current.stream?.check(at: place)
    if !options.isQuiet || options.isJSON {
      try report(run.statistics.json.reported(by: "real"), text: run.summary)
    }
    return run.stopped == .interrupted ? .interrupted : .done
  }
}
