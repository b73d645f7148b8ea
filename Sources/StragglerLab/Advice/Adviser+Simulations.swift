internal import StragglerCore

// What `Adviser` learns from simulations of the problem, and from samples of the record.
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
    var best = Double.infinity
    for (done, index) in order.enumerated() {
      progress(Stage(what: "simulations", fraction: Double(done) / Double(order.count)))
      if interrupted() { return false }
      simulate(&forecasts[index], problem, upTo: 4 * best, seeds: firstSeeds, interrupted)
      if tunes { tune(&forecasts[index], problem, upTo: 4 * best, interrupted) }
      if forecasts[index].outcome == .reached { best = min(best, forecasts[index].simulatedTime) }
    }
    return best < .infinity
  }

  /// Doubles γ as long as that is faster, or else halves it as long as that is.
  private func tune(
    _ forecast: inout Advice.Forecast, _ problem: ProblemChoice, upTo time: Double,
    _ interrupted: @escaping @Sendable () -> Bool
  ) {
    func seconds(_ forecast: Advice.Forecast) -> Double {
      forecast.time(secondsPerUpdate: forecast.secondsPerUpdate, isSimulated: true)
    }
    for factor in [2, 0.5] {
      let start = forecast.gamma
      var trial = forecast
      for _ in 0..<20 where !interrupted() {
        trial.gamma *= factor
        simulate(&trial, problem, upTo: time, seeds: firstSeeds, interrupted)
        if seconds(trial) < seconds(forecast) {
          forecast = trial
        } else if forecast.outcome == .reached || trial.outcome == .diverged {
          break
        }
      }
      if forecast.gamma != start { return }
    }
  }

  /// Simulates what tuning has chosen under four times as many other seeds: the best of many is partly the
  /// luckiest. A γ that does not stand that is halved.
  func confirm(
    _ forecasts: inout [Advice.Forecast], _ interrupted: @escaping @Sendable () -> Bool
  ) {
    guard let problem else { return }
    for index in forecasts.indices where forecasts[index].outcome == .reached {
      for _ in 0..<4 where !interrupted() {
        simulate(&forecasts[index], problem, upTo: .infinity, seeds: otherSeeds, interrupted)
        if forecasts[index].outcome == .reached { break }
        forecasts[index].gamma /= 2
      }
    }
  }

  private func simulate(
    _ forecast: inout Advice.Forecast, _ problem: ProblemChoice, upTo time: Double, seeds: Range<Int>,
    _ interrupted: @escaping @Sendable () -> Bool
  ) {
    guard let method = try? forecast.candidate.choice(catalogue, gamma: forecast.gamma) else { return }
    var experiment = Experiment(
      problem: problem, workers: fleet.workers, method: method, seed: seed, epsilon: conditions.epsilon)
    experiment.owners = fleet.owners
    experiment.assumed = conditions
    // Ends of jobs are bounded, not only gradients: some methods make long work of getting one.
    let stop = Stop(
      time: time < .infinity ? time : nil, arrivals: gradients, events: 4 * gradients,
      conditions: [.init(.gradnorm2, .below, conditions.epsilon)])
    let base = experiment
    let points = parallelMap(count: seeds.count, threads: threads) { index -> (StopReason, TracePoint)? in
      var experiment = base
      experiment.seed = base.seed &+ UInt64(seeds.lowerBound + index)
      guard let run = try? experiment.start() else { return nil }
      return (run.run(until: stop, interrupted: interrupted), run.statistics.point)
    }
    let reached = points.compactMap(\.self).filter { $0.0 == .condition }
    // How often the fleet gets stuck is better known from more runs, without the problem.
    guard 2 * reached.count > points.count else {
      let reasons = points.map { $0?.0 }
      forecast.outcome =
        reasons.contains(.diverged)
        ? .diverged : reasons.contains(.starved) ? .starved : reasons.contains(.time) ? .slower : .unfinished
      return
    }
    forecast.outcome = .reached
    forecast.simulatedTime = reached.reduce(0) { $0 + $1.1.time } / Double(reached.count)
    forecast.simulatedUpdates = reached.reduce(0) { $0 + Double($1.1.iteration) } / Double(reached.count)
    // The time of an update is known better from many of them.
    let time = try? secondsPerUpdate(
      forecast.candidate, fleet, events: events, updates: forecast.simulatedUpdates, interrupted)
    if let time { forecast.secondsPerUpdate = time.seconds }
  }

  /// Predicts with samples of the record, or where there is none with other seeds, and counts who wins.
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
      return base.map { forecast in
        if isSimulated && forecast.outcome != .reached { return .infinity }
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
