// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import Synchronization

/// What threads that work on a sweep know together.
final class SweepBoard: Sendable {
  private struct State {
    /// The trials of points that are not over, by their seeds.
    var trials: [Int: [Int: Trial]] = [:]
    /// Rows of the points that are over; without runs for those that were given up.
    var rows: [Int: Comparison.Row] = [:]
    /// The best points of each contest, the best one first.
    var leaders: [Int: [(merit: Merit, index: Int)]] = [:]
    var failure: Sweep.Failure?
    /// Why points cannot run, each with the seed at which that was seen.
    var refusals: [Int: (seed: Int, error: LabError)] = [:]
  }

  /// The time that the best point of a contest took in all, if all its seeds met the conditions.
  private final class Bound: Sendable {
    private let bits = Atomic<UInt64>(Double.infinity.bitPattern)
    var time: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
    /// Only ever called by one thread at a time.
    func lower(to time: Double) {
      if time < self.time { bits.store(time.bitPattern, ordering: .relaxed) }
    }
  }

  private let sweep: Sweep
  private let journal: SweepJournal?
  private let bounds: [Bound]
  private let state = Mutex(State())
  private let failed = Atomic<Bool>(false)

  init(_ sweep: Sweep, _ journal: SweepJournal?) {
    self.sweep = sweep
    self.journal = journal
    let contests = sweep.points.reduce(0) { max($0, $1.contest + 1) }
    bounds = (0..<contests).map { _ in Bound() }
  }

  // MARK: - Who may go on

  /// Whether something went wrong, so that the sweep comes to nothing.
  var hasFailed: Bool { failed.load(ordering: .relaxed) }

  /// Whether nothing need be done for a point any more.
  func isOver(_ index: Int) -> Bool { hasFailed || state.withLock { $0.rows[index] != nil } }

  /// The simulated time of the trials of a point that are over.
  func time(of index: Int) -> Double {
    state.withLock { ($0.trials[index] ?? [:]).values.reduce(0) { $0 + $1.run.statistics.point.time } }
  }

  /// Whether a point whose trials have taken `time` so far is sure to lose by more than the sweep's patience.
  func isHopeless(contest: Int, time: Double) -> Bool {
    guard let patience = sweep.patience else { return false }
    // The sum over the seeds may be rounded otherwise in the end: so much nearer than that is not sure.
    return time > bounds[contest].time * max(1, patience) * (1 + 1e-9)
  }

  /// A point cannot be the best if a seed missed the conditions and another point's seeds all met them.
  private func isLost(_ trial: Trial, contest: Int) -> Bool {
    sweep.patience != nil && !sweep.conditions.isEmpty && trial.run.statistics.stopped != .condition
      && bounds[contest].time < .infinity
  }

  // MARK: - What ranks tell each other

  /// What a rank is to know that runs a point at a seed: the simulated time of the trials that are over, and
  /// the times to beat.
  func news(of index: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(word: time(of: index).bitPattern)
    for bound in bounds { bytes.append(word: bound.time.bitPattern) }
    return bytes
  }

  /// Takes the times to beat from another rank's news, and gives the time of the trials that are over.
  func learn(_ news: [UInt8]) -> Double {
    guard news.count == 8 * (bounds.count + 1) else { return 0 }
    for (number, bound) in bounds.enumerated() {
      bound.lower(to: Double(bitPattern: news.word(at: 8 * (number + 1))))
    }
    return Double(bitPattern: news.word(at: 0))
  }

  // MARK: - What came of points

  /// Takes a trial, and says whether its point is over with it.
  func enter(_ trial: Trial, seed: Int, of index: Int) -> Bool {
    let point = sweep.points[index]
    if isLost(trial, contest: point.contest) { return giveUp(index) }
    return state.withLock { state in
      guard state.rows[index] == nil else { return false }
      state.trials[index, default: [:]][seed] = trial
      guard let trials = state.trials[index], trials.count == sweep.seeds.count else { return false }
      state.trials[index] = nil
      let ordered = sweep.seeds.indices.compactMap { trials[$0] }
      let row = Comparison.Row(method: point.experiment.method.name, ordered, until: sweep.goal)
      complete(index, row, isNew: true, &state)
      return true
    }
  }

  /// Nothing is reported of a point. Says whether that is new.
  func giveUp(_ index: Int) -> Bool {
    state.withLock { state in
      guard state.rows[index] == nil else { return false }
      state.trials[index] = nil
      complete(index, empty(index), isNew: true, &state)
      return true
    }
  }

  /// Takes a point that a journal knows.
  func enter(_ entry: SweepJournal.Entry, at index: Int) {
    var row = empty(index)
    if case .finished(let trials) = entry {
      row = Comparison.Row(method: row.method, trials, until: sweep.goal)
    }
    let entered = row
    state.withLock { complete(index, entered, isNew: false, &$0) }
  }

  /// A point cannot run, as a run at a seed has shown. Says whether that is new.
  func refuse(_ index: Int, seed: Int, _ error: LabError) -> Bool {
    state.withLock { state in
      // Seeds are begun in order, so that the first that is refused is among those seen.
      if let known = state.refusals[index] {
        if seed < known.seed { state.refusals[index] = (seed, error) }
        return false
      }
      guard state.rows[index] == nil else { return false }
      state.refusals[index] = (seed, error)
      state.trials[index] = nil
      state.rows[index] = empty(index)
      return true
    }
  }

  func fail(_ failure: Sweep.Failure) {
    failed.store(true, ordering: .relaxed)
    state.withLock { state in
      // Points are begun in order, so that of several that make no sense the first is always among those
      // seen.
      if let first = state.failure?.index, first <= failure.index ?? -1 { return }
      state.failure = failure
    }
  }

  private func empty(_ index: Int) -> Comparison.Row {
    Comparison.Row(method: sweep.points[index].experiment.method.name, [], until: sweep.goal)
  }

  private func complete(_ index: Int, _ row: Comparison.Row, isNew: Bool, _ state: inout State) {
    var row = row
    let contest = sweep.points[index].contest
    let merit = Merit(row, until: sweep.goal)
    if !row.runs.isEmpty {
      var leaders = state.leaders[contest] ?? []
      let place =
        leaders.firstIndex { leader in
          merit.isBetter(than: leader.merit)
            || !leader.merit.isBetter(than: merit) && index < leader.index
        } ?? leaders.count
      leaders.insert((merit, index), at: place)
      if leaders.count > max(1, sweep.keptTraces), let last = leaders.popLast() {
        if last.index == index { row.dropTraces() } else { state.rows[last.index]?.dropTraces() }
      }
      state.leaders[contest] = leaders
    }
    state.rows[index] = row
    if isNew, let journal {
      do { try journal.append(row, at: index) } catch {
        state.failure = state.failure ?? Sweep.Failure(index: nil, error: error)
        failed.store(true, ordering: .relaxed)
      }
    }
    // Others are given up for it only once it is on record.
    if merit.reached == sweep.seeds.count, merit.reached > 0 { bounds[contest].lower(to: merit.time) }
  }

  // MARK: - The end

  /// The outcomes of those of `points` that are over.
  func outcomes(of points: [Int]) throws(Sweep.Failure) -> [Sweep.Outcome] {
    let (rows, refusals, failure) = state.withLock { ($0.rows, $0.refusals, $0.failure) }
    if let failure { throw failure }
    if let first = points.first, let refusal = refusals[first], refusals.count == points.count {
      throw Sweep.Failure(index: first, error: refusal.error)
    }
    do { try journal?.finish() } catch { throw Sweep.Failure(index: nil, error: error) }
    var merits: [Int: [(merit: Merit, index: Int)]] = [:]
    for index in points {
      guard let row = rows[index], !isGivenUp(row, contest: sweep.points[index].contest) else { continue }
      merits[sweep.points[index].contest, default: []].append((Merit(row, until: sweep.goal), index))
    }
    var ranks: [Int: Int] = [:]
    for contest in merits.values {
      let order = contest.sorted { a, b in
        a.merit.isBetter(than: b.merit) || !b.merit.isBetter(than: a.merit) && a.index < b.index
      }
      for (rank, entry) in order.enumerated() { ranks[entry.index] = rank }
    }
    return points.compactMap { index in
      rows[index].map { row in
        Sweep.Outcome(
          index: index, row: ranks[index] == nil ? empty(index) : row, rank: ranks[index],
          refusal: refusals[index]?.error)
      }
    }
  }

  /// Whether a point is one of those that may have been stopped early. Decided when all is over, so that it
  /// does not depend on who was first.
  private func isGivenUp(_ row: Comparison.Row, contest: Int) -> Bool {
    guard !row.runs.isEmpty else { return true }
    guard let patience = sweep.patience, bounds[contest].time < .infinity else { return false }
    let merit = Merit(row, until: sweep.goal)
    return merit.reached < row.runs.count || merit.time > bounds[contest].time * max(1, patience)
  }
}

extension Comparison.Row {
  mutating func dropTraces() {
    for index in runs.indices { runs[index].trace = [] }
  }
}
