// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

/// Takes the configuration and the run over from a file.
struct RestoreCommand: Command {
  static let name = "restore"
  static let usage = "restore FILE"
  static let summary = "the configuration and state of a run from a file"
  static let details = """
    What follows is bit-identical to not having stopped. The events are gone through again, without \
    gradients. Where the file cannot be restored, everything stays as it was.
    """

  private var file = Given("")

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, "what checkpoint wrote")
  }

  /// Configures another session as the file says, brings its run to where the checkpoint was taken, and takes
  /// both over.
  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let checkpoint = try checkpoint()
    for line in checkpoint.configuration where !Self.configures(line, workspace.language.table) {
      throw Diagnostic(.notConfiguring(line, file: file.value), at: file.place)
    }
    for file in checkpoint.files where FileContent(of: file.path) != file {
      throw Diagnostic(.otherContent(file.path, ofCheckpoint: self.file.value), at: self.file.place)
    }
    let complaints = Complaints()
    let other = Workspace(
      language: workspace.language, output: complaints, options: Options(), world: workspace.world,
      catalogue: workspace.catalogue)
    let text = SourceText(name: file.value, checkpoint.configuration.joined(separator: "\n"))
    let outcome = workspace.language.execute(text, abbreviated: false, in: other)
    if outcome == .interrupted { return .interrupted }
    guard outcome == .done else {
      let first = complaints.diagnostics.first
      throw Diagnostic(.badConfiguration(file.value, first?.message, first?.remedy), at: file.place)
    }
    other.current.log = workspace.current.log
    other.statement = StatementAtHand(place: workspace.statement.place, command: file.place)
    let run = try other.theRun()
    run.onLog = nil
    guard try bring(run, to: checkpoint, workspace) else { return .interrupted }
    workspace.configuration = other.configuration
    workspace.current.run = run
    workspace.current.attachLog(to: run, names: workspace.configuration.names)
    workspace.current.command = "run updates=\(run.iteration)"
    workspace.results.latest = .run
    workspace.remember(run.statistics)
    return .done
  }

  private func checkpoint() throws(Diagnostic) -> Checkpoint {
    let bytes: [UInt8]
    do throws(DataError) { bytes = try StragglerData.Files.read(file.value) } catch {
      throw Diagnostic(error, at: file.place)
    }
    do throws(LabError) { return try Checkpoint(bytes) } catch {
      throw Diagnostic(error, ofFile: file.value, at: file.place)
    }
  }

  /// Goes through the run's events again; false where the user has asked to stop.
  private func bring(
    _ run: Run, to checkpoint: Checkpoint, _ workspace: Workspace
  ) throws(Diagnostic) -> Bool {
    defer { workspace.output.progress(nil) }
    do throws(LabError) {
      return try run.restore(
        checkpoint, progress: { workspace.progress("restore", $0) }, interrupted: workspace.world.interrupted)
    } catch { throw Diagnostic(error, ofFile: file.value, at: file.place) }
  }

  private static let configuring: [any Command.Type] = [
    ProblemCommand.self, WorkersCommand.self, TopologyCommand.self, MethodCommand.self, TargetCommand.self,
    SeedCommand.self, TraceCommand.self,
  ]

  /// Whether a line is one command that configures, from its beginning to its end: a file from elsewhere may
  /// do nothing else.
  private static func configures(_ line: String, _ table: CommandTable) -> Bool {
    let text = SourceText(name: "", line)
    var parser = table.parser(of: text)
    guard let statement = try? parser.next(), statement.place.range == text.all.range else { return false }
    return configuring.contains { $0.name == statement.name.text }
  }
}

/// An output that keeps what went wrong.
private final class Complaints: Output {
  private(set) var diagnostics: [Diagnostic] = []

  func write(_ text: String) throws(OutputClosed) {}
  func diagnose(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
  func progress(_ progress: Progress?) {}
}
