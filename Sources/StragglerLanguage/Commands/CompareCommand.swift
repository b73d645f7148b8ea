// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Runs several methods on the same random numbers.
struct CompareCommand: Command {
  static let name = "compare"
  static let usage = "compare NAME… [STOP…] [seeds=K] [tune | tune(KEY in LIST, …)] [fixed-grid]"
  static let summary = "several methods on the same problem, fleet and seeds"
  static let details = """
    Conditions are those of `run`. A table shows the mean over the seeds, with the smallest and largest \
    value. Where a condition was not met the time is `inf`, shown as `> T`, and `end` is that of the last \
    event. Methods are compared on common random numbers. A NAME in quotes has keys of its own, besides \
    those of `method`: several settings of one method are compared in `compare "asgrad order=pure" \
    "asgrad order=shuffled label=shuffled"`, under the text or its label=. With `tune` each method runs \
    with the stepsize whose seeds meet a condition soonest in simulated time, on average; if not all seeds \
    of any stepsize meet one, with that where most do; without a condition, or where nothing is met, with \
    that whose last gap (or loss) is least. Then `gamma` is that stepsize, and a method's own `gamma=` \
    does not count. `tune(batch in [1,4,16])` tunes those keys that a method has together with its \
    stepsize, over all combinations; a list for gamma gives the stepsizes. Where the best stepsize is \
    the largest or the smallest, five more beyond it are tried, unless `fixed-grid` is given; a note says \
    what is best at an edge. A method that cannot run is listed below the table, with the reason. \
    Afterwards the numbers of each method are variables, and so is what was tuned: `rennala_time`, \
    `asgd_adaptive_gamma`, `rennala_batch`. Characters of a label that names cannot have become _: \
    `asgrad_order_pure_time`.
    """

  private var methods: [Given<MethodSetting>] = []
  private var until = StopArguments()
  private var seeds = SeedArguments()
  private var tuning = TuningArguments()

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameters(
      "NAME", &methods, .setting(of: MethodCommand.description), "a method, in quotes with keys of its own",
      isRequired: true)
    until.arguments(&arguments)
    seeds.arguments(&arguments)
    tuning.arguments(&arguments)
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let stop = try until.stop(for: Self.name, at: workspace.place)
    let methods = try workspace.named(methods)
    let seeds = seeds.seeds(from: workspace.configuration.seed)
    var rows: [Comparison.Row]
    var refusals: [Refusal] = []
    if let stepsizes = try tuning.stepsizes(in: workspace.variables.environment) {
      let search = StepsizeSearch(
        workspace: workspace, stepsizes: stepsizes, seeds: seeds, until: until, tuning: tuning)
      (rows, refusals) = try search.best(of: methods)
    } else {
      let runnable = try workspace.runnable(methods)
      refusals = runnable.refusals
      try workspace.check(until, of: runnable.experiments, seeds)
      rows = try compare(
        Comparison(
          runnable.experiments, until: stop, or: until.conditions.map(\.value), seeds: seeds,
          threads: workspace.options.threads),
        workspace)
      for (index, method) in runnable.methods.enumerated() { rows[index].label = method.label }
    }
    workspace.warn(of: rows)
    // After an interruption there may be nothing.
    if !rows.isEmpty { workspace.keep(.comparison(rows)) }
    let report = ComparisonReport(rows)
    workspace.keep(.table(report.table, note: report.notes.joined(separator: "\n")))
    for (row, numbers) in zip(rows, report.numbers) {
      let prefix = NamedMethod.variable(row.name) + "_"
      workspace.variables.keep(numbers.map { ($0, $1) }, prefix: prefix)
      for (name, cell) in row.tuned { workspace.variables.keep(prefix + name, cell.variable) }
    }
    try workspace.report(
      Self.name, rows: report.json,
      text: report.table.text(width: workspace.options.width) + report.notes.map { $0 + "\n" }.joined())
    try workspace.report(refusals, of: Self.name)
    return workspace.world.interrupted() ? .interrupted : .done
  }

  private func compare(
    _ comparison: Comparison, _ workspace: Workspace
  ) throws(Diagnostic) -> [Comparison.Row] {
    var comparison = comparison
    comparison.crew = workspace.world.crew
    let total = Double(comparison.experiments.count * comparison.seeds.count)
    let ranks = workspace.ranksAtWork
    let board = ProgressBoard(workspace.output)
    defer { workspace.output.progress(nil) }
    do throws(LabError) {
      return try comparison.run(
        interrupted: workspace.world.interrupted, clock: workspace.world.clock
      ) { finished in
        board.show(Progress(what: "compare\(ranks)", fraction: Double(finished) / total))
      }
    } catch { throw workspace.blamed(error, in: workspace.configuration) }
  }
}
