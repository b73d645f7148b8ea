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
    public internal(set) var runs: [FinishedRun]
    /// γ, as given or as the theory has it.
    public let stepsize: Double

    /// The statistics averaged over the seeds; a quantity that is not known for one is nan.
    public var means: [(name: String, value: Double)] {
      guard let first = runs.first else { return Statistics.names.map { ($0, .nan) } }
      return first.statistics.numbers.indices.map { index in
        let sum = runs.reduce(0) { $0 + $1.statistics.numbers[index].value }
        return (first.statistics.numbers[index].name, sum / Double(runs.count))
      }
    }

    public func minimum(_ quantity: Quantity) -> Double {
      if runs.isEmpty { return .nan }
      return runs.map { $0.statistics.point[quantity] }.reduce(.infinity) { Swift.min($0, $1) }
    }

    public func maximum(_ quantity: Quantity) -> Double {
      if runs.isEmpty { return .nan }
      return runs.map { $0.statistics.point[quantity] }.reduce(-.infinity) { Swift.max($0, $1) }
    }

    /// The fraction of seeds that met the stop's condition, or, without one, that reached its steps, time or arrivals.
    public let reached: Double
  }

  /// What is left of a run when it is over.
  public struct FinishedRun: Sendable {
    public let seed: UInt64
    public internal(set) var statistics: Statistics
    /// Empty where nobody is to look at it.
    public internal(set) var trace: [TracePoint]
  }

  /// Runs everything, on `threads` threads. `finished` is called with the number of runs that are over, from any thread.
  ///
  /// The result does not depend on the number of threads. After an interruption it has what was reached so far.
  public func run(
    interrupted: @escaping @Sendable () -> Bool = { false }, clock: @escaping @Sendable () -> Double = { 0 },
    finished: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(LabError) -> [Row] {
    let counter = Counter()
    let outcomes = parallelMap(count: experiments.count * seeds.count, threads: threads) { [self] index in
      let outcome = Result { () throws(LabError) in
        try Trial(
          experiments[index / seeds.count], seed: seeds[index % seeds.count], until: stop, clock: clock,
          isOver: { _ in interrupted() })
      }
      finished(counter.increment())
      return outcome
    }
    var rows: [Row] = []
    for (index, experiment) in experiments.enumerated() {
      var trials: [Trial] = []
      for outcome in outcomes[index * seeds.count..<(index + 1) * seeds.count] {
        trials.append(try outcome.get())
      }
      rows.append(Row(method: experiment.method.name, trials, until: stop))
    }
    return rows
  }
}
