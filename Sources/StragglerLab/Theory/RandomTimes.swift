// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

extension MethodChoice {
  /// What the theory says about the method in `situation`, random durations included: see `RandomTimes`.
  ///
  /// The notes name unknown constants; throws where the method does not fit the problem or
  /// the network. Usually below a second for up to 10⁴ workers; where `interrupted` holds, which is asked
  /// every few thousand steps, what is left undone is NaN.
  public func forecast(
    _ situation: Situation, interrupted: @escaping () -> Bool = { false }
  ) throws(LabError) -> Forecast {
    var forecast = try formulas(situation)
    forecast.addRandomTimes(self, situation, interrupted)
    return forecast
  }
}

extension Forecast {
  /// Whether constants of the problem are missing that would let the theory say something.
  public var isIncomplete: Bool { applies && reason == nil && scope == nil && !notes.isEmpty }

  /// Works out what random durations do to the time of `choice`, as its `RandomDurations` say:
  ///
  /// - `slowest` and `rank`: a step takes the mean of the m-th shortest of n durations, `OrderStatistic`.
  /// - `collection`: quantiles of the time T_B of an iteration and of all K of them, `BatchTimes` and
  ///   `TimeSum`, or `FlowTimes`.
  /// - `bound`: trials have an end, so that the theorem's time is never exceeded.
  ///
  /// The others use the fleet's mean durations. Where durations are not independent over time all that
  /// is dropped, and the updates are simulated, `UpdateTimes`.
  ///
  /// Where `interrupted` holds, what is left undone is NaN.
  mutating func addRandomTimes(
    _ choice: MethodChoice, _ situation: Situation, _ interrupted: @escaping () -> Bool
  ) {
    guard durations != .changing else { return }
    guard durations != .dependent else { return simulate(choice, situation, interrupted) }
    guard durations == .independent, !time.isNaN else { return }
    func meanTime(_ rank: Int) -> Double {
      OrderStatistic(situation.workers, rank: rank, interrupted: interrupted).mean
    }
    switch choice.randomDurations {
    case .estimate, .learned: notes.append(Self.estimate)
    case .bound: notes.append(Self.bound)
    case .mean: notes.append(Self.mean)
    case .slowest:
      setStepTime(meanTime(situation.workers.count))
      notes.append(Self.mean)
    case .rank(let name):
      // A method may have left the parameter out, or out of range: then its own time stays, for means.
      let m = self["\(name)"]
      guard m >= 1, m <= Double(situation.workers.count) else { return notes.append(Self.estimate) }
      setStepTime(meanTime(Int(m)))
      notes += [Self.mean, "\(name) is chosen by the mean durations"]
    case .collection(let batch, let stops):
      notes.append(Self.estimate)
      addBatchTimes(situation, batch: self["\(batch)"], stops: self["\(stops)"] == 1, interrupted)
    }
  }

  private static let bound = "the theorem is for random durations, and no run's updates take longer than time"
  private static let mean = "durations are random, and time is the mean for so many steps"
  private static let estimate =
    "durations are random, and time has their means for them: an estimate, no bound"

  private subscript(name: String) -> Double { parameters.first { $0.name == name }?.value ?? .nan }

  /// A step takes `seconds` on average.
  private mutating func setStepTime(_ seconds: Double) {
    let before = self["iteration_time"]
    let share = table / before
    if share.isFinite {
      table = share * seconds
    } else if before == .infinity {
      // K is ⌈8 · table / seconds⌉, as `Goal.iterations(batch:)` has it.
      table = seconds * iterations / 8
    }
    time = iterations * seconds
    for index in parameters.indices where parameters[index].name == "iteration_time" {
      parameters[index].value = seconds
    }
  }

  private static let quantiles = [("q10", 0.1), ("median", 0.5), ("q90", 0.9)]

  private mutating func addBatchTimes(
    _ situation: Situation, batch: Double, stops: Bool, _ interrupted: () -> Bool
  ) {
    guard iterations.isFinite, batch >= 1 else { return }
    let counts = [("iteration_time", 1), ("time", iterations)]
    if let flow = FlowTimes(situation, batch: batch, stops: stops, interrupted: interrupted) {
      for (name, count) in counts {
        for (suffix, p) in Self.quantiles {
          parameters.append(("\(name)_\(suffix)", flow.quantile(p, count)))
        }
        let (mean, error) = flow.mean(count)
        parameters += [("\(name)_mean", mean), ("\(name)_error", error)]
      }
    } else if let times = BatchTimes(situation, batch: batch, stops: stops, interrupted: interrupted) {
      let one = TimeSum(times)
      for (name, count) in counts {
        let sum = count == 1 ? one : one.repeated(count)
        // Of a mean that is known from M times the error counts like K/M times the spread of K of them.
        let ratio = times.variance > 0 ? times.error * times.error / times.variance : 0
        for (suffix, p) in Self.quantiles {
          parameters.append(
            ("\(name)_\(suffix)", sum.quantile(p, widenedBy: (1 + count * ratio).squareRoot())))
        }
        parameters += [
          ("\(name)_mean", sum.mean), ("\(name)_error", times.endless > 0 ? .nan : count * times.error),
        ]
      }
    } else if !interrupted() {
      notes.append("quantiles of its times are left out: an iteration takes too many jobs to simulate")
    }
  }

  // MARK: Correlated durations

  private mutating func simulate(
    _ choice: MethodChoice, _ situation: Situation, _ interrupted: @escaping () -> Bool
  ) {
    guard applies, iterations.isFinite else { return }
    let counted = lists.firstIndex { $0.name == "p" }
    let explores = if case .learned = choice.randomDurations { true } else { false }
    let times: UpdateTimes?
    do {
      times = try UpdateTimes(
        choice, situation, needed: iterations, sendsShorter: parameters.contains { $0.name == "omega" },
        countsTrials: counted != nil, explores: explores, interrupted: interrupted)
    } catch {
      notes.append("durations are correlated in time, and updates cannot be simulated: \(error.message)")
      return
    }
    guard let times else {
      if !interrupted() {
        notes.append(
          "durations are correlated in time, and an update takes too many jobs to simulate: time is unknown")
      }
      return
    }
    time = times.mean
    parameters += [("iteration_time", times.seconds), ("iteration_time_error", times.error)]
    for (suffix, p) in Self.quantiles { parameters.append(("time_\(suffix)", times.quantile(p))) }
    parameters.append(("time_error", times.meanError))
    if let counted { lists[counted].values = times.successes }
    let rest = times.isExtrapolated ? ", and those after them are taken to be like them" : ""
    notes.append(
      "durations are correlated in time, and time is simulated: an estimate from \(times.updates) "
        + "updates\(rest)"
    )
    if times.seconds == .infinity { notes.append("every worker gets stuck in some simulations") }
    if counted != nil { notes.append("p is the share of trials that succeed in these simulations") }
  }
}
