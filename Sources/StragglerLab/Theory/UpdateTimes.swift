// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// How long a method's updates take, by simulating when its jobs end: for durations that are correlated in
/// time, where results for independent ones do not hold.
///
/// The run's own engine, without a gradient, under seeds that follow the situation's; where recordings are
/// replayed and the first two seeds agree, no others. The effort is counted in jobs and outages.
struct UpdateTimes: Sendable {
  /// Seconds of an update, on average; infinite where every worker got stuck in some run.
  let seconds: Double
  /// The standard error of `seconds`, through sampling.
  let error: Double
  /// The updates that were simulated, over all runs.
  let updates: Int
  /// Whether fewer updates than are needed were simulated, and the others are taken to be like them.
  let isExtrapolated: Bool
  /// The share of each worker's trials that succeeded, NaN where it made none; empty where they were not
  /// counted.
  let successes: [Double]
  /// The times of the needed updates where these were simulated, ascending; otherwise empty.
  private let times: [Double]
  /// The mean and the standard deviation of the time of all needed updates, the error of the mean included.
  private let total: (mean: Double, deviation: Double)
  /// How many samples that deviation rests on.
  private let samples: Int

  /// Jobs in all.
  private static let effort = 150_000.0
  /// Jobs of the first update, at most.
  private static let patience = 500_000.0

  /// Simulates `choice` for as many as `needed` updates. Nil where not even one is made in half a million
  /// jobs, points of outages counting as jobs do, or after an interruption; throws as `Experiment.start()`
  /// does.
  ///
  /// A method that `explores` considers every worker for each update, and tries them all at first: nil where
  /// that is more than can be simulated.
  init?(
    _ choice: MethodChoice, _ situation: Situation, needed: Double, sendsShorter: Bool, countsTrials: Bool,
    explores: Bool, interrupted: () -> Bool
  ) throws(LabError) {
    var experiment = Experiment(
      problem: ProblemChoice(
        KnownConditions(situation.conditions, dimension: sendsShorter ? situation.conditions.dimension : 1)),
      workers: situation.workers, method: choice, seed: situation.seed,
      epsilon: situation.conditions.epsilon)
    experiment.topology = situation.topology
    experiment.owners = situation.owners
    experiment.isLogging = countsTrials
    let trials = TrialCount(workers: countsTrials ? situation.workers.count : 0)
    let effort = Self.effort / situation.costOfJob
    let n = Double(situation.workers.count)
    guard n * situation.costOfJob <= Self.patience else { return nil }
    // Considering a worker costs a fiftieth of a job.
    let perUpdate = explores ? n / 50 : 0
    let isReplayed = situation.workers.allSatisfy { $0.delay.isSure }

    // The first run says how many updates can be afforded. Every run begins with a job of every worker.
    var fewest = min(20, max(4, effort / (2 * n)))
    let first = try experiment.start()
    trials.listen(to: first)
    let needed = max(1, needed)
    let limit = Self.int(needed)
    var state = State()
    if !Self.advance(
      first, &state, jobs: effort / fewest, perUpdate: perUpdate, steps: limit, interrupted)
    {
      // Up to the moment of the next update.
      guard
        Self.advance(
          first, &state, jobs: Self.patience / situation.costOfJob, steps: state.iteration + 1, interrupted)
      else { return nil }
    }
    let steps = max(1, state.iteration)
    if explores, Double(steps) < min(n, needed) { return nil }
    let spent = Double(max(1, first.assigned)) + perUpdate * Double(state.iteration)
    if spent > effort { fewest = 2 }
    let most = Double(steps) < needed ? 20.0 : 400
    let runs = min(max(fewest, (effort / spent).rounded(.down)), most)
    var samples = [state.isStarved ? Double.infinity : state.time]
    var made = state.iteration
    while Double(samples.count) < runs {
      experiment.seed &+= 0x9e37_79b9_7f4a_7c15
      let run = try experiment.start()
      trials.listen(to: run)
      var state = State()
      guard Self.advance(run, &state, jobs: 8 * spent + Self.patience, steps: steps, interrupted) else {
        return nil
      }
      samples.append(state.isStarved ? .infinity : state.time)
      made += state.iteration
      if isReplayed, samples.count == 2, samples[0] == samples[1] { break }
    }
    // The same under every seed.
    let isSettled = isReplayed && samples.count == 2
    updates = made
    successes = trials.shares
    self.samples = isSettled ? Self.blocks : samples.count
    isExtrapolated = Double(steps) < needed
    times = isExtrapolated ? [] : samples.sorted()
    let factor = needed / Double(steps)
    let mean = samples.reduce(0, +) / Double(samples.count)
    seconds = mean / Double(steps)
    guard mean < .infinity else {
      (error, total) = (.nan, (.infinity, .nan))
      return
    }
    let (variance, count): (Double, Double)
    if isSettled {
      variance = isExtrapolated ? try Self.variance(experiment, steps: steps, interrupted) ?? .nan : 0
      count = 1
    } else {
      count = Double(samples.count)
      variance = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    }
    error = (variance / count).squareRoot() / Double(steps)
    // The spread of the times, and what is not known of their mean.
    total = (factor * mean, (factor * variance + factor * factor * variance / count).squareRoot())
  }

  /// The mean of the time of all updates.
  var mean: Double { total.mean }
  /// The standard error of `mean`.
  var meanError: Double { seconds > 0 && seconds < .infinity ? total.mean * (error / seconds) : error }

  /// The p-quantile of the time of all updates, further out by what is not known through sampling.
  func quantile(_ p: Double) -> Double {
    guard times.isEmpty else {
      let count = Double(times.count)
      let place = min(max(p * (count + 1) - 1, 0), count - 1)
      let (low, high) = (times[Int(place)], times[min(Int(place) + 1, times.count - 1)])
      let value = place == place.rounded(.down) ? low : low + (high - low) * (place - place.rounded(.down))
      guard mean < .infinity, value < .infinity else { return value }
      let wide = max(0, mean + (value - mean) * (1 + 1 / count).squareRoot())
      // Outwards only, and the median not beyond what was seen: many times may be the same.
      if p == 0.5 { return min(max(wide, times[0]), times[times.count - 1]) }
      return p < 0.5 ? min(value, wide) : max(value, wide)
    }
    guard mean < .infinity else { return .infinity }
    // Of many updates the sum is about normal.
    return max(0, mean + total.deviation * Delay.studentQuantile(p, samples: samples))
  }

  // MARK: Runs

  /// The stretches of updates of which a single run's variance is worked out.
  private static let blocks = 16

  private struct State {
    var time = 0.0
    var iteration = 0
    var isStarved = false
    /// Whether `steps` updates need no more work.
    func isOver(_ steps: Int) -> Bool { isStarved || iteration >= steps }
  }

  /// Goes on until `steps` updates are made, or the fleet is stuck: false where `jobs` more jobs are not
  /// enough, and after an interruption.
  private static func advance(
    _ run: Run, _ state: inout State, jobs: Double, perUpdate: Double = 0, steps: Int,
    _ interrupted: () -> Bool
  ) -> Bool {
    /// Jobs, or messages in their stead.
    func made() -> Double {
      max(Double(run.assigned), Double(run.events) / 8) + perUpdate * Double(run.iteration)
    }
    let last = made() + jobs
    while !interrupted() {
      // An update may begin a job of every worker.
      let burst =
        state.iteration == 0 || run.events == 0
        ? min(16, max(1, 4_096 / run.workers)) : max(1, 4_096 * run.events / run.assigned)
      let most = max(1, 4_096 / (1 + Int(perUpdate)))
      let now = run.rehearse(upTo: run.events + min(most, burst), steps: steps)
      state = State(time: now.time, iteration: now.iteration, isStarved: now.isStarved)
      if state.isOver(steps) { return true }
      if made() > last { return false }
    }
    return false
  }

  /// The variance of the time of `steps` updates in a row, from a sixteenth of them at a time; nil for fewer
  /// than sixteen.
  private static func variance(
    _ experiment: Experiment, steps: Int, _ interrupted: () -> Bool
  ) throws(LabError) -> Double? {
    guard steps >= blocks else { return nil }
    let run = try experiment.start()
    var (last, times) = (0.0, [Double]())
    for block in 1...blocks {
      var state = State()
      guard advance(run, &state, jobs: 1e9, steps: steps * block / blocks, interrupted) else { return nil }
      times.append(state.time - last)
      last = state.time
    }
    let mean = last / Double(blocks)
    let variance = times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(blocks - 1)
    return variance * Double(blocks)
  }

  private static func int(_ value: Double) -> Int { Int(min(max(1, value), 1e15)) }
}

/// Counts the trials of every worker, and those that succeed.
private final class TrialCount {
  private var succeeded: [Int]
  private var failed: [Int]

  init(workers: Int) {
    succeeded = Array(repeating: 0, count: workers)
    failed = succeeded
  }

  func listen(to run: Run) {
    guard !succeeded.isEmpty else { return }
    run.onLog = { entry in
      if entry.kind == .arrive { self.succeeded[entry.worker] += entry.count }
      if entry.kind == .clip { self.failed[entry.worker] += entry.count }
    }
  }

  var shares: [Double] { zip(succeeded, failed).map { Double($0) / Double($0 + $1) } }
}

extension Situation {
  /// What a job costs to simulate, the points of its outages included, in jobs without any.
  fileprivate var costOfJob: Double {
    let points = workers.reduce(0.0) { $0 + $1.delay.outagePoints }
    return 1 + points / Double(workers.count) / 4
  }
}

extension Delay {
  /// The p-quantile of a normal number whose mean and deviation are known from `samples` of them: Student's.
  static func studentQuantile(_ p: Double, samples: Int) -> Double {
    Elementary.log(Delay.logt(mu: 0, sigma: 1, dof: Double(max(1, samples - 1))).quantile(p))
  }
}
