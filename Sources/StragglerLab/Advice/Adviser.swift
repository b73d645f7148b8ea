public import StragglerCore
internal import StragglerData

/// Weighs methods for a fleet and a problem.
///
/// Each candidate gets the theory's parameters. How long its updates take is simulated on the fleet, without gradients.
/// How many it needs is found by simulating the problem itself until ‖∇f‖² < ε, as far as `gradients` allow; where that
/// does not get there, it is 4Δ/(γε). Samples drawn again from the record tell how sure the outcome is. The same seed
/// gives the same advice, whatever the number of threads.
public struct Adviser: Sendable {
  /// The fleet to be advised on.
  public var fleet: AdviceFleet
  /// The problem to be simulated; nil: only its conditions are known.
  public var problem: ProblemChoice?
  /// L, σ², Δ and ε of the problem and the goal; L and σ² have to be known.
  public var conditions: Conditions
  /// Where the methods come from.
  public var catalogue: Catalogue
  /// The first seed of the simulations; the others follow it.
  public var seed: UInt64 = 1
  /// Seeds of each simulation of the problem, at least one.
  public var seeds = 5
  /// How often the record is sampled again; 0: never, and nothing is said of how sure the outcome is.
  public var replicates = 100
  /// Ends of jobs by which the duration of an update is found; for a sample a tenth of them.
  public var events = 20_000
  /// The most gradients of one simulation of the problem; 0: none is made.
  public var gradients = 200_000
  /// Whether the methods may cancel jobs at an update.
  public var stops = false
  /// A time-out of whole jobs, in seconds, to be weighed besides those that are computed.
  public var timeout: Double?
  /// The most threads to work on.
  public var threads = 1

  /// An adviser with the standard effort: the variables say how much that is.
  public init(
    _ fleet: AdviceFleet, problem: ProblemChoice?, conditions: Conditions, catalogue: Catalogue = Catalogue()
  ) {
    self.fleet = fleet
    self.problem = problem
    self.conditions = conditions
    self.catalogue = catalogue
  }

  /// How far advising has come.
  public struct Stage: Sendable {
    /// What is done, in a word: `fits`, `updates`, `simulations` or `samples`.
    public let what: String
    /// From 0 to 1.
    public let fraction: Double
  }

  /// The advice; nil after an interruption.
  ///
  /// `interrupted` is looked at now and then, and `progress` called, from any thread. Throws where L or σ² is not
  /// known, or where no method can run on the fleet. As a rule some seconds: `seeds` simulations of every
  /// candidate, and `replicates` of their updates.
  public func advise(
    interrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Stage) -> Void = { _ in }
  ) throws(LabError) -> Advice? {
    guard conditions.smoothness > 0, conditions.noiseRatio >= 0 else {
      throw LabError("L and σ² of the problem are not known", remedy: "write target L=… sigma2=…")
    }
    let fits = self.fits(progress)
    if interrupted() { return nil }
    var forecasts = try forecasts(progress)
    if interrupted() { return nil }
    let isSimulated = simulate(&forecasts, interrupted, progress)
    if interrupted() { return nil }
    resample(&forecasts, isSimulated: isSimulated, interrupted, progress)
    if interrupted() { return nil }
    let unordered = Advice(
      conditions: conditions, fits: fits, forecasts: forecasts, isSimulated: isSimulated,
      replicates: replicates)
    let order = forecasts.indices.sorted { a, b in
      let (x, y) = (forecasts[a], forecasts[b])
      return (unordered.predicted(x), x.theoryTime, a) < (unordered.predicted(y), y.theoryTime, b)
    }
    return Advice(
      conditions: conditions, fits: fits, forecasts: order.map { forecasts[$0] }, isSimulated: isSimulated,
      replicates: replicates)
  }

  private func fits(_ progress: @escaping @Sendable (Stage) -> Void) -> [WorkerFit] {
    guard let record = fleet.record else { return [] }
    let lists = record.byWorker
    let names = record.workers == nil ? ["all"] : record.workerNames
    let counter = Counter()
    return parallelMap(count: lists.count, threads: threads) { index in
      let fit = WorkerFit(name: names[index], lists[index])
      progress(Stage(what: "fits", fraction: Double(counter.increment()) / Double(lists.count)))
      return fit
    }
  }

  /// A forecast from the simulated times of updates for every candidate that can be prepared; of m-synchronous SGD for
  /// the best m.
  private func forecasts(_ progress: @escaping @Sendable (Stage) -> Void) throws(LabError)
    -> [Advice.Forecast]
  {
    let candidates = AdviceCandidate.all(fleet: fleet.workers, conditions, stops: stops, timeout: timeout)
    let counter = Counter()
    let outcomes = parallelMap(count: candidates.count, threads: threads) { index in
      let outcome = Result { () throws(LabError) in try forecast(candidates[index]) }
      progress(Stage(what: "updates", fraction: Double(counter.increment()) / Double(candidates.count)))
      return outcome
    }
    var forecasts: [Advice.Forecast] = []
    var failure: LabError?
    for outcome in outcomes {
      switch outcome {
      case .success(let forecast):
        if let last = forecasts.last, last.candidate.method == "msync",
          forecast.candidate.method == "msync"
        {
          if forecast.theoryTime < last.theoryTime { forecasts[forecasts.count - 1] = forecast }
        } else {
          forecasts.append(forecast)
        }
      case .failure(let error): failure = failure ?? error
      }
    }
    if forecasts.isEmpty { throw failure ?? LabError("no method can run on this fleet") }
    return forecasts
  }

  private func forecast(_ candidate: AdviceCandidate) throws(LabError) -> Advice.Forecast {
    let time = try secondsPerUpdate(candidate, fleet, events: events)
    let updates = 4 * conditions.gap / (time.gamma * conditions.epsilon)
    return Advice.Forecast(
      candidate: candidate, gamma: time.gamma, secondsPerUpdate: time.seconds, theoryUpdates: updates,
      theoryTime: Advice.Forecast.product(updates, time.seconds), theorem: theorem(candidate))
  }

  private func theorem(_ candidate: AdviceCandidate) -> Forecast? {
    let experiment = try? IterationTime.experiment(candidate, fleet, conditions, catalogue, seed: seed)
    guard let experiment, let situation = try? experiment.situation() else { return nil }
    return try? experiment.method.forecast(situation)
  }

  /// How long an update takes; where jobs fail and nobody gives them up, as long as it does on what is left of the
  /// fleet by then.
  private func secondsPerUpdate(
    _ candidate: AdviceCandidate, _ fleet: AdviceFleet, events: Int, updates: Double? = nil
  ) throws(LabError) -> (gamma: Double, seconds: Double) {
    let time = try IterationTime(candidate, fleet, conditions, catalogue, seed: seed, events: events)
    let needed = updates ?? 4 * conditions.gap / (time.gamma * conditions.epsilon)
    guard !candidate.survivesFailures, time.seconds < .infinity,
      let worn = fleet.worn(after: needed * time.seconds)
    else { return (time.gamma, time.seconds) }
    let rest = try? IterationTime(candidate, worn, conditions, catalogue, seed: seed, events: events)
    return (time.gamma, rest?.seconds ?? .infinity)
  }
}

// MARK: - Simulations of the problem, and samples

extension Adviser {
  /// Simulates the problem under every candidate, the most promising first; false where not even the fastest of them
  /// gets to ε, or there is no problem to simulate.
  private func simulate(
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
      simulate(&forecasts[index], problem, upTo: 4 * best, interrupted)
      if forecasts[index].outcome == .reached { best = min(best, forecasts[index].simulatedTime) }
    }
    return best < .infinity
  }

  private func simulate(
    _ forecast: inout Advice.Forecast, _ problem: ProblemChoice, upTo time: Double,
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
    let points = parallelMap(count: max(1, seeds), threads: threads) { index -> (StopReason, TracePoint)? in
      var experiment = base
      experiment.seed = base.seed &+ UInt64(index)
      guard let run = try? experiment.start() else { return nil }
      return (run.run(until: stop, interrupted: interrupted), run.statistics.point)
    }
    let reached = points.compactMap(\.self).filter { $0.0 == .condition }
    guard reached.count == points.count else {
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
      forecast.candidate, fleet, events: events, updates: forecast.simulatedUpdates)
    if let time { forecast.secondsPerUpdate = time.seconds }
  }

  /// Predicts with samples of the record, or where there is none with other seeds, and counts who wins.
  private func resample(
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
          forecast.candidate, fleet, events: max(1, events / 10), updates: updates)
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
      forecasts[index].low = times[edge]
      forecasts[index].high = times[times.count - 1 - edge]
      forecasts[index].wins = Double(wins[index]) / Double(samples.count)
    }
  }
}
