internal import StragglerCore

extension Forecast {
  /// Whether constants of the problem are missing that would let the theory say something.
  public var isIncomplete: Bool { applies && scope == nil && !notes.isEmpty }

  /// Works out what random durations do to the time, for the methods of which that is known:
  ///
  /// - `hero`, `minibatch` and `msync`: a step takes the mean of the m-th shortest of n durations, `OrderStatistic`.
  /// - `rennala`: quantiles of the time T_B of an iteration and of all K of them, `BatchTimes` and `TimeSum`.
  /// - `mindflayer`, `vecna`: the theorem is for random durations; trials have an end, so that its time is never exceeded.
  ///
  /// For the others the fleet's mean durations stand, which is an estimate.
  public mutating func addRandomTimes(_ situation: Situation) {
    guard situation.isRandom, !time.isNaN else { return }
    switch method {
    case "mindflayer", "vecna": notes.append(Self.bound)
    case "hero": notes.append(Self.mean)
    case "minibatch":
      setStepTime(OrderStatistic(situation.workers, rank: situation.workers.count).mean)
      notes.append(Self.mean)
    case "msync":
      setStepTime(OrderStatistic(situation.workers, rank: Int(self["m"])).mean)
      notes += [Self.mean, "m is chosen by the mean durations"]
    case "rennala":
      addBatchTimes(situation)
      notes.append(Self.estimate)
    default: notes.append(Self.estimate)
    }
  }

  private static let bound = "the theorem is for random durations, and time is a bound for every run"
  private static let mean = "durations are random, and time is the mean for so many steps"
  private static let estimate =
    "durations are random, and time has their means for them: an estimate, no bound"

  private subscript(name: String) -> Double { parameters.first { $0.name == name }?.value ?? .nan }

  /// A step takes `seconds` in the mean.
  private mutating func setStepTime(_ seconds: Double) {
    let share = table / self["iteration_time"]
    // K is ⌈8 · table / seconds⌉.
    table = share.isFinite ? share * seconds : seconds * iterations / 8
    time = iterations * seconds
    for index in parameters.indices where parameters[index].name == "iteration_time" {
      parameters[index].value = seconds
    }
  }

  private mutating func addBatchTimes(_ situation: Situation) {
    guard iterations.isFinite,
      let times = BatchTimes(situation, batch: self["batch"], stops: self["stops"] == 1)
    else { return }
    let one = TimeSum(times)
    let all = one.repeated(iterations)
    for (name, sum) in [("iteration_time", one), ("time", all)] {
      for (suffix, p) in [("q10", 0.1), ("median", 0.5), ("q90", 0.9)] {
        parameters.append(("\(name)_\(suffix)", sum.quantile(p)))
      }
      parameters.append(("\(name)_mean", sum.mean))
    }
  }
}
