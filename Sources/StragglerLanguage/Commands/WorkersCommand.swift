// SPDX-License-Identifier: Apache-2.0

/// Makes a fleet, or changes a part of it.
struct WorkersCommand: Command {
  static let name = "workers"
  static let usage = "workers N key=value… | workers A..B key=value… | workers [N] \"FILE\" key=value…"
  static let summary = "a fleet of N workers, or changes to workers A to B"
  static let details = """
    A job of worker i takes tau + delay seconds: a sure part and a random one. In all values, and in the \
    parameters of a distribution, `i` is the worker's index from 1 and `n` the number of workers: \
    `tau=sqrt(i)`. With speed= and available= τ and η are seconds of work, done as fast as the worker is \
    at each time; `help speeds` has the forms. A table has a row for every worker, with columns named as the \
    keys; or N workers are drawn from its rows. `draw(LAW)` in a value is a number drawn once for each \
    worker, and `column("FILE","TITLE")` is what a table has for it. The run starts again from iteration 0.
    """

  private var change = FleetChange()
  private var given = BoundArguments.none

  mutating func arguments(_ arguments: inout Arguments) {
    change.arguments(&arguments)
    arguments.all(&given)
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    var next = workspace.configuration
    next.speedNotes = []
    let readings = try change.apply(
      Written(given, in: workspace.variables.environment), to: &next, workspace.catalogue)
    // The first workers make times of links known that depend on the nodes.
    if workspace.configuration.workers.isEmpty, next.links == nil, let topology = next.topology {
      try TopologyPlan.of(topology).checkTimes(in: next)
    }
    workspace.configuration = next
    workspace.configurationChanged()
    try workspace.report(readings, of: Self.name)
    for note in next.speedNotes {
      workspace.diagnose(Diagnostic(note, at: workspace.place, severity: .note))
    }
    return .done
  }
}
