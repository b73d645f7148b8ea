internal import StragglerCore

/// How long an update of a candidate takes on a fleet, by simulating when jobs end, without a gradient.
struct IterationTime: Sendable {
  /// Simulated seconds an update; infinite where the method starves.
  let seconds: Double
  /// γ, as the theory has it for the conditions.
  let gamma: Double
  /// The updates that were simulated.
  let updates: Int

  /// An experiment that takes as long as one on a problem with these conditions would.
  static func experiment(
    _ candidate: AdviceCandidate, _ fleet: AdviceFleet, _ conditions: Conditions, _ catalogue: Catalogue,
    seed: UInt64
  ) throws(LabError) -> Experiment {
    var experiment = Experiment(
      problem: ProblemChoice(KnownConditions(conditions)), workers: fleet.workers,
      method: try candidate.choice(catalogue), seed: seed, epsilon: conditions.epsilon)
    experiment.owners = fleet.owners
    return experiment
  }

  /// Simulates about `events` ends of jobs, more where these do not make ten updates, but at most 50 times as many.
  init(
    _ candidate: AdviceCandidate, _ fleet: AdviceFleet, _ conditions: Conditions, _ catalogue: Catalogue,
    seed: UInt64, events: Int
  ) throws(LabError) {
    let experiment = try Self.experiment(candidate, fleet, conditions, catalogue, seed: seed)
    let run = try experiment.start()
    gamma = run.stepsize
    var state = (time: 0.0, iteration: 0, isStarved: false)
    var limit = events
    while true {
      state = run.rehearse(upTo: limit)
      if state.isStarved || state.iteration >= 10 || limit >= 50 * events { break }
      limit *= 5
    }
    // The moment of an update, not of any event.
    if !state.isStarved {
      state = run.rehearse(upTo: 100 * limit, steps: state.iteration + 1)
    }
    updates = state.iteration
    seconds = state.isStarved || state.iteration == 0 ? .infinity : state.time / Double(state.iteration)
  }
}

extension AdviceFleet {
  /// The fleet as a method sees it after `horizon` seconds that does not give up jobs: workers that have most likely met a
  /// job that never ends are stuck. Nil where none is.
  func worn(after horizon: Double) -> AdviceFleet? {
    var fleet = self
    var isWorn = false
    for index in workers.indices {
      let worker = workers[index]
      let success = worker.delay.cdf(Delay.longest)
      guard success < 1 else { continue }
      let ended = success > 0 ? worker.tau + worker.delay.partialMean(Delay.longest) / success : .infinity
      // E jobs until one fails is 1/q.
      guard !(horizon * (1 - success) < 3 * ended) else { continue }
      fleet.workers[index].delay = .constant(.infinity)
      isWorn = true
    }
    return isWorn ? fleet : nil
  }
}
