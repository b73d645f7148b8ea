import StragglerData
import StragglerLanguage

/// The session of a program: the one place that knows which interpreter there is.
func makeSession(_ host: Host) -> any CommandSession { InterpreterSession(host) }

/// The interpreter, with the terminal for its world.
final class InterpreterSession: CommandSession {
  private let host: Host
  private let interpreter: Interpreter

  init(_ host: Host) {
    self.host = host
    var options = Options()
    options.isJSON = host.isJSON
    options.isQuiet = host.isQuiet
    options.keepsGoing = host.keepsGoing
    options.threads = host.threads
    options.width = host.columns
    options.isColored = host.colorsOutput
    interpreter = Interpreter(
      output: HostOutput(host), options: options,
      world: World(
        clock: { System.seconds }, interrupted: { [output = host.output] in Interruption.isRequested || output.isBroken },
        history: host.history))
    for (index, argument) in host.scriptArguments.enumerated() {
      let number = NumberFormat.number(argument)
      interpreter.set("arg\(index + 1)", to: number.map { .number($0) } ?? .text(argument))
    }
  }

  func execute(_ text: [UInt8], source: String, firstLine: Int) -> Outcome {
    let source = SourceText(name: source, bytes: text, firstLine: firstLine)
    let outcome = interpreter.execute(source, abbreviated: host.isInteractive)
    return Outcome(status: ExitStatus(rawValue: outcome.status) ?? .failure, quits: outcome == .quit)
  }

  func needsMore(_ text: [UInt8]) -> Bool {
    let line = text.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
    return ScriptParser.needsMore(String(decoding: line, as: UTF8.self))
  }

  func completion(of text: String, cursor: Int) -> Completion {
    Completer(
      catalogue: interpreter.catalogue, environment: interpreter.environment,
      files: { Folder.paths(beginningWith: $0) }
    ).completion(of: text, cursor: cursor)
  }
}

/// Reports to the standard streams.
private final class HostOutput: Output {
  private let host: Host

  init(_ host: Host) { self.host = host }

  func write(_ text: String) throws(OutputClosed) {
    host.output.write(text)
    if host.output.isBroken { throw OutputClosed() }
  }

  func diagnose(_ diagnostic: Diagnostic) {
    // Whoever closed the output has read enough: nothing needs to be said.
    guard !host.output.isBroken else { return }
    host.errors.write(diagnostic.rendered + "\n")
  }

  func progress(_ progress: StragglerLanguage.Progress?) {
    if let progress { host.progress.update(progress.fraction, progress.what) } else { host.progress.finish() }
  }
}
