// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// How long an update of a candidate takes on a fleet, by simulating when jobs end, without a gradient.
struct IterationTime: Sendable {
  /// Simulated seconds an update; infinite where the method starves.
  let seconds: Double
  /// γ, from the theorem for the conditions.
  let gamma: Double
  /// The remarks that the method made while it prepared.
  let remarks: [String]
  /// Whether fewer updates were simulated than are needed: then it is unknown how many workers are stuck by
  /// their end.
  let isExtrapolated: Bool

  /// An experiment that takes as long as one on a problem with these conditions would.
  static func experiment(
    _ candidate: AdviceCandidate, _ fleet: AdviceFleet, _ conditions: Conditions, _ catalogue: Catalogue,
    seed: UInt64
  ) throws(LabError) -> Experiment {
    var experiment = Experiment(
      problem: ProblemChoice(KnownConditions(conditions)), workers: fleet.workers,
      method: try candidate.choice(catalogue), seed: seed, epsilon: conditions.epsilon)
    (experiment.speeds, experiment.owners) = (fleet.speeds, fleet.owners)
    return experiment
  }

  /// Simulates about `events` ends of jobs: where `needed` updates take fewer, those from the start again and
  /// again, with other draws, since the first updates may be shorter than later ones, when workers are stuck
  /// in long jobs; otherwise one run, of more events where these do not make ten updates, but at most 50
  /// times as many. Where `interrupted` holds, the numbers are of what was done until then.
  init(
    _ candidate: AdviceCandidate, _ fleet: AdviceFleet, _ conditions: Conditions, _ catalogue: Catalogue,
    seed: UInt64, events: Int, needed: Double = .infinity,
    interrupted: () -> Bool = { false }
  ) throws(LabError) {
    let experiment = try Self.experiment(candidate, fleet, conditions, catalogue, seed: seed)
    let run = try experiment.start()
    (gamma, remarks) = (run.gamma, run.remarks)
    if needed < Double(events) {
      let steps = max(1, Int(needed.rounded(.up)))
      let times = try Self.rehearsals(experiment, steps: steps, events: events, interrupted)
      if !times.isEmpty {
        isExtrapolated = false
        seconds = times.typical / Double(steps)
        return
      }
    }
    isExtrapolated = true
    var state = (time: 0.0, iteration: 0, isStarved: false)
    var limit = events
    while true {
      state = Self.rehearse(run, upTo: limit, interrupted)
      if interrupted() || state.isStarved || state.iteration >= 10 || limit >= 50 * events { break }
      limit *= 5
    }
    // The moment of an update, not of any event.
    if !state.isStarved {
      state = Self.rehearse(run, upTo: 100 * limit, steps: state.iteration + 1, interrupted)
    }
    seconds = state.isStarved || state.iteration == 0 ? .infinity : state.time / Double(state.iteration)
  }
}

extension IterationTime {
  /// As `Run.rehearse`, calling `interrupted` every few thousand events.
  private static func rehearse(
    _ run: Run, upTo events: Int, steps: Int? = nil, _ interrupted: () -> Bool
  ) -> (time: Double, iteration: Int, isStarved: Bool) {
    while true {
      let before = run.events
      let state = run.rehearse(upTo: min(events, before + 4_096), steps: steps)
      let isThere = steps.map { state.iteration >= $0 } ?? false
      let isOver = run.events >= events || run.events == before
      if state.isStarved || isThere || isOver || interrupted() { return state }
    }
  }

  /// The times of the first `steps` updates under at most 100 seeds, infinite where the method starves
  /// before; as many as fit into `events` ends of jobs.
  private static func rehearsals(
    _ experiment: Experiment, steps: Int, events: Int, _ interrupted: () -> Bool
  ) throws(LabError) -> [Double] {
    var experiment = experiment
    var times: [Double] = []
    var left = events
    while left > 0 && times.count < 100 && !interrupted() {
      let run = try experiment.start()
      let state = rehearse(run, upTo: left, steps: steps, interrupted)
      if !state.isStarved && state.iteration < steps { break }
      times.append(state.isStarved ? .infinity : state.time)
      left -= max(1, run.events)
      experiment.seed &+= 0x9e37_79b9_7f4a_7c15
    }
    return times
  }
}

extension Array<Double> {
  /// The mean of all but the longest twentieth of these times: of heavy tails the mean itself says nothing,
  /// and a run in twenty may get stuck.
  var typical: Double {
    let kept = sorted().prefix(count - count / 20)
    return kept.isEmpty ? .nan : kept.reduce(0, +) / Double(kept.count)
  }
}

extension AdviceFleet {
  /// The fleet as a method sees it after `horizon` seconds that does not give up jobs: workers that have most
  /// likely met a job that never ends are stuck. Nil where none is.
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
