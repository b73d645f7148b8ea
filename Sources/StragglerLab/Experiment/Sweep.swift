// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// Experiments that are the points of a grid, each at several seeds, and which of them is best.
///
/// The best is the one whose seeds meet the stop's conditions soonest in simulated time, on average; if not
/// all seeds of any point meet them, the one where most do; without conditions, or where nothing is met, the
/// one whose last gap (or loss, where f* is not known) is least. What is reported does not depend on the
/// number of threads, on the order in which points end, or on how often the sweep was killed and resumed.
public struct Sweep: Sendable {
  /// A point of the grid.
  public struct Point: Sendable {
    /// Its seed is replaced.
    public var experiment: Experiment
    /// Points compete with those of the same contest.
    public var contest: Int

    /// A point that runs `experiment` and competes in `contest`.
    public init(_ experiment: Experiment, contest: Int = 0) {
      self.experiment = experiment
      self.contest = contest
    }
  }

  /// What came of a point.
  public struct Outcome: Sendable {
    /// Which point of the grid it is.
    public let index: Int
    /// Without runs where the point was given up or cannot run. Only the best points have traces.
    public internal(set) var row: Comparison.Row
    /// From 0 for the best of its contest; nil for a point that was given up or cannot run.
    public let rank: Int?
    /// Why the point cannot run; nil where it can.
    public let refusal: LabError?
  }

  /// Why a sweep came to nothing.
  public struct Failure: Error, Sendable {
    /// The first of the points, where none can run; nil where something else went wrong.
    public let index: Int?
    /// What went wrong.
    public let error: LabError
  }

  /// The grid, in the order of the outcomes.
  public var points: [Point]
  /// When each of the runs stops.
  public var stop: Stop
  /// Any of these suffices, too. They are looked at after updates, as often as
  /// `Run.run(until:or:progress:interrupted:clock:)` says.
  public var conditions: [Stop.Condition]
  /// Every point runs with each of these.
  public var seeds: [UInt64]
  /// The most threads to run on; less than 1 counts as 1.
  public var threads: Int
  /// How many of the best points of each contest have traces. Where there are more points than that, the
  /// traces are taken once it is known which are the best, in runs that are the same again.
  public var keptTraces = 8
  /// Whether a point is judged by more than the moment at which its runs end: a condition has to hold also at
  /// nine of ten looks after that, along a fifth as many updates more, and without a condition the mean over
  /// the last tenth counts.
  public var judgesTails = false
  /// Points that are sure to need more than so many times the simulated time of the best one are given up,
  /// and nothing is reported of them; 1 or more, and nil for never.
  ///
  /// A point is judged only against one all of whose seeds met the conditions, so that it could not have been
  /// the best. It makes no difference whether it was in fact stopped early or had ended before.
  public var patience: Double?
  /// The ranks among which the runs are divided, all of which make the same sweep; nil where threads of this
  /// process do all.
  package var crew: Crew?
  /// The points that are run: every `count`-th one from `index` on.
  public var shard = Shard.all

  /// A part of a grid: the points whose number is `index` modulo `count`.
  public struct Shard: Sendable, Equatable {
    /// Which part it is, from 0 to `count` − 1.
    public let index: Int
    /// In how many parts the grid is cut, at least 1.
    public let count: Int

    /// The whole grid.
    public static let all = Shard(index: 0, count: 1)

    /// Part `index` of `count`; numbers out of range are moved into it.
    public init(index: Int, count: Int) {
      self.count = max(1, count)
      self.index = min(max(0, index), self.count - 1)
    }

    /// Whether point number `point`, from 0, belongs to the part.
    public func contains(_ point: Int) -> Bool { point % count == index }
  }

  /// A sweep over `points`, each at every one of `seeds`, in which no point is given up.
  public init(
    _ points: [Point], until stop: Stop, or conditions: [Stop.Condition] = [], seeds: [UInt64],
    threads: Int = 1
  ) {
    self.points = points
    (self.stop, self.conditions) = (stop, conditions)
    self.seeds = seeds
    self.threads = threads
  }

  /// Runs the points that `journal` does not know yet, and gives the outcomes in the order of the grid.
  ///
  /// Those of `shard` alone, and after an interruption only those that were finished. `clock` gives real
  /// seconds for `wall`, which is not known without one. `progress` is called with the number of points that
  /// are over, of how many, and `interrupted` looked at, from any thread. A point whose configuration
  /// is invalid is refused, and the others run; throws where all are, the error of the first in the order
  /// of the grid, or where the journal cannot be written. Memory: the
  /// traces of `keptTraces` points a contest.
  public func run(
    journal: SweepJournal? = nil,
    progress: @escaping @Sendable (_ finished: Int, _ count: Int) -> Void = { _, _ in },
    interrupted: @escaping @Sendable () -> Bool = { false }, clock: (@Sendable () -> Double)? = nil
  ) throws(Failure) -> [Outcome] {
    let board = SweepBoard(self, journal)
    let own = points.indices.filter { shard.contains($0) }
    var left: [Int] = []
    let entries = try known(own, journal)
    for index in own {
      if let entry = entries[index] { board.enter(entry, at: index) } else { left.append(index) }
    }
    let known = own.count - left.count
    progress(known, own.count)
    let finished = Counter()
    var units = left.flatMap { index in seeds.indices.map { Unit(point: index, seed: $0) } }
    var events = firstEvents
    while !units.isEmpty, !interrupted() {
      let (batch, limit) = (units, events)
      let enter: @Sendable (UnitEnd, Unit) -> Bool = { [self] end, unit in
        switch take(end, of: unit, board) {
        case .pointIsOver: progress(known + finished.increment(), own.count)
        case .unfinished: return true
        case .over: break
        }
        return false
      }
      let unfinished: [Bool]
      if let crew {
        unfinished = try divide(batch, board, events: limit, crew, interrupted, clock, enter)
      } else {
        unfinished = parallelMap(count: batch.count, threads: threads) { [self] number in
          guard !interrupted(), !board.isOver(batch[number].point) else { return false }
          return enter(run(batch[number], board, events: limit, interrupted, clock), batch[number])
        }
      }
      units = zip(batch, unfinished).filter(\.1).map(\.0)
      events = events > .max / 4 ? .max : events * 4
    }
    return try withTraces(try board.outcomes(of: own), interrupted)
  }

  /// Whether traces are taken in the runs that are compared.
  private var tracesAtOnce: Bool {
    var sizes: [Int: Int] = [:]
    for point in points { sizes[point.contest, default: 0] += 1 }
    return sizes.values.allSatisfy { $0 <= keptTraces }
  }

  /// The outcomes, the best of them with the traces of runs that are the same again.
  private func withTraces(
    _ outcomes: [Outcome], _ interrupted: @escaping @Sendable () -> Bool
  ) throws(Failure) -> [Outcome] {
    // What judging the tails looks at is no part of a trace.
    if tracesAtOnce && !judgesTails { return outcomes }
    let units = outcomes.indices
      .filter {
        (outcomes[$0].rank ?? .max) < keptTraces
          && (judgesTails || points[outcomes[$0].index].experiment.interval == .adaptive)
      }
      .flatMap { index in outcomes[index].row.runs.indices.map { (index, $0) } }
    let ends = try runAll(units.count, interrupted) { [self] number -> UnitEnd in
      let (index, run) = units[number]
      let outcome = outcomes[index]
      // What has run once runs again.
      let trial = try? Trial(
        points[outcome.index].experiment, seed: outcome.row.runs[run].seed, until: goal, clock: { 0 },
        isOver: { _ in interrupted() })
      return trial.map { .trial($0) } ?? .interrupted
    }
    var outcomes = outcomes
    for ((index, run), end) in zip(units, ends) {
      if case .trial(let trial) = end { outcomes[index].row.runs[run].trace = trial.run.trace }
    }
    return outcomes
  }

  /// A point at one of its seeds.
  struct Unit: Sendable {
    let point: Int
    let seed: Int
  }

  private enum End { case over, pointIsOver, unfinished }

  /// The events that a run may take at first.
  ///
  /// Where only a condition stops runs, some may never end by themselves, but only until another point gives
  /// them a time to beat: so that it has its turn, all are tried with few events first, and those that need
  /// more then anew with four times as many.
  private var firstEvents: Int {
    return !goal.isUnbounded || patience == nil ? .max : 1 << 16
  }

  /// Runs `unit`, of whose point the seeds before have taken `spent` simulated seconds.
  func run(
    _ unit: Unit, _ board: SweepBoard, events: Int, spent: Double? = nil, _ interrupted: () -> Bool,
    _ clock: (@Sendable () -> Double)?
  ) -> UnitEnd {
    let point = points[unit.point]
    let spent = spent ?? board.time(of: unit.point)
    var (isHopeless, isLong) = (false, false)
    var experiment = point.experiment
    if !tracesAtOnce, experiment.interval == .adaptive { experiment.interval = .end }
    do throws(LabError) {
      var trial = try Trial(
        experiment, seed: seeds[unit.seed], until: goal, judgesTail: judgesTails, clock: clock ?? { 0 },
        interrupted: interrupted,
        isOver: { run in
          isHopeless = board.isHopeless(contest: point.contest, time: spent + run.clearedTime)
          isLong = run.events >= events
          return isHopeless || isLong || board.hasFailed || interrupted()
        })
      if clock == nil { trial.run.statistics.wall = .nan }
      if isHopeless { return .hopeless }
      if trial.run.statistics.stopped == .interrupted { return isLong ? .unfinished : .interrupted }
      return .trial(trial)
    } catch { return error == .interrupted ? .failed(error) : .refused(error) }
  }

  /// Enters what came of `unit`.
  private func take(_ end: UnitEnd, of unit: Unit, _ board: SweepBoard) -> End {
    switch end {
    case .trial(let trial): return board.enter(trial, seed: unit.seed, of: unit.point) ? .pointIsOver : .over
    case .hopeless: return board.giveUp(unit.point) ? .pointIsOver : .over
    case .unfinished: return .unfinished
    case .interrupted: return .over
    case .refused(let error): return board.refuse(unit.point, seed: unit.seed, error) ? .pointIsOver : .over
    case .failed(let error):
      board.fail(Failure(index: unit.point, error: error))
      return .over
    }
  }
}
