// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// Methods with the best of several stepsizes each.
///
/// The best is what `Sweep` takes for it, its tails being judged: noise makes many stepsizes meet a condition
/// for a moment that they cannot keep. Stepsizes that are sure to lose are given up as soon as that is known,
/// which changes nothing in what is reported: the runs of the best one.
public struct Tuning: Sendable {
  /// 2^10, 2^9, …, 2^-10. Large ones come first: those that diverge end soon, and the first that does not
  /// gives the others a time to beat.
  public static let grid: [Double] = (-10...10).reversed().map {
    Double(sign: .plus, exponent: $0, significand: 1)
  }

  /// For each method an experiment with each stepsize.
  public var candidates: [[Experiment]]
  /// When each of the runs stops.
  public var stop: Stop
  /// Any of these suffices, too. They are looked at after updates, as often as
  /// `Run.run(until:or:progress:interrupted:clock:)` says.
  public var conditions: [Stop.Condition]
  /// Every candidate runs with each of these.
  public var seeds: [UInt64]
  /// The most threads to run on; less than 1 counts as 1.
  public var threads: Int
  /// The ranks among which the runs are divided; nil where threads of this process do all.
  package var crew: Crew?

  /// A choice among each method's `candidates`, which may be any experiments: usually one for each of
  /// `grid`.
  public init(
    _ candidates: [[Experiment]], until stop: Stop, or conditions: [Stop.Condition] = [], seeds: [UInt64],
    threads: Int = 1
  ) {
    self.candidates = candidates
    (self.stop, self.conditions) = (stop, conditions)
    self.seeds = seeds
    self.threads = threads
  }

  /// The best of a method's candidates.
  public struct Choice: Sendable {
    /// Which method it is: its place in `Tuning.candidates`, from 0.
    public let method: Int
    /// Which of the method's candidates won, from 0.
    public let candidate: Int
    /// The winner's runs.
    public let row: Comparison.Row
  }

  /// A candidate that cannot run.
  public struct Refusal: Sendable {
    /// Which method it is: its place in `Tuning.candidates`, from 0.
    public let method: Int
    /// Which of the method's candidates cannot run, from 0.
    public let candidate: Int
    /// Why.
    public let error: LabError
  }

  /// Runs everything, on `threads` threads, and gives the choice for each method, in their order, and the
  /// candidates that cannot run, method by method.
  ///
  /// The result does not depend on the number of threads. Methods of which no candidate can run, and after an
  /// interruption those of which nothing was finished, have no choice. The closures are called as those of
  /// `Sweep.run(journal:progress:interrupted:clock:)`, which is also what throws: where no candidate can run.
  /// Numbers in its `Failure` count the candidates across the methods: the first of each method, then the
  /// second of each.
  public func run(
    progress: @escaping @Sendable (_ finished: Int, _ count: Int) -> Void = { _, _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }, clock: (@Sendable () -> Double)? = nil
  ) throws(Sweep.Failure) -> (choices: [Choice], refusals: [Refusal]) {
    var points: [Sweep.Point] = []
    var places: [(method: Int, candidate: Int)] = []
    for candidate in 0..<(candidates.map(\.count).max() ?? 0) {
      for (method, experiments) in candidates.enumerated() where candidate < experiments.count {
        points.append(Sweep.Point(experiments[candidate], contest: method))
        places.append((method, candidate))
      }
    }
    var sweep = Sweep(points, until: stop, or: conditions, seeds: seeds, threads: threads)
    sweep.crew = crew
    sweep.keptTraces = 1
    sweep.patience = 1
    sweep.judgesTails = true
    let outcomes = try sweep.run(progress: progress, interrupted: interrupted, clock: clock)
    let refusals = outcomes.compactMap { outcome in
      outcome.refusal.map {
        Refusal(
          method: places[outcome.index].method, candidate: places[outcome.index].candidate, error: $0)
      }
    }
    let choices =
      outcomes
      .filter { $0.rank == 0 }
      .map { outcome in
        var row = outcome.row
        // Of a method that made no update no stepsize is better than another.
        if row.runs.allSatisfy({ $0.statistics.point.iteration == 0 }) { row.gamma = .nan }
        return Choice(
          method: places[outcome.index].method, candidate: places[outcome.index].candidate, row: row)
      }
      .sorted { $0.method < $1.method }
    return (choices, refusals.sorted { ($0.method, $0.candidate) < ($1.method, $1.candidate) })
  }
}
