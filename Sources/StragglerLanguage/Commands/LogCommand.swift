// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

/// Writes every event from now on to a file.
struct LogCommand: Command {
  static let name = "log"
  static let usage = "log FILE.csv"
  static let summary = "every event of a run to a file, from now on"
  static let details = """
    The columns are time,event,worker,job,version,delay,iteration,name; an event is one of assign, arrive, \
    use, discard, clip, cancel, update. The name is the worker's, where a table of workers or a record has \
    one.
    """

  private var file = Given("")

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, "a name that ends in .csv")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    do throws(DataError) {
      let sink = try EventSink(workspace.writes ? file.value : "/dev/null")
      try workspace.current.log?.finish()
      workspace.current.log = sink
    } catch { throw Diagnostic(error, at: file.place) }
    guard let old = workspace.current.run, let method = workspace.configuration.method else { return .done }
    // A run that keeps no log has no room for one: the same run is made anew, with room.
    var experiment = try workspace.experiment(method: method)
    experiment.isLogging = true
    let run = try workspace.start(experiment)
    run.catchUp(with: old)
    workspace.current.attachLog(to: run, names: workspace.configuration.names)
    workspace.current.run = run
    return .done
  }
}
