/// Experiments that are the points of a grid, each at several seeds, and which of them is best.
///
/// The best is the one whose seeds meet the stop's conditions soonest in simulated time, on average; if not all seeds
/// of any point meet them, the one where most do; without conditions, or where nothing is met, the one whose last
/// gap (or loss, where f* is not known) is least. What is reported does not depend on the number of threads, on the
/// order in which points end, or on how often the sweep was killed and resumed.
public struct Sweep: Sendable {
  /// A point of the grid.
  public struct Point: Sendable {
    /// Its seed is replaced.
    public var experiment: Experiment
    /// Points compete with those of the same contest.
    public var contest: Int

    public init(_ experiment: Experiment, contest: Int = 0) {
      self.experiment = experiment
      self.contest = contest
    }
  }

  /// What came of a point.
  public struct Outcome: Sendable {
    /// Which point of the grid it is.
    public let index: Int
    /// Without runs where the point was given up. Only the best points have traces.
    public let row: Comparison.Row
    /// From 0 for the best of its contest; nil for a point that was given up.
    public let rank: Int?
  }

  /// Why a sweep came to nothing.
  public struct Failure: Error, Sendable {
    /// The point whose configuration makes no sense; nil where something else went wrong.
    public let index: Int?
    public let error: LabError
  }

  public var points: [Point]
  public var stop: Stop
  /// Every point runs with each of these.
  public var seeds: [UInt64]
  public var threads: Int
  /// How many of the best points of each contest keep their traces; the others' would fill the memory.
  public var keptTraces = 8
  /// Points that are sure to need more than so many times the simulated time of the best one are given up, and
  /// nothing is reported of them; 1 or more, and nil for never.
  ///
  /// A point is judged only against one all of whose seeds met the conditions, so that it could not have been the
  /// best. It makes no difference whether it was in fact stopped early or had ended before.
  public var patience: Double?
  /// The points that are run: every `count`-th one from `index` on.
  public var shard = Shard.all

  /// A part of a grid: the points whose number is `index` modulo `count`.
  public struct Shard: Sendable, Equatable {
    /// From 0.
    public let index: Int
    public let count: Int

    public static let all = Shard(index: 0, count: 1)

    public init(index: Int, count: Int) {
      self.count = max(1, count)
      self.index = min(max(0, index), self.count - 1)
    }

    public func contains(_ point: Int) -> Bool { point % count == index }
  }

  public init(_ points: [Point], until stop: Stop, seeds: [UInt64], threads: Int = 1) {
    self.points = points
    self.stop = stop
    self.seeds = seeds
    self.threads = threads
  }

  /// Runs the points that `journal` does not know yet, and gives the outcomes in the order of the grid.
  ///
  /// After an interruption, only those that were finished. `clock` gives real seconds for `wall`, which is not known
  /// without one. `progress` is called with the number of points that are over, of how many, from any thread.
  public func run(
    journal: SweepJournal? = nil, interrupted: @escaping @Sendable () -> Bool = { false },
    clock: (@Sendable () -> Double)? = nil,
    progress: @escaping @Sendable (_ finished: Int, _ count: Int) -> Void = { _, _ in }
  ) throws(Failure) -> [Outcome] {
    let board = SweepBoard(self, journal)
    let own = points.indices.filter { shard.contains($0) }
    var left: [Int] = []
    for index in own {
      if let entry = journal?.entry(of: index, seeds: seeds, method: points[index].experiment.method.name) {
        board.enter(entry, at: index)
      } else {
        left.append(index)
      }
    }
    let (todo, known) = (left, own.count - left.count)
    progress(known, own.count)
    let finished = Counter()
    _ = parallelMap(count: todo.count * seeds.count, threads: threads) { [self] unit in
      let index = todo[unit / seeds.count]
      guard !interrupted(), !board.isOver(index) else { return }
      if let wasLast = run(index, seed: unit % seeds.count, board, interrupted, clock), wasLast {
        progress(known + finished.increment(), own.count)
      }
    }
    return try board.outcomes(of: own)
  }

  /// Runs a point at one of its seeds. Says whether the point is over with it; nil if it was interrupted.
  private func run(
    _ index: Int, seed: Int, _ board: SweepBoard, _ interrupted: () -> Bool,
    _ clock: (@Sendable () -> Double)?
  ) -> Bool? {
    let point = points[index]
    let spent = board.time(of: index)
    var isHopeless = false
    do throws(LabError) {
      var trial = try Trial(
        point.experiment, seed: seeds[seed], until: stop, clock: clock ?? { 0 },
        isOver: { run in
          isHopeless = board.isHopeless(contest: point.contest, time: spent + run.time)
          return isHopeless || interrupted()
        })
      if clock == nil { trial.run.statistics.wall = .nan }
      if isHopeless { return board.giveUp(index) }
      if trial.run.statistics.stopped == .interrupted { return nil }
      return board.enter(trial, seed: seed, of: index)
    } catch {
      board.fail(Failure(index: index, error: error))
      return nil
    }
  }
}
