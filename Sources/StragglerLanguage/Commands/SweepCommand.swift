// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Runs the cross product of some keys' values, and says which point is best.
struct SweepCommand: Command {
  static let name = "sweep"
  static let usage = "sweep KEY in LIST [KEY in LIST…] [STOP…] [seeds=K] [resume=FILE]"
  static let summary = "all combinations of some keys' values, and which of them is best"
  static let details = """
    A KEY is one of the method, of the problem or of `workers` (in this order, or with `method.`, \
    `problem.` or `workers.` before it), or `method`, `workers` (how many), `epsilon`, or a variable that \
    the configuration mentions. A LIST is [a, b, …] or A..B [by C]. Conditions are those of `run`. The \
    best point is the one whose seeds meet a condition soonest in simulated time, on average; if not all \
    seeds of any point meet one, that where most do; without a condition, or where nothing is met, that \
    whose last gap (or loss) is least. Points that cannot run are listed below the table, with the reason. \
    Afterwards `best_KEY` are variables, and so are `best_time`, `best_gap`, `best_loss` and `best_reached` \
    of the best point. `save` writes the table, `plot` shows the eight best points. With \
    resume= every finished point goes to a file, and points that are in it are not run again; the \
    program's option --shard 2/8 runs every eighth point, and the files of all shards, one after the \
    other, resume to the whole. Results are the same bytes for any number of threads, and however often \
    the sweep was stopped; so `wall` is not known.
    """

  private var until = StopArguments()
  private var seeds = SeedArguments()
  private var lists: [VariedName] = []
  private var resume: Given<String>?
  private var prune: Given<Double>?

  mutating func arguments(_ arguments: inout Arguments) {
    until.arguments(&arguments)
    arguments.lists(&lists)
    seeds.arguments(&arguments)
    arguments.key("resume", &resume, .path, "a file that keeps finished points, and gives them back")
    arguments.key(
      "prune", &prune, .number,
      "gives up points sure to take more than so many times the best's simulated time; 1 or more",
      standard: "never")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let stop = try until.stop(for: Self.name, at: workspace.place)
    let axes = try workspace.axes(lists)
    guard let points = try points(axes, workspace) else { return .interrupted }
    var sweep = Sweep(
      points.experiments.map { Sweep.Point($0) }, until: stop, or: until.conditions.map(\.value),
      seeds: seeds.seeds(from: workspace.configuration.seed), threads: workspace.options.threads)
    sweep.crew = workspace.world.crew
    sweep.patience = try patience()
    sweep.shard = workspace.options.shard
    let journal = try journal(points.words, workspace)
    try findOptima(of: sweep, journal, points.labels, workspace)
    for index in points.firsts {
      try workspace.check(until, of: [points.experiments[index]], [], points.labels[index].words)
    }
    let all = try run(sweep, journal, points.labels, axes, workspace)
    let outcomes = all.filter { $0.refusal == nil }
    workspace.warn(of: outcomes.map(\.row))
    let report = SweepReport(outcomes, labels: points.labels)
    if !report.isEmpty { workspace.keep(.sweep(report)) }
    for label in report.best ?? [] {
      workspace.variables.keep("best_" + label.name.replacing(".", with: "_"), label.value.variable)
    }
    workspace.variables.keep(report.bestNumbers, prefix: "best_")
    let lines = report.notes + [report.summary]
    workspace.keep(.table(report.table, note: lines.joined(separator: "\n")))
    try workspace.report(
      Self.name, rows: report.json,
      text: report.table.text(width: workspace.options.width) + lines.joined(separator: "\n") + "\n")
    let refusals = all.compactMap { outcome in
      outcome.refusal.map { error in
        Refusal(
          point: points.labels[outcome.index], of: outcome.row.method,
          workspace.blamed(error, in: workspace.configuration))
      }
    }
    try workspace.report(refusals, of: Self.name)
    return workspace.world.interrupted() ? .interrupted : .done
  }

  /// The points of the grid.
  private struct Points {
    var experiments: [Experiment] = []
    var labels: [[SweepReport.Label]] = []
    /// Where results are kept, everything that they depend on.
    var words: [String] = []
    /// The first point of each problem, by which is known what its conditions can be about.
    var firsts: [Int] = []
  }

  /// The points of the grid; nil where the user has asked to stop.
  private func points(_ axes: [SweepAxis], _ workspace: Workspace) throws(Diagnostic) -> Points? {
    var points = Points()
    points.words = ["sweep 2"] + words
    var problems: Set<String> = []
    for index in 0..<axes.reduce(1, { $0 * $1.values.count }) {
      guard !workspace.world.interrupted() else { return nil }
      let values = SweepValue.values(of: index, axes)
      let configuration = try workspace.configuration(with: values)
      let method = try workspace.chosenMethod(in: configuration)
      points.experiments.append(try workspace.experiment(method: method, in: configuration))
      let labels = values.map {
        (name: $0.axis.name, value: $0.value.label(in: workspace.variables.environment))
      }
      points.labels.append(labels)
      // What is known depends on what the problem is.
      let own = zip(values, labels).filter { ![.methodKey, .method, .epsilon].contains($0.0.axis.target) }
      if problems.insert(own.map(\.1).words).inserted { points.firsts.append(index) }
      guard resume != nil else { continue }
      let commands = configuration.commands(of: .all) + workspace.notes(on: configuration)
      points.words.append(labels.words + "\n" + commands.joined(separator: "\n"))
    }
    return points
  }

  /// What results depend on besides the configuration of their points.
  private var words: [String] {
    let counts = [("seeds", seeds.count.map { Double($0.value) }), ("prune", prune?.value)]
    return until.words
      + counts.compactMap { name, number in number.map { "\(name)=\(NumberFormat.text($0))" } }
      + until.conditionWords
  }

  private func patience() throws(Diagnostic) -> Double? {
    guard let prune else { return nil }
    guard prune.value >= 1 else {
      throw Diagnostic(.badPatience(NumberFormat.text(prune.value)), at: prune.place)
    }
    return prune.value
  }

  /// The file that keeps finished points, if one is given. `words` say everything that the results depend on.
  private func journal(_ words: [String], _ workspace: Workspace) throws(Diagnostic) -> SweepJournal? {
    guard let resume else { return nil }
    return try workspace.onFirstRank(at: resume.place) { () throws(LabError) in
      try SweepJournal(
        resume.value, configuration: words.joined(separator: "\n"), clock: workspace.world.clock)
    }
  }

  /// Searches for f* of all points that are left to run, where their problems need that.
  private func findOptima(
    of sweep: Sweep, _ journal: SweepJournal?, _ labels: [[SweepReport.Label]], _ workspace: Workspace
  ) throws(Diagnostic) {
    defer { workspace.output.progress(nil) }
    let isFound: Bool
    do throws(Sweep.Failure) {
      isFound = try sweep.findOptima(
        journal: journal, progress: { workspace.progress("f*", $0) }, interrupted: workspace.world.interrupted
      )
    } catch { throw diagnostic(error, labels, workspace) }
    guard isFound else { throw workspace.stoppedSearching() }
  }

  private func run(
    _ sweep: Sweep, _ journal: SweepJournal?, _ labels: [[SweepReport.Label]], _ axes: [SweepAxis],
    _ workspace: Workspace
  ) throws(Diagnostic) -> [Sweep.Outcome] {
    let board = ProgressBoard(workspace.output)
    defer { workspace.output.progress(nil) }
    do throws(Sweep.Failure) {
      return try sweep.run(
        journal: journal,
        progress: { [ranks = workspace.ranksAtWork] finished, count in
          board.show(
            Progress(
              what: "sweep \(finished)/\(count)\(ranks)", fraction: Double(finished) / Double(max(1, count))))
        }, interrupted: workspace.world.interrupted)
    } catch {
      var diagnostic = diagnostic(error, labels, workspace)
      if let axis = axes.first(where: { [$0.key, $0.spelling].contains(error.error.key) }) {
        diagnostic.place = axis.place
      }
      throw diagnostic
    }
  }

  private func diagnostic(
    _ failure: Sweep.Failure, _ labels: [[SweepReport.Label]], _ workspace: Workspace
  ) -> Diagnostic {
    workspace.blamed(failure.error, in: workspace.configuration)
      .specified(by: failure.index.map { labels[$0].words })
  }
}
