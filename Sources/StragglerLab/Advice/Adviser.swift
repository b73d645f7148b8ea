// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
internal import StragglerData

/// Compares methods for a fleet and a problem and advises one.
///
/// Each candidate gets the parameters from its theorem. How long its updates take is simulated on the fleet,
/// without gradients. How many it needs is found by simulating the problem itself until ‖∇f‖² < ε, as far as
/// `gradients` allow; where ε is not reached, it is 4Δ/(γε). Samples drawn again from the record show how
/// certain the outcome is. The same seed gives the same advice, whatever the number of threads.
public struct Adviser: Sendable {
  /// The fleet that the advice is about.
  public var fleet: AdviceFleet
  /// The problem to simulate; nil if only its conditions are known.
  public var problem: ProblemChoice?
  /// L, σ², Δ and ε of the problem and the goal; L and σ² have to be known.
  public var conditions: Conditions
  /// The catalogue of the methods to compare.
  public var catalogue: Catalogue
  /// The first seed of the simulations; the others follow it.
  public var seed: UInt64 = 1
  /// Seeds of each simulation of the problem, at least one.
  public var seeds = 5
  /// How often the record is sampled again; 0: never, and the certainty of the outcome is not estimated.
  public var replicates = 100
  /// The number of ended jobs used to estimate the duration of an update; a tenth of it for a sample.
  public var events = 20_000
  /// The most gradients of one simulation of the problem; 0: none is made.
  public var gradients = 200_000
  /// Whether the methods may cancel jobs at an update.
  public var stops = false
  /// Whether batches and stepsizes other than those from the theorems are tried in simulations of the
  /// problem.
  public var tunes = false
  /// A time-out of whole jobs, in seconds, to compare in addition to the computed ones.
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

  /// The progress of advising.
  public struct Stage: Sendable {
    /// The current stage: `fits`, `updates`, `simulations` or `samples`.
    public let what: String
    /// From 0 to 1.
    public let fraction: Double
  }

  /// The advice; nil after an interruption.
  ///
  /// `interrupted` and `progress` are called now and then, from any thread. Throws where L or σ² is
  /// not known, or where no method can run on the fleet. As a rule some seconds: `seeds` simulations of every
  /// candidate, and `replicates` of their updates.
  public func advise(
    progress: @escaping @Sendable (Stage) -> Void = { _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(LabError) -> Advice? {
    guard conditions.smoothness > 0, conditions.noiseRatio >= 0 else {
      throw LabError("L and σ² of the problem are not known", remedy: "write target L=… sigma2=…")
    }
    try fleet.owners.checkDelays(of: fleet.workers)
    let fits = self.fits(interrupted, progress)
    if interrupted() { return nil }
    guard let found = try forecasts(interrupted, progress) else { return nil }
    var forecasts = found.forecasts
    let isSimulated = simulate(&forecasts, interrupted, progress)
    if interrupted() { return nil }
    forecasts = Self.leading(forecasts, isSimulated: isSimulated)
    if tunes && isSimulated { confirm(&forecasts, interrupted) }
    if interrupted() { return nil }
    resample(&forecasts, isSimulated: isSimulated, interrupted, progress)
    if interrupted() { return nil }
    let unordered = Advice(
      conditions: conditions, fits: fits, forecasts: forecasts, refusals: found.refusals,
      isSimulated: isSimulated, replicates: replicates)
    let order = forecasts.indices.sorted { a, b in
      let (x, y) = (forecasts[a], forecasts[b])
      return (unordered.predicted(x), x.theoryTime, a) < (unordered.predicted(y), y.theoryTime, b)
    }
    return Advice(
      conditions: conditions, fits: fits, forecasts: order.map { forecasts[$0] }, refusals: found.refusals,
      isSimulated: isSimulated, replicates: replicates)
  }

  private func fits(
    _ interrupted: @escaping @Sendable () -> Bool, _ progress: @escaping @Sendable (Stage) -> Void
  ) -> [WorkerFit] {
    guard let record = fleet.record else { return [] }
    let lists = record.byWorker
    let names = record.workers == nil ? ["all"] : record.workerNames
    let counter = Counter()
    return parallelMap(count: lists.count, threads: threads) { index in
      let fit = WorkerFit(name: names[index], lists[index], interrupted: interrupted)
      progress(Stage(what: "fits", fraction: Double(counter.increment()) / Double(lists.count)))
      return fit
    }
  }

  /// A forecast from the simulated times of updates for every candidate that can be prepared. Nil after an
  /// interruption.
  private func forecasts(
    _ interrupted: @escaping @Sendable () -> Bool, _ progress: @escaping @Sendable (Stage) -> Void
  ) throws(LabError) -> (forecasts: [Advice.Forecast], refusals: [Advice.Refusal])? {
    // Where speeds change, what the fleet is at its mean speeds.
    let owned = try OwnedFleet(fleet.workers, fleet.speeds)
    defer { withExtendedLifetime(owned) {} }
    let candidates = AdviceCandidate.all(
      of: catalogue, fleet: owned.workers, conditions, stops: stops, timeout: timeout,
      batches: tunes ? [0.25, 0.5, 1, 2, 4] : [1], tunes: tunes && problem != nil && gradients > 0)
    let counter = Counter()
    let outcomes = parallelMap(count: candidates.count, threads: threads) { index in
      guard !interrupted() else { return Result<Advice.Forecast, LabError>.failure(LabError("interrupted")) }
      let outcome = Result { () throws(LabError) in try forecast(candidates[index], interrupted) }
      progress(Stage(what: "updates", fraction: Double(counter.increment()) / Double(candidates.count)))
      return outcome
    }
    if interrupted() { return nil }
    var (forecasts, refusals) = ([Advice.Forecast](), [Advice.Refusal]())
    for (candidate, outcome) in zip(candidates, outcomes) {
      switch outcome {
      case .success(let forecast): forecasts.append(forecast)
      case .failure(let error): refusals.append(Advice.Refusal(candidate: candidate, error: error))
      }
    }
    if forecasts.isEmpty { throw refusals.first?.error ?? LabError("no method can run on this fleet") }
    return (forecasts, refusals)
  }

  private func forecast(
    _ candidate: AdviceCandidate, _ interrupted: () -> Bool
  ) throws(LabError) -> Advice.Forecast {
    let time = try secondsPerUpdate(candidate, fleet, events: events, interrupted)
    let updates = candidate.theoryUpdates(gamma: time.gamma, conditions)
    var forecast = Advice.Forecast(
      candidate: candidate, gamma: time.gamma, secondsPerUpdate: time.seconds, theoryUpdates: updates,
      theoryTime: Advice.Forecast.product(updates, time.seconds), theorem: theorem(candidate))
    forecast.remarks = time.remarks
    return forecast
  }

  /// The best of the candidates that differ only by a size, m or a batch.
  private static func leading(_ forecasts: [Advice.Forecast], isSimulated: Bool) -> [Advice.Forecast] {
    func time(_ forecast: Advice.Forecast) -> (Double, Double) {
      (
        forecast.time(secondsPerUpdate: forecast.secondsPerUpdate, isSimulated: isSimulated),
        forecast.theoryTime
      )
    }
    var leading: [Advice.Forecast] = []
    for forecast in forecasts {
      if let index = leading.firstIndex(where: { $0.candidate.isSameBut(size: forecast.candidate) }) {
        if time(forecast) < time(leading[index]) { leading[index] = forecast }
      } else {
        leading.append(forecast)
      }
    }
    return leading
  }

  private func theorem(_ candidate: AdviceCandidate) -> Forecast? {
    let experiment = try? IterationTime.experiment(candidate, fleet, conditions, catalogue, seed: seed)
    guard let experiment, let situation = try? experiment.situation() else { return nil }
    return try? experiment.method.formulas(situation)
  }

  /// How long an update takes, over `updates` of them; where these are too many to simulate and jobs can fail
  /// that the method never gives up, the time on the workers that remain by then.
  func secondsPerUpdate(
    _ candidate: AdviceCandidate, _ fleet: AdviceFleet, events: Int, updates: Double? = nil,
    _ interrupted: () -> Bool
  ) throws(LabError) -> (gamma: Double, seconds: Double, remarks: [String]) {
    let time = try IterationTime(
      candidate, fleet, conditions, catalogue, seed: seed, events: events,
      needed: updates ?? .infinity, interrupted: interrupted)
    let needed = updates ?? candidate.theoryUpdates(gamma: time.gamma, conditions)
    guard time.isExtrapolated, !candidate.survivesFailures, time.seconds < .infinity,
      let worn = fleet.worn(after: needed * time.seconds)
    else { return (time.gamma, time.seconds, time.remarks) }
    let rest = try? IterationTime(
      candidate, worn, conditions, catalogue, seed: seed, events: events, interrupted: interrupted)
    return (time.gamma, rest?.seconds ?? .infinity, time.remarks)
  }
}
