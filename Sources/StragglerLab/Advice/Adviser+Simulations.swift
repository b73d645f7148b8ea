// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

// The parts of `Adviser` that simulate the problem and sample the record.
extension Adviser {
  /// The numbers of the seeds of simulations, and four times as many others.
  private var firstSeeds: Range<Int> { 0..<min(max(1, seeds), 1_000_000) }
  private var otherSeeds: Range<Int> { firstSeeds.upperBound..<5 * firstSeeds.upperBound }

  /// Simulates the problem under every candidate, the most promising first; false where not even the fastest
  /// of them gets to ε, or there is no problem to simulate.
  func simulate(
    _ forecasts: inout [Advice.Forecast], _ interrupted: @escaping @Sendable () -> Bool,
    _ progress: (Stage) -> Void
  ) -> Bool {
    guard let problem, gradients > 0 else { return false }
    let order = forecasts.indices.sorted {
      (forecasts[$0].theoryTime, $0) < (forecasts[$1].theoryTime, $1)
    }
    progress(Stage(what: "simulations", fraction: 0))
    var best = tunes ? scout(forecasts, order, problem, interrupted) : .infinity
    for (done, index) in order.enumerated() {
      progress(Stage(what: "simulations", fraction: Double(done) / Double(order.count)))
      if interrupted() { return false }
      if tunes {
        tune(&forecasts[index], problem, upTo: 4 * best, interrupted)
      } else {
        simulate(&forecasts[index], problem, upTo: 4 * best, seeds: firstSeeds, interrupted)
      }
      if forecasts[index].outcome == .reached { best = min(best, forecasts[index].simulatedTime) }
    }
    return best < .infinity
  }

  /// The factors by which the theorem's γ is first multiplied: 4¹⁰ … 4⁻³. Large ones first: those that
  /// diverge end soon.
  private static let multiples = (-3...10).reversed().map {
    Double(sign: .plus, exponent: 2 * $0, significand: 1)
  }

  /// A simulated time in which some candidate gets to ε; infinite where none is found that does.
  ///
  /// Nothing is known yet of how long it takes: candidates and stepsizes are tried with few gradients at
  /// first, and with more and more of them until one reaches ε. So those that never reach it cost no more
  /// than the one that does.
  private func scout(
    _ forecasts: [Advice.Forecast], _ order: [Int], _ problem: ProblemChoice,
    _ interrupted: @escaping @Sendable () -> Bool
  ) -> Double {
    for share in [256, 64, 16, 4, 1] where gradients >= share {
      var best = Double.infinity
      for index in order where !interrupted() {
        let limits = Limits(gradients: gradients / share, time: best, allowance: Self.glance)
        best = min(best, times(forecasts[index], problem, limits, interrupted).min() ?? .infinity)
      }
      if best < .infinity { return best }
    }
    return .infinity
  }

  /// Seconds that looks may cost besides what a simulation does: of one whose outcome matters roughly, of one
  /// that is weighed against others, and of one that is reported.
  private static let (glance, look, gaze) = (0.01, 0.04, 0.3)

  /// Looks for the stepsize with which ε is reached first: among powers of 4 times the theorem's under one
  /// seed, and from the best of these on in halves and doubles under all of them, as long as that is faster.
  private func tune(
    _ forecast: inout Advice.Forecast, _ problem: ProblemChoice, upTo time: Double,
    _ interrupted: @escaping @Sendable () -> Bool
  ) {
    func seconds(_ forecast: Advice.Forecast) -> Double {
      forecast.time(secondsPerUpdate: forecast.secondsPerUpdate, isSimulated: true)
    }
    let limits = Limits(gradients: gradients, time: time, allowance: Self.glance)
    let times = times(forecast, problem, limits, interrupted)
    let best = times.indices.min { times[$0] < times[$1] } ?? 0
    let isReached = times[best] < .infinity
    if isReached { forecast.gamma *= Self.multiples[best] }
    simulate(&forecast, problem, upTo: time, seeds: firstSeeds, allowance: Self.look, interrupted)
    guard isReached else { return }
    for factor in [2, 0.5] where factor < 1 || forecast.outcome == .reached {
      let start = forecast.gamma
      var trial = forecast
      for _ in 0..<20 where !interrupted() {
        trial.gamma *= factor
        simulate(&trial, problem, upTo: time, seeds: firstSeeds, allowance: Self.look, interrupted)
        // What one seed reached others may miss: then less is tried.
        if seconds(trial) < seconds(forecast) {
          forecast = trial
        } else if forecast.outcome == .reached {
          break
        }
      }
      if forecast.gamma != start { return }
    }
  }

  /// When ε is reached under the first seed, for each of the `multiples` of γ; infinite where it is not.
  private func times(
    _ forecast: Advice.Forecast, _ problem: ProblemChoice, _ limits: Limits,
    _ interrupted: @escaping @Sendable () -> Bool
  ) -> [Double] {
    parallelMap(count: Self.multiples.count, threads: threads) { index in
      var trial = forecast
      trial.gamma *= Self.multiples[index]
      let end = run(trial, problem, limits, seeds: 0..<1, interrupted)[0]
      return end.flatMap { $0.reason == .condition ? $0.time : nil } ?? .infinity
    }
  }

  /// Simulates what tuning has chosen under four times as many other seeds: the best of many is partly the
  /// luckiest. A γ that fails this test is halved.
  func confirm(
    _ forecasts: inout [Advice.Forecast], _ interrupted: @escaping @Sendable () -> Bool
  ) {
    guard let problem else { return }
    for index in forecasts.indices where forecasts[index].outcome == .reached {
      for _ in 0..<4 where !interrupted() {
        simulate(
          &forecasts[index], problem, upTo: .infinity, seeds: otherSeeds, allowance: Self.gaze, interrupted)
        if forecasts[index].outcome == .reached { break }
        forecasts[index].gamma /= 2
      }
    }
  }

  /// What bounds a simulation: its gradients, its simulated seconds, and the real ones of looks.
  private struct Limits: Sendable {
    let gradients: Int
    let time: Double
    let allowance: Double
  }

  /// How a simulation ended, and where.
  private struct End: Sendable {
    let reason: StopReason
    let time: Double
    let iteration: Int
  }

  /// Simulates the problem until ‖∇f‖² < ε under each of `seeds`; nil where it cannot be.
  private func run(
    _ forecast: Advice.Forecast, _ problem: ProblemChoice, _ limits: Limits, seeds: Range<Int>,
    _ interrupted: @escaping @Sendable () -> Bool
  ) -> [End?] {
    guard let method = try? forecast.candidate.choice(catalogue, gamma: forecast.gamma) else {
      return seeds.map { _ in nil }
    }
    var experiment = Experiment(
      problem: problem, workers: fleet.workers, method: method, seed: seed, epsilon: conditions.epsilon)
    (experiment.speeds, experiment.owners) = (fleet.speeds, fleet.owners)
    experiment.assumed = conditions
    experiment.interval = .end
    experiment.allowance = limits.allowance
    // Ended jobs are bounded, not only gradients: some methods need many jobs for one gradient.
    let stop = Stop(
      time: limits.time < .infinity ? limits.time : nil, arrivals: limits.gradients,
      events: 4 * limits.gradients)
    let goal = Stop.Condition(.gradnorm2, .below, conditions.epsilon)
    let base = experiment
    return parallelMap(count: seeds.count, threads: threads) { index -> End? in
      var experiment = base
      experiment.seed = base.seed &+ UInt64(seeds.lowerBound + index)
      guard let run = try? experiment.start() else { return nil }
      let reason = run.run(until: stop, or: [goal], interrupted: interrupted)
      return End(reason: reason, time: run.time, iteration: run.iteration)
    }
  }

  private func simulate(
    _ forecast: inout Advice.Forecast, _ problem: ProblemChoice, upTo time: Double, seeds: Range<Int>,
    allowance: Double = gaze, _ interrupted: @escaping @Sendable () -> Bool
  ) {
    let limits = Limits(gradients: gradients, time: time, allowance: allowance)
    let ends = run(forecast, problem, limits, seeds: seeds, interrupted)
    let reached = ends.compactMap(\.self).filter { $0.reason == .condition }
    // How often the fleet gets stuck is better known from more runs, without the problem.
    guard 2 * reached.count > ends.count else {
      let reasons = ends.map { $0?.reason }
      forecast.outcome =
        reasons.contains(.diverged)
        ? .diverged : reasons.contains(.starved) ? .starved : reasons.contains(.time) ? .slower : .unfinished
      return
    }
    forecast.outcome = .reached
    forecast.simulatedTime = reached.reduce(0) { $0 + $1.time } / Double(reached.count)
    forecast.seedUpdates = reached.map { Double($0.iteration) }
    forecast.simulatedUpdates = Comparison.Row.mean(forecast.seedUpdates)
    // The time of an update is known better from many of them.
    let time = try? secondsPerUpdate(
      forecast.candidate, fleet, events: events, updates: forecast.simulatedUpdates, interrupted)
    if let time { forecast.secondsPerUpdate = time.seconds }
  }

  /// Predicts with samples of the record, or where there is none with other seeds, and with samples of the
  /// seeds of the simulations, and counts who wins.
  func resample(
    _ forecasts: inout [Advice.Forecast], isSimulated: Bool, _ interrupted: @escaping @Sendable () -> Bool,
    _ progress: @escaping @Sendable (Stage) -> Void
  ) {
    guard replicates > 0 else { return }
    let base = forecasts
    let counter = Counter()
    let samples = parallelMap(count: replicates, threads: threads) { sample -> [Double] in
      if interrupted() { return [] }
      defer {
        progress(Stage(what: "samples", fraction: Double(counter.increment()) / Double(replicates)))
      }
      let fleet = self.fleet.resampled(sample + 1, seed: seed)
      var adviser = self
      if fleet.record == nil { adviser.seed = seed &+ UInt64(sample + 1) }
      // The same seeds for all candidates, whose runs have common random numbers. No worker has this stream.
      var stream = RandomStream(seed: seed, purpose: .data, worker: fleet.workers.count, job: sample + 1)
      let picks = otherSeeds.map { _ in stream.integer(below: 1 << 30) }
      return base.map { forecast in
        if isSimulated && forecast.outcome != .reached { return .infinity }
        let forecast = forecast.resampled(picks)
        let updates = isSimulated ? forecast.simulatedUpdates : forecast.theoryUpdates
        let time = try? adviser.secondsPerUpdate(
          forecast.candidate, fleet, events: max(1, events / 10), updates: updates, interrupted)
        return forecast.time(secondsPerUpdate: time?.seconds ?? .infinity, isSimulated: isSimulated)
      }
    }
    guard samples.allSatisfy({ $0.count == base.count }) else { return }
    var wins = [Int](repeating: 0, count: base.count)
    for sample in samples {
      guard let best = sample.indices.min(by: { sample[$0] < sample[$1] }), sample[best] < .infinity else {
        continue
      }
      wins[best] += 1
    }
    for index in forecasts.indices {
      let times = samples.map { $0[index] }.sorted()
      let edge = times.count / 20
      // The forecast itself is a prediction too, from ten times as many events, which may lie beside all
      // others: fixed durations, say, give every sample the same time, and that of fewer updates is another
      // one.
      let own = forecasts[index].time(
        secondsPerUpdate: forecasts[index].secondsPerUpdate, isSimulated: isSimulated)
      forecasts[index].low = min(times[edge], own)
      forecasts[index].high = max(times[times.count - 1 - edge], own)
      forecasts[index].wins = Double(wins[index]) / Double(samples.count)
    }
  }
}

extension Advice.Forecast {
  /// The forecast for as many seeds as got to ε, drawn from these with replacement: `picks` says which.
  fileprivate func resampled(_ picks: [Int]) -> Self {
    guard !seedUpdates.isEmpty else { return self }
    var forecast = self
    let drawn = picks.prefix(seedUpdates.count).map { seedUpdates[$0 % seedUpdates.count] }
    forecast.simulatedUpdates = Comparison.Row.mean(drawn)
    return forecast
  }
}
