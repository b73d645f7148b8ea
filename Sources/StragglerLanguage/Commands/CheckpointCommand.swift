// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Writes the state of the run, with the commands that configure it.
struct CheckpointCommand: Command {
  static let name = "checkpoint"
  static let usage = "checkpoint FILE"
  static let summary = "the whole state of a run to a file"
  static let details = """
    The configuration, the trace and the vectors; files that the configuration names are not in it, but \
    their sizes and hashes are, and `restore` refuses others. The file is written whole or not at all.
    """

  private var file = Given("")

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, "where to")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let run = try workspace.theRun()
    let configuration = workspace.configuration
    var checkpoint: Checkpoint
    do throws(LabError) {
      checkpoint = try run.checkpoint(
        configuration: configuration.otherMethods + configuration.commands(of: .all))
    } catch { throw Diagnostic(error, at: workspace.place) }
    checkpoint.files = workspace.contents(of: configuration)
    try workspace.write(checkpoint.bytes, to: file)
    return .done
  }
}
