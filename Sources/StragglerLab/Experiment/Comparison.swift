/// Several methods on the same problem, fleet and seeds.
public struct Comparison: Sendable {
  /// One experiment a method; their seeds are replaced.
  public var experiments: [Experiment]
  public var stop: Stop
  /// Every method runs with each of these.
  public var seeds: [UInt64]
  public var threads: Int

  public init(_ experiments: [Experiment], until stop: Stop, seeds: [UInt64], threads: Int = 1) {
    self.experiments = experiments
    self.stop = stop
    self.seeds = seeds
    self.threads = threads
  }

  /// How a method did, over the seeds.
  public struct Row: Sendable {
    public let method: String
    public let runs: [FinishedRun]
    /// γ, as given or as the theory has it.
    public let stepsize: Double

    /// The statistics averaged over the seeds; a quantity that is not known for one is nan.
    public var means: [(name: String, value: Double)] {
      guard let first = runs.first else { return [] }
      return first.statistics.numbers.indices.map { index in
        let sum = runs.reduce(0) { $0 + $1.statistics.numbers[index].value }
        return (first.statistics.numbers[index].name, sum / Double(runs.count))
      }
    }

    public func minimum(_ quantity: Quantity) -> Double {
      runs.map { $0.statistics.point[quantity] }.reduce(.infinity) { Swift.min($0, $1) }
    }

    public func maximum(_ quantity: Quantity) -> Double {
      runs.map { $0.statistics.point[quantity] }.reduce(-.infinity) { Swift.max($0, $1) }
    }

    /// The fraction of seeds that met the stop's condition, or, without one, that reached its steps, time or arrivals.
    public let reached: Double
  }

  /// What is left of a run when it is over.
  public struct FinishedRun: Sendable {
    public let seed: UInt64
    public let statistics: Statistics
    public let trace: [TracePoint]
  }

  /// Runs everything, on `threads` threads. `finished` is called with the number of runs that are over, from any thread.
  ///
  /// The result does not depend on the number of threads. After an interruption it has what was reached so far.
  public func run(
    interrupted: @escaping @Sendable () -> Bool = { false }, clock: @escaping @Sendable () -> Double = { 0 },
    finished: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(LabError) -> [Row] {
    let total = experiments.count * seeds.count
    let counter = Counter()
    let outcomes = parallelMap(count: total, threads: threads) { [self] index in
      var experiment = experiments[index / seeds.count]
      experiment.seed = seeds[index % seeds.count]
      let outcome = Result { () throws(LabError) in
        let run = try experiment.start()
        run.run(until: stop, interrupted: interrupted, clock: clock)
        return (
          FinishedRun(seed: experiment.seed, statistics: run.statistics, trace: run.trace), run.stepsize
        )
      }
      finished(counter.increment())
      return outcome
    }
    var rows: [Row] = []
    for (index, experiment) in experiments.enumerated() {
      var runs: [FinishedRun] = []
      var stepsize = Double.nan
      for outcome in outcomes[index * seeds.count..<(index + 1) * seeds.count] {
        let (run, gamma) = try outcome.get()
        runs.append(run)
        stepsize = gamma
      }
      let reached = runs.count { isReached($0.statistics.stopped) }
      rows.append(
        Row(
          method: experiment.method.name, runs: runs, stepsize: stepsize,
          reached: Double(reached) / Double(max(1, runs.count))))
    }
    return rows
  }

  private func isReached(_ reason: StopReason?) -> Bool {
    switch reason {
    case .condition: true
    case .steps, .time, .arrivals: stop.conditions.isEmpty
    case .starved, .diverged, .interrupted, nil: false
    }
  }
}
