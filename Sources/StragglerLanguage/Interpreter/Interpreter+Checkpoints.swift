internal import StragglerData
internal import StragglerLab

extension Interpreter {
  /// Writes the state of the run, with the commands that configure it.
  func checkpoint(_ arguments: BoundArguments) throws -> Outcome {
    guard let file = arguments["FILE"], let path = file.word else { return .failed }
    let run = try theRun(at: arguments.place)
    let others = configuration.methods.filter { $0.key != configuration.method }
    let commands = others.sorted { $0.key < $1.key }.map { Self.text($0.value) } + commands(of: "all")
    do {
      try StragglerData.Files.write(try run.checkpoint(configuration: commands).bytes, to: path)
    } catch let error as LabError {
      throw diagnostic(error, at: arguments.place)
    } catch let error as DataError { throw Self.diagnostic(error, at: file.place) }
    return .done
  }

  private static let configuring: Set = [
    "problem", "workers", "topology", "method", "target", "seed", "trace",
  ]

  /// Whether a line is one command that configures, from its beginning to its end: a file from elsewhere may
  /// do nothing else.
  private static func configures(_ line: String) -> Bool {
    let text = SourceText(name: "", line)
    var parser = ScriptParser(text)
    guard let statement = try? parser.next(), statement.place.range == text.all.range,
      case .command(let invocation) = statement.kind
    else { return false }
    return configuring.contains(invocation.name.text)
  }

  /// Configures another session as the file says, brings its run to where the checkpoint was taken, and takes
  /// both over.
  func restore(_ arguments: BoundArguments) throws -> Outcome {
    guard let file = arguments["FILE"], let path = file.word else { return .failed }
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint(try StragglerData.Files.read(path)) } catch let error as LabError {
      throw Diagnostic("\(path): \(error.message)", remedy: error.remedy, at: file.place)
    } catch let error as DataError { throw Self.diagnostic(error, at: file.place) }

    for line in checkpoint.configuration where !Self.configures(line) {
      throw Diagnostic(
        "\(path): '\(line)' is not one command that configures", remedy: "checkpoint FILE makes a new one",
        at: file.place)
    }
    let messages = Messages()
    let other = Interpreter(output: messages, world: world, catalogue: catalogue)
    let outcome = other.execute(
      SourceText(name: path, checkpoint.configuration.joined(separator: "\n")))
    if outcome == .interrupted { return .interrupted }
    guard outcome == .done else {
      throw Diagnostic(
        "\(path): \(messages.diagnostics.first?.message ?? "its configuration cannot be made again")",
        remedy: messages.diagnostics.first?.remedy, at: file.place)
    }
    defer { output.progress(nil) }
    other.log = log
    let run = try other.theRun(at: file.place)
    run.onLog = nil
    let isThere: Bool
    do throws(LabError) {
      isThere = try run.restore(checkpoint, interrupted: world.interrupted) { fraction in
        output.progress(Progress(what: "restore", fraction: fraction))
      }
    } catch { throw Diagnostic("\(path): \(error.message)", remedy: error.remedy, at: file.place) }
    guard isThere else { return .interrupted }
    attachLog(to: run)
    (configuration, current, latest) = (other.configuration, run, .run)
    lastRun = "run steps=\(run.iteration)"
    remember(run.statistics)
    return .done
  }
}

/// An output that keeps what went wrong.
private final class Messages: Output {
  private(set) var diagnostics: [Diagnostic] = []

  func write(_ text: String) throws(OutputClosed) {}
  func diagnose(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
  func progress(_ progress: Progress?) {}
}
