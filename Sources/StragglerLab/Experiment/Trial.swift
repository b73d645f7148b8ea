/// One run of an experiment at one seed, and what is left of it.
struct Trial: Sendable {
  var run: Comparison.FinishedRun
  /// γ, as given or as the theory has it.
  let stepsize: Double

  init(run: Comparison.FinishedRun, stepsize: Double) {
    self.run = run
    self.stepsize = stepsize
  }

  /// Runs `experiment` at `seed` until `stop`, or until `isOver` says that it is.
  init(
    _ experiment: Experiment, seed: UInt64, until stop: Stop, clock: () -> Double, isOver: (Run) -> Bool
  ) throws(LabError) {
    var experiment = experiment
    experiment.seed = seed
    let run = try experiment.start()
    run.run(until: stop, interrupted: { isOver(run) }, clock: clock)
    if let failure = run.failure { throw failure }
    self.run = Comparison.FinishedRun(seed: seed, statistics: run.statistics, trace: run.trace)
    stepsize = run.stepsize
  }
}

extension Comparison.Row {
  /// The row of `trials`, which are those of one experiment.
  init(method: String, _ trials: [Trial], until stop: Stop) {
    let reached = trials.count { stop.isReached($0.run.statistics.stopped) }
    self.init(
      method: method, runs: trials.map(\.run), stepsize: trials.last?.stepsize ?? .nan,
      reached: trials.isEmpty ? .nan : Double(reached) / Double(trials.count))
  }
}

extension Stop {
  /// Whether a run that ended so came to what was asked for: the condition, or without one its steps, time or
  /// arrivals.
  func isReached(_ reason: StopReason?) -> Bool {
    switch reason {
    case .condition: true
    case .steps, .time, .arrivals: conditions.isEmpty
    case .starved, .diverged, .failed, .interrupted, nil: false
    }
  }
}
