// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// What `compare` tunes, and over which values.
struct TuningArguments: ArgumentSet {
  private var stepsizes: Given<ListValues>?
  private var isThere = false
  private(set) var lists: [VariedName] = []
  private(set) var isGridFixed = false

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.key(
      "tune", &stepsizes, .list, "as `tune`, with stepsizes of your own", standard: "2^-10 … 2^10")
    arguments.flag(
      "tune", &isThere, lists: &lists,
      "each method gets the best stepsize of 2^-10 … 2^10, with KEY in LIST in brackets also the best keys")
    arguments.flag("fixed-grid", &isGridFixed, "tries no stepsizes beyond those of the grid")
  }

  /// Where `tune=` is.
  var place: Place? { stepsizes?.place }

  /// The lists but that of the stepsizes.
  var keys: [VariedName] { lists.filter { $0.name.text != Self.stepsize } }

  static let stepsize = "gamma"

  /// The stepsizes to try, large ones first (see `Tuning.grid`); nil where nothing is tuned.
  func stepsizes(in environment: Environment) throws(Diagnostic) -> [Double]? {
    let listed = lists.first { $0.name.text == Self.stepsize }
    if let listed, stepsizes != nil { throw Diagnostic(.stepsizesTwice, at: listed.name) }
    let place: Place
    let list: [Value]
    if let stepsizes {
      (list, place) = (Array(stepsizes.value), stepsizes.place)
    } else if let listed {
      let values = try ListExpression(parsing: listed.list).values(in: environment)
      guard values.count <= SweepAxis.mostPoints else {
        throw Diagnostic(.listTooLong(SweepAxis.mostPoints), at: listed.list)
      }
      (list, place) = (Array(values), listed.list)
    } else {
      return isThere ? Tuning.grid : nil
    }
    guard (1...SweepAxis.mostPoints).contains(list.count) else {
      throw Diagnostic(.stepsizeCount(list.count, limit: SweepAxis.mostPoints), at: place)
    }
    var stepsizes: [Double] = []
    for value in list {
      guard case .number(let stepsize) = value, stepsize > 0, stepsize < .infinity else {
        throw Diagnostic(.badStepsize(value.printed), at: place)
      }
      stepsizes.append(stepsize)
    }
    return stepsizes.sorted(by: >)
  }
}

/// Looks for the best stepsize of each method, and the best of some of its keys.
struct StepsizeSearch {
  let workspace: Workspace
  /// Large ones first.
  let stepsizes: [Double]
  let seeds: [UInt64]
  let until: StopArguments
  let tuning: TuningArguments

  /// How many stepsizes are tried beyond the largest or smallest one, where that is the best.
  private static let extensionCount = 5

  /// A key that is tuned together with the stepsize, with its values.
  private struct TunedKey {
    let name: String
    /// As it was written, which is its name in reports.
    let title: String
    let list: Place
    let values: [BoundValue]
    let labels: [Cell]
  }

  /// A stepsize and a choice among the values of each key.
  private struct Candidate: Hashable {
    let stepsize: Double
    let choices: [Int]
  }

  /// What is tuned of a method.
  private struct Grid {
    let method: NamedMethod
    let keys: [TunedKey]
    var candidates: [Candidate] = []
    /// One for each candidate, once they are configured.
    var experiments: [Experiment] = []
    /// Those that cannot run, and why.
    var refused: [(candidate: Candidate, diagnostic: Diagnostic)] = []

    /// What a candidate has of the keys that are tuned.
    func labels(of candidate: Candidate) -> [SweepReport.Label] {
      zip(keys, candidate.choices).map { ($0.title, $0.labels[$1]) }
    }
  }

  /// Each method with its best stepsize, and the best of the keys in the lists of `tune(…)`, and why others
  /// cannot run; throws where none can.
  func best(
    of methods: [NamedMethod]
  ) throws(Diagnostic) -> (rows: [Comparison.Row], refusals: [Refusal]) {
    let world = workspace.world
    try checkLists(methods)
    var grids: [Grid] = []
    for method in methods { grids.append(try grid(of: method)) }
    for index in grids.indices { try configure(&grids[index]) }
    try workspace.check(until, of: grids.flatMap(\.experiments), seeds)
    let choices = try choose(&grids)
    let refusals = try refusals(of: grids)
    var rows: [(grid: Int, row: Comparison.Row, candidate: Candidate)] = choices.map {
      ($0.method, $0.row, grids[$0.method].candidates[$0.candidate])
    }
    let isExtended = !workspace.options.isGridFixed && !tuning.isGridFixed && stepsizes.count > 1
    let edges = [stepsizes.first, stepsizes.last]
    // A method that has made no update has no best stepsize.
    let atEdge = rows.indices.filter {
      edges.contains(rows[$0].candidate.stepsize) && !rows[$0].row.gamma.isNaN
    }
    var tried = [(largest: Double, smallest: Double)](
      repeating: (stepsizes.first ?? .nan, stepsizes.last ?? .nan), count: grids.count)
    if isExtended, !atEdge.isEmpty, !world.interrupted() {
      var extended: [Grid] = []
      for index in atEdge {
        let winner = rows[index].candidate
        var grid = grids[rows[index].grid]
        // Where all diverge there may be smaller ones that do not.
        let isLost = rows[index].row.runs.allSatisfy { $0.statistics.stopped == .diverged }
        let edge = isLost ? stepsizes[stepsizes.count - 1] : winner.stepsize
        let more = beyond(edge)
        // Large ones first; the winner of the first grid is tried again, for those beyond it to beat.
        grid.candidates = ([winner.stepsize] + more).sorted(by: >).map {
          Candidate(stepsize: $0, choices: winner.choices)
        }
        tried[rows[index].grid].largest = max(stepsizes[0], more.max() ?? 0)
        tried[rows[index].grid].smallest = min(stepsizes[stepsizes.count - 1], more.min() ?? .infinity)
        try configure(&grid)
        extended.append(grid)
      }
      for choice in try choose(&extended) {
        let index = atEdge[choice.method]
        (rows[index].row, rows[index].candidate) = (
          choice.row, extended[choice.method].candidates[choice.candidate]
        )
      }
    }
    if !world.interrupted() {
      for (grid, row, candidate) in rows where stepsizes.count > 1 && !row.gamma.isNaN {
        warn(of: grids[grid].method, candidate, tried[grid])
      }
      for (grid, _, candidate) in rows { warnOfKeys(grids[grid], candidate) }
    }
    let named = rows.map { grid, row, candidate in
      var row = row
      row.label = grids[grid].method.label
      row.tuned = grids[grid].labels(of: candidate)
      return row
    }
    return (named, refusals)
  }

  /// Stepsizes beyond the first or last one, as far apart as there.
  private func beyond(_ edge: Double) -> [Double] {
    let last = stepsizes.count - 1
    let ratio = edge == stepsizes[0] ? edge / stepsizes[1] : edge / stepsizes[last - 1]
    var more: [Double] = []
    var next = edge
    for _ in 0..<Self.extensionCount {
      next *= ratio
      if next > 0, next < .infinity, ratio != 1 { more.append(next) }
    }
    return more
  }

  /// Throws where a key in the lists is no method's, or is there twice.
  private func checkLists(_ methods: [NamedMethod]) throws(Diagnostic) {
    var seen: Set<String> = []
    let known = methods.flatMap { keys(of: $0) }
    for varied in tuning.lists {
      let name = varied.name.text
      guard let key = known.named(name) else {
        throw Diagnostic(.noKeyToTune(name, among: known.map(\.name)), at: varied.name)
      }
      guard seen.insert(key.name).inserted else { throw Diagnostic(.tunedTwice(name), at: varied.name) }
    }
  }

  private func keys(of method: NamedMethod) -> [CommandKey] {
    (workspace.catalogue.method(method.name)?.keys ?? []).map { CommandKey($0) }
  }

  private func grid(of method: NamedMethod) throws(Diagnostic) -> Grid {
    let given = method.written?.arguments.keyed.first { $0.name == TuningArguments.stepsize }?.value
    if let given, case .stepsize = given.value {
      throw Diagnostic(.expressionIsTuned(method.title), at: given.place)
    }
    let own = keys(of: method)
    var keys: [TunedKey] = []
    var count = stepsizes.count
    for varied in tuning.keys {
      let title = varied.name.text
      guard let key = own.named(title) else { continue }
      let values = try workspace.values(varied.list, key.called(title))
      guard !values.isEmpty else { throw Diagnostic(.emptyList(title), at: varied.list) }
      let labels = values.map { $0.label(in: workspace.variables.environment) }
      keys.append(TunedKey(name: key.name, title: title, list: varied.list, values: values, labels: labels))
      let (product, overflow) = count.multipliedReportingOverflow(by: values.count)
      guard !overflow, product <= SweepAxis.mostPoints else {
        throw Diagnostic(.gridTooLarge(SweepAxis.mostPoints, "tune less at a time"), at: varied.name)
      }
      count = product
    }
    var grid = Grid(method: method, keys: keys)
    for stepsize in stepsizes {
      for index in 0..<count / stepsizes.count {
        var (rest, choices) = (index, [Int]())
        for key in keys.reversed() {
          choices.append(rest % key.values.count)
          rest /= key.values.count
        }
        grid.candidates.append(Candidate(stepsize: stepsize, choices: choices.reversed()))
      }
    }
    return grid
  }

  /// Gives each candidate of `grid` an experiment. A method that has none is refused; throws where a value of
  /// a list is invalid.
  private func configure(_ grid: inout Grid) throws(Diagnostic) {
    let (name, place) = (grid.method.name, tuning.place ?? workspace.place)
    let candidates = grid.candidates
    (grid.candidates, grid.experiments, grid.refused) = ([], [], [])
    for candidate in candidates {
      var configuration = workspace.configuration
      configuration.methods[name] = grid.method.written
      for (key, choice) in zip(grid.keys, candidate.choices) {
        configuration.set(key.name, as: key.title, of: name, to: key.values[choice])
      }
      let stepsize = BoundValue(.number(candidate.stepsize), at: place)
      configuration.set(TuningArguments.stepsize, of: name, to: stepsize)
      do throws(Diagnostic) {
        grid.experiments.append(try workspace.experiment(method: name, in: configuration))
        grid.candidates.append(candidate)
      } catch {
        guard grid.keys.isEmpty else { throw error }
        grid.refused.append((candidate, error))
      }
    }
  }

  /// The best candidate of each of `grids`, which learn which of theirs cannot run.
  private func choose(_ grids: inout [Grid]) throws(Diagnostic) -> [Tuning.Choice] {
    var search = Tuning(
      grids.map(\.experiments), until: until.stop, or: until.conditions.map(\.value), seeds: seeds,
      threads: workspace.options.threads)
    search.crew = workspace.world.crew
    let (world, ranks) = (workspace.world, workspace.ranksAtWork)
    let board = ProgressBoard(workspace.output)
    defer { workspace.output.progress(nil) }
    do throws(Sweep.Failure) {
      let (choices, refusals) = try search.run(
        progress: { finished, count in
          board.show(
            Progress(what: "tune \(finished)/\(count)\(ranks)", fraction: Double(finished) / Double(count)))
        }, interrupted: world.interrupted, clock: world.clock)
      for refusal in refusals {
        let candidate = grids[refusal.method].candidates[refusal.candidate]
        let diagnostic = workspace.blamed(refusal.error, in: workspace.configuration)
        grids[refusal.method].refused.append((candidate, diagnostic))
      }
      return choices
    } catch { throw workspace.blamed(error.error, in: workspace.configuration) }
  }

  /// Why methods cannot run of which nothing can, and throws where that is all of them; of others it says
  /// which of their settings cannot.
  private func refusals(of grids: [Grid]) throws(Diagnostic) -> [Refusal] {
    var refusals: [Refusal] = []
    for grid in grids {
      guard let first = grid.refused.first else { continue }
      let count = Set(grid.refused.map(\.candidate)).count
      let all = Set(grid.candidates).union(grid.refused.map(\.candidate)).count
      if count == all {
        refusals.append(Refusal(grid.method, first.diagnostic))
      } else {
        workspace.diagnose(
          Diagnostic(
            .settingsCannotRun(
              count, of: all, grid.method.title, first: grid.labels(of: first.candidate).words,
              first.diagnostic.message, first.diagnostic.remedy), at: workspace.place, severity: .warning))
      }
    }
    if refusals.count == grids.count, let first = refusals.first { throw first.diagnostic }
    return refusals
  }

  // MARK: - What lies at an edge

  /// Says so where the best stepsize is at an end of those that were tried, or beyond those that were asked
  /// for.
  private func warn(
    of method: NamedMethod, _ candidate: Candidate, _ tried: (largest: Double, smallest: Double)
  ) {
    let place = tuning.place ?? workspace.place
    let stepsize = candidate.stepsize
    let text = NumberFormat.text(stepsize)
    if stepsize == tried.largest || stepsize == tried.smallest {
      workspace.diagnose(
        Diagnostic(
          .stepsizeAtEdge(text, of: method.title, isLargest: stepsize == tried.largest), at: place,
          severity: .warning))
    } else if stepsize > stepsizes[0] || stepsize < stepsizes[stepsizes.count - 1] {
      let edge = stepsize > stepsizes[0] ? stepsizes[0] : stepsizes[stepsizes.count - 1]
      workspace.diagnose(
        Diagnostic(
          .stepsizeBeyondGrid(text, of: method.title, edge: NumberFormat.text(edge)), at: place,
          severity: .note))
    }
  }

  /// Says so where the best value of a key is the largest or smallest of its list.
  private func warnOfKeys(_ grid: Grid, _ candidate: Candidate) {
    for (key, choice) in zip(grid.keys, candidate.choices) {
      let numbers = key.labels.compactMap(\.json.number)
      guard numbers.count == key.labels.count, Set(numbers).count > 1 else { continue }
      let best = numbers[choice]
      guard best == numbers.max() || best == numbers.min() else { continue }
      workspace.diagnose(
        Diagnostic(
          .keyAtEdge(
            key.title, NumberFormat.text(best), of: grid.method.title, isLargest: best == numbers.max()),
          at: key.list, severity: .note))
    }
  }
}
