internal import StragglerCore
internal import StragglerLab

extension Interpreter {
  /// How many stepsizes are tried beyond the largest or smallest one, where that is the best.
  private static let extensionCount = 5

  /// The stepsizes that `tune` is to try, large ones first (see `Tuning.grid`); nil without it.
  func stepsizes(_ arguments: BoundArguments) throws(Diagnostic) -> [Double]? {
    let listed = arguments.lists.first { $0.name.text == "gamma" }
    let given = arguments["tune"]
    if let listed, given != nil {
      throw Diagnostic("the stepsizes are given twice", remedy: "leave tune= out", at: listed.name)
    }
    let place: Place
    let list: [Value]
    if let given, case .list(let values) = given.value {
      (list, place) = (Array(values), given.place)
    } else if let listed {
      let values = try ListExpression(parsing: listed.list).values(in: environment)
      guard values.count <= Self.mostPoints else {
        throw Diagnostic("the list has more than \(Self.mostPoints) values", at: listed.list)
      }
      (list, place) = (Array(values), listed.list)
    } else {
      return arguments.flags.contains("tune") ? Tuning.grid : nil
    }
    guard (1...Self.mostPoints).contains(list.count) else {
      throw Diagnostic(
        "there are \(list.count) stepsizes to tune", remedy: "give from 1 to \(Self.mostPoints)", at: place)
    }
    var stepsizes: [Double] = []
    for value in list {
      guard case .number(let stepsize) = value, stepsize > 0, stepsize < .infinity else {
        throw Diagnostic(
          "tune takes stepsizes, which are numbers above 0, not \(value.printed)", at: place)
      }
      stepsizes.append(stepsize)
    }
    return stepsizes.sorted(by: >)
  }

  /// A key that is tuned together with the stepsize, with its values.
  private struct TunedKey {
    let name: String
    let values: [BoundValue]
    let labels: [Cell]
  }

  /// A stepsize and a choice among the values of each key.
  private struct Candidate {
    let stepsize: Double
    let choices: [Int]
  }

  /// What is tuned of a method.
  private struct Grid {
    let method: NamedMethod
    let keys: [TunedKey]
    var candidates: [Candidate] = []
  }

  /// Each method with its best stepsize, and the best of the keys in the lists of `tune(…)`.
  func tune(
    _ methods: [NamedMethod], _ stepsizes: [Double], until stop: Stop, _ seeds: [UInt64],
    _ arguments: BoundArguments
  ) throws(Diagnostic) -> [Comparison.Row] {
    try checkLists(arguments, methods)
    var grids: [Grid] = []
    for method in methods { grids.append(try grid(of: method, stepsizes, arguments)) }
    let choices = try choose(grids, until: stop, seeds, arguments)
    var rows: [(grid: Int, row: Comparison.Row, candidate: Candidate)] = choices.map {
      ($0.method, $0.row, grids[$0.method].candidates[$0.candidate])
    }
    let isExtended = !options.isGridFixed && !arguments.flags.contains("fixed-grid") && stepsizes.count > 1
    let edges = [stepsizes.first, stepsizes.last]
    // A method that has made no update has no best stepsize.
    let atEdge = rows.indices.filter {
      edges.contains(rows[$0].candidate.stepsize) && !rows[$0].row.stepsize.isNaN
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
        let more = Self.beyond(stepsizes, from: edge)
        // Large ones first; the winner of the first grid is tried again, for those beyond it to beat.
        grid.candidates = ([winner.stepsize] + more).sorted(by: >).map {
          Candidate(stepsize: $0, choices: winner.choices)
        }
        tried[rows[index].grid].largest = max(stepsizes[0], more.max() ?? 0)
        tried[rows[index].grid].smallest = min(stepsizes[stepsizes.count - 1], more.min() ?? .infinity)
        extended.append(grid)
      }
      for choice in try choose(extended, until: stop, seeds, arguments) {
        let index = atEdge[choice.method]
        (rows[index].row, rows[index].candidate) = (
          choice.row, extended[choice.method].candidates[choice.candidate]
        )
      }
    }
    if !world.interrupted() {
      for (grid, row, candidate) in rows where stepsizes.count > 1 && !row.stepsize.isNaN {
        warn(of: grids[grid].method, row, candidate, tried[grid], stepsizes, arguments)
      }
      for (grid, _, candidate) in rows {
        warnOfKeys(grids[grid].method, grids[grid].keys, candidate, arguments)
      }
    }
    return rows.map { grid, row, candidate in
      var row = row
      row.label = grids[grid].method.label
      row.tuned = zip(grids[grid].keys, candidate.choices).map { ($0.name, $0.labels[$1]) }
      return row
    }
  }

  /// Stepsizes beyond the first or last of `stepsizes`, as far apart as there.
  private static func beyond(_ stepsizes: [Double], from edge: Double) -> [Double] {
    let last = stepsizes.count - 1
    let ratio = edge == stepsizes[0] ? edge / stepsizes[1] : edge / stepsizes[last - 1]
    var more: [Double] = []
    var next = edge
    for _ in 0..<extensionCount {
      next *= ratio
      if next > 0, next < .infinity, ratio != 1 { more.append(next) }
    }
    return more
  }

  /// Throws where a key in the lists is no method's, or is there twice.
  private func checkLists(_ arguments: BoundArguments, _ methods: [NamedMethod]) throws(Diagnostic) {
    var seen: Set<String> = []
    let known = methods.flatMap { catalogue.method($0.name)?.keys.map(\.name) ?? [] }
    for varied in arguments.lists {
      let name = varied.name.text
      guard known.contains(name) else {
        throw Diagnostic(
          "no method here has a key '\(name)' to tune",
          remedy: EditDistance.closest(to: name, among: known).map { "did you mean \($0)?" }, at: varied.name)
      }
      guard seen.insert(name).inserted else { throw Diagnostic("\(name) is tuned twice", at: varied.name) }
    }
  }

  private func grid(
    of method: NamedMethod, _ stepsizes: [Double], _ arguments: BoundArguments
  ) throws(Diagnostic) -> Grid {
    let own = catalogue.method(method.name)?.keys ?? []
    guard own.contains(where: { $0.name == "gamma" }) else {
      throw Diagnostic("\(method.name) has no stepsize to tune", at: arguments.place)
    }
    var keys: [TunedKey] = []
    var count = stepsizes.count
    for varied in arguments.lists where varied.name.text != "gamma" {
      guard let key = own.first(where: { $0.name == varied.name.text }) else { continue }
      let values = try values(varied.list, CommandKey(key))
      guard !values.isEmpty else {
        throw Diagnostic("the list for \(key.name) is empty", at: varied.list)
      }
      keys.append(TunedKey(name: key.name, values: values, labels: values.map(label)))
      let (product, overflow) = count.multipliedReportingOverflow(by: values.count)
      guard !overflow, product <= Self.mostPoints else {
        throw Diagnostic(
          "the grid has more than \(Self.mostPoints) points", remedy: "tune less at a time", at: varied.name)
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

  /// The best candidate of each grid.
  private func choose(
    _ grids: [Grid], until stop: Stop, _ seeds: [UInt64], _ arguments: BoundArguments
  ) throws(Diagnostic) -> [Tuning.Choice] {
    let written = configuration
    defer { configuration = written }
    let place = arguments["tune"]?.place ?? arguments.place
    var candidates: [[Experiment]] = []
    for grid in grids {
      let name = grid.method.name
      var experiments: [Experiment] = []
      for candidate in grid.candidates {
        configuration.methods[name] = grid.method.command
        for (key, choice) in zip(grid.keys, candidate.choices) {
          configuration.set(key.name, of: name, to: key.values[choice])
        }
        let stepsize = BoundValue(value: .number(candidate.stepsize), place: place)
        configuration.set("gamma", of: name, to: stepsize)
        experiments.append(try experiment(method: name, at: arguments.place))
      }
      candidates.append(experiments)
    }
    let tuning = Tuning(candidates, until: stop, seeds: seeds, threads: options.threads)
    let board = ProgressBoard(output)
    defer { output.progress(nil) }
    do {
      return try tuning.run(
        interrupted: world.interrupted, clock: world.clock,
        progress: { finished, count in
          board.show(Progress(what: "tune \(finished)/\(count)", fraction: Double(finished) / Double(count)))
        })
    } catch { throw blamed(error.error, at: arguments.place) }
  }
}

// MARK: - What lies at an edge

extension Interpreter {
  /// Says so where the best stepsize is at an end of those that were tried, or beyond those that were asked
  /// for.
  private func warn(
    of method: NamedMethod, _ row: Comparison.Row, _ candidate: Candidate,
    _ tried: (largest: Double, smallest: Double), _ stepsizes: [Double], _ arguments: BoundArguments
  ) {
    let place = arguments["tune"]?.place ?? arguments.place
    let (name, stepsize) = (method.label ?? method.name, candidate.stepsize)
    if stepsize == tried.largest || stepsize == tried.smallest {
      let kind = stepsize == tried.largest ? "largest" : "smallest"
      output.diagnose(
        Diagnostic(
          "the best stepsize of \(name) is the \(kind) that was tried, " + NumberFormat.text(stepsize),
          remedy: "one beyond it may be better: tune=[…] takes stepsizes of your own", at: place,
          severity: .warning))
    } else if stepsize > stepsizes[0] || stepsize < stepsizes[stepsizes.count - 1] {
      let edge = stepsize > stepsizes[0] ? stepsizes[0] : stepsizes[stepsizes.count - 1]
      output.diagnose(
        Diagnostic(
          "the best stepsize of \(name), \(NumberFormat.text(stepsize)), lies beyond the grid, which ended at "
            + "\(NumberFormat.text(edge)) and was extended", at: place, severity: .note))
    }
  }

  /// Says so where the best value of a key is the largest or smallest of its list.
  private func warnOfKeys(
    _ method: NamedMethod, _ keys: [TunedKey], _ candidate: Candidate, _ arguments: BoundArguments
  ) {
    for (key, choice) in zip(keys, candidate.choices) {
      let numbers = key.labels.compactMap(\.json.number)
      guard numbers.count == key.labels.count, Set(numbers).count > 1 else { continue }
      let best = numbers[choice]
      guard best == numbers.max() || best == numbers.min() else { continue }
      let kind = best == numbers.max() ? "largest" : "smallest"
      output.diagnose(
        Diagnostic(
          "the best \(key.name) of \(method.label ?? method.name) is the \(kind) of the list, "
            + NumberFormat.text(best), remedy: "one beyond it may be better",
          at: arguments.lists.first { $0.name.text == key.name }?.list ?? arguments.place, severity: .note))
    }
  }
}
