// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// Several methods on the same problem, fleet and seeds.
///
///     let methods: [MethodChoice] = [MethodChoice(Rennala()), MethodChoice(Ringmaster())]
///     let experiments = methods.map { Experiment(problem: problem, workers: workers, method: $0) }
///     let rows = try Comparison(experiments, until: Stop(time: 5_000), seeds: [1, 2, 3], threads: 2).run()
///
/// Runs with the same seed meet the same durations and samples under every method: common random numbers.
public struct Comparison: Sendable {
  /// The name and value of something that was varied.
  public typealias Label = (name: String, value: Cell)

  /// One experiment for each row of the result; their seeds are replaced.
  public var experiments: [Experiment]
  /// When each of the runs stops.
  public var stop: Stop
  /// Any of these suffices, too. They are looked at after updates, as often as
  /// `Run.run(until:or:progress:interrupted:clock:)` says.
  public var conditions: [Stop.Condition]
  /// Every method runs with each of these.
  public var seeds: [UInt64]
  /// The most threads to run on; less than 1 counts as 1.
  public var threads: Int
  /// The ranks among which the runs are divided, all of which make the same comparison; nil where threads of
  /// this process do all.
  package var crew: Crew?

  /// A comparison of `experiments`, each at every one of `seeds`.
  public init(
    _ experiments: [Experiment], until stop: Stop, or conditions: [Stop.Condition] = [], seeds: [UInt64],
    threads: Int = 1
  ) {
    self.experiments = experiments
    (self.stop, self.conditions) = (stop, conditions)
    self.seeds = seeds
    self.threads = threads
  }

  /// How a method did, over the seeds.
  public struct Row: Sendable {
    /// The method's name in the command language.
    public let method: String
    /// The runs, in the order of the seeds.
    public internal(set) var runs: [FinishedRun]
    /// γ, as given or from the theorem.
    public internal(set) var gamma: Double
    /// A label for the row, where the method's name is not enough.
    public var label: String?
    /// What was tuned besides γ, with the values that won.
    public var tuned: [Label] = []

    /// The label, or else the method's name.
    public var name: String { label ?? method }

    /// The statistics averaged over the seeds, `time` being that of `times`; a quantity that is not known for
    /// one is NaN.
    public var means: [(name: String, value: Double)] {
      guard let first = runs.first else { return Statistics.names.map { ($0, .nan) } }
      return first.statistics.numbers.indices.map { index in
        let name = first.statistics.numbers[index].name
        if name == "time" { return (name, time) }
        let sum = runs.reduce(0) { $0 + $1.statistics.numbers[index].value }
        return (name, sum / Double(runs.count))
      }
    }

    /// Simulated seconds until each run met its condition or bound: infinite where a condition was given and
    /// not met, NaN where the model was never updated.
    public var times: [Double] {
      runs.map { run in
        let point = run.statistics.point
        if run.statistics.stopped == .condition { return point.time }
        if point.iteration == 0 { return .nan }
        return goal.conditions.isEmpty ? point.time : .infinity
      }
    }

    /// The mean of `times`: infinite where some seed never met the condition, NaN where no seed's model was
    /// updated.
    public var time: Double {
      let wasUpdated = times.contains { !$0.isNaN }
      // A seed whose model was never updated has not met the condition either.
      let isMissed = wasUpdated && !goal.conditions.isEmpty && times.contains(where: \.isNaN)
      return isMissed ? .infinity : Self.mean(times)
    }

    /// Simulated seconds of the last event, averaged over the seeds.
    public var end: Double { Self.mean(runs.map(\.statistics.point.time)) }

    /// Simulated seconds until which each run is known not to have met its condition; for one that has met
    /// it, its time.
    var bounds: [Double] {
      runs.map { run in
        // No event comes before the end asked for.
        run.statistics.stopped == .time ? goal.stop.time ?? .nan : run.statistics.point.time
      }
    }

    /// The seconds, at most, that a seed's time may be too late; NaN where no condition ended a run.
    public var timeResolution: Double {
      runs.map(\.statistics.timeResolution).filter { !$0.isNaN }.max() ?? .nan
    }

    /// Remarks for the user about the method, each remark once.
    public var remarks: [String] {
      runs.flatMap(\.remarks).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// How much of the data the runs were measured on; nil where that is all.
    var evaluated: EvaluatedSample? { runs.first?.statistics.evaluated }

    /// Whether some seed's time is known less exactly than to 2 % of its updates.
    public var isCoarse: Bool { runs.contains(where: \.statistics.isCoarse) }

    static func mean(_ values: [Double]) -> Double {
      values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    /// The least value of `quantity` at the end of a run, over the seeds for which it is known; NaN where it
    /// is for none.
    public func minimum(_ quantity: Quantity) -> Double { known(quantity).min() ?? .nan }

    /// The greatest value of `quantity` at the end of a run, over the seeds for which it is known; NaN where
    /// it is for none.
    public func maximum(_ quantity: Quantity) -> Double { known(quantity).max() ?? .nan }

    private func known(_ quantity: Quantity) -> [Double] {
      (quantity == .time ? times : runs.map { $0.statistics.point[quantity] }).filter { !$0.isNaN }
    }

    /// The fraction of seeds that met the stop's condition, or, without one, that reached its steps, time or
    /// arrivals.
    public let reached: Double
    /// What the runs were to come to.
    var goal = Goal()
    /// How the runs were towards their ends, where that was asked for.
    var tails: [Trial.Tail?] = []
  }

  /// What is kept of a run when it is over.
  public struct FinishedRun: Sendable {
    /// The seed of the run.
    public let seed: UInt64
    /// The state of the run at its end.
    public internal(set) var statistics: Statistics
    /// The points along the run, the first at x⁰; empty where they are not asked for.
    public internal(set) var trace: [TracePoint]
    /// Remarks for the user about the method as it was configured, as `Run.remarks`.
    public internal(set) var remarks: [String] = []
  }

  /// Runs everything, on `threads` threads, and gives a row for each experiment.
  ///
  /// The result does not depend on the number of threads, except for `wall` and what is derived from it.
  /// `interrupted` is called a few thousand times a second; after an interruption the rows have what was
  /// reached so far. `clock` gives real seconds for `wall`; `finished` is called with the number of runs that
  /// are over. All three are called from any thread. Throws the error of the first experiment whose
  /// configuration is invalid. Memory: the traces of all runs, at most 1,000 points each with
  /// `TraceInterval.adaptive`.
  public func run(
    interrupted: @escaping @Sendable () -> Bool = { false }, clock: @escaping @Sendable () -> Double = { 0 },
    finished: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(LabError) -> [Row] {
    let counter = Counter()
    let total = experiments.count * seeds.count
    let body: @Sendable (Int) -> Result<Trial, LabError> = { [self] index in
      Result { () throws(LabError) in
        try Trial(
          experiments[index / seeds.count], seed: seeds[index % seeds.count], until: goal, clock: clock,
          isOver: { _ in interrupted() })
      }
    }
    let outcomes: [Result<Trial, LabError>]
    if let crew {
      outcomes = try divide(total, crew, interrupted, body) { finished(counter.increment()) }
    } else {
      outcomes = parallelMap(count: total, threads: threads) { index in
        let outcome = body(index)
        finished(counter.increment())
        return outcome
      }
    }
    var rows: [Row] = []
    for (index, experiment) in experiments.enumerated() {
      var trials: [Trial] = []
      for outcome in outcomes[index * seeds.count..<(index + 1) * seeds.count] {
        trials.append(try outcome.get())
      }
      rows.append(Row(method: experiment.method.name, trials, until: goal))
    }
    return rows
  }

  /// What came of `count` runs, carried out on ranks.
  private func divide(
    _ count: Int, _ crew: Crew, _ interrupted: () -> Bool, _ body: (Int) -> Result<Trial, LabError>,
    _ finished: () -> Void
  ) throws(LabError) -> [Result<Trial, LabError>] {
    let results = try crew.map(
      Array(0..<count), news: { _ in [] },
      body: { number, _ in
        switch body(number) {
        case .success(let trial): UnitEnd.trial(trial).bytes
        case .failure(let error): UnitEnd.refused(error).bytes
        }
      }, arrived: { _, _ in finished() }, interrupted: interrupted)
    return (0..<count).map { number in
      let method = experiments[number / seeds.count].method.name
      switch results[number].flatMap({ UnitEnd($0, method: method) }) {
      case .trial(let trial)?: return .success(trial)
      case .refused(let error)?: return .failure(error)
      default: return .failure(.interrupted)
      }
    }
  }
}
