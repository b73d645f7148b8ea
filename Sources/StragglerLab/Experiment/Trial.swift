// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// One run of an experiment at one seed, and what is left of it.
struct Trial: Sendable {
  var run: Comparison.FinishedRun
  /// γ, as given or as the theory has it.
  let gamma: Double
  /// What the run was like about its end, where that was asked for.
  var tail: Tail?

  /// How a run is judged that is one of many: the luckiest moment of a noisy run says little.
  enum Tail: Sendable, Equatable {
    /// The condition held at so many of the ten looks after the run's end.
    case held(Int)
    /// The mean of the last gap, or loss where f* is not known, over the last tenth of the run.
    case mean(Double)
  }

  init(run: Comparison.FinishedRun, gamma: Double, tail: Tail? = nil) {
    self.run = run
    self.gamma = gamma
    self.tail = tail
  }

  /// Runs `experiment` at `seed` until `goal`, or until `isOver` says that it is.
  ///
  /// With `judgesTail` the run is also judged by its tail: by ten looks along a fifth as many updates more,
  /// at least ten, once a condition holds, or where there is none by ten along its last tenth. `interrupted`
  /// is looked at there.
  init(
    _ experiment: Experiment, seed: UInt64, until goal: Goal, judgesTail: Bool = false,
    clock: () -> Double, interrupted: () -> Bool = { false }, isOver: (Run) -> Bool
  ) throws(LabError) {
    var experiment = experiment
    experiment.seed = seed
    let run = try experiment.start()
    try run.check(goal.conditions)
    let isInterrupted = { isOver(run) }
    var values: [Double] = []
    if judgesTail, goal.conditions.isEmpty {
      for tenth in 0..<Self.looks {
        let part = goal.stop.scaled(by: 0.9 + 0.1 * Double(tenth) / Double(Self.looks))
        let reason = run.run(until: part, interrupted: isInterrupted, clock: clock)
        guard goal.isReached(reason) else { break }
        if tenth > 0 { values.append(Merit.loss(run.point(of: [.loss]))) }
      }
    }
    run.run(until: goal.stop, or: goal.conditions, interrupted: isInterrupted, clock: clock)
    if let failure = run.failure { throw failure }
    self.run = Comparison.FinishedRun(
      seed: seed, statistics: run.statistics, trace: run.trace, remarks: run.remarks)
    // Such a run is neither compared nor kept in a journal.
    if experiment.problem.hasFailed() { throw .interrupted }
    gamma = run.gamma
    guard judgesTail else { return }
    if goal.conditions.isEmpty {
      values.append(Merit.loss(run.point(of: [.loss])))
      tail = .mean(Comparison.Row.mean(values))
    } else if run.stopped == .condition {
      tail = .held(Self.held(run, goal.conditions, interrupted))
    }
    if experiment.problem.hasFailed() { throw .interrupted }
  }

  private static let looks = 10
  /// The looks after a run's end at which the condition has to hold.
  static let enough = 9

  /// At how many of the looks after the end of `run` the condition holds.
  private static func held(
    _ run: Run, _ conditions: [Stop.Condition], _ isInterrupted: () -> Bool
  ) -> Int {
    let distance = max(1, run.iteration / 50)
    let begin = run.iteration
    var held = 0
    for look in 1...looks {
      let reason = run.run(until: Stop(updates: begin + look * distance), interrupted: isInterrupted)
      // A run that can go no further stays where it is.
      guard reason == .updates || reason == .starved else { break }
      let point = run.point(of: conditions.map(\.quantity))
      if conditions.contains(where: { $0.holds(at: point) }) { held += 1 }
    }
    return held
  }
}

extension Comparison.Row {
  /// The row of `trials`, which are those of one experiment.
  init(method: String, _ trials: [Trial], until goal: Goal) {
    let reached = trials.count { goal.isReached($0.run.statistics.stopped) }
    self.init(
      method: method, runs: trials.map(\.run), gamma: trials.last?.gamma ?? .nan,
      reached: trials.isEmpty ? .nan : Double(reached) / Double(trials.count), goal: goal)
    tails = trials.map(\.tail)
  }
}
