import StragglerCore

/// The program from its arguments to its exit status.
enum Program {
  static func run(_ words: [String]) -> ExitStatus {
    let errors = StandardStream(2)
    let arguments: Arguments
    do throws(Arguments.Misuse) { arguments = try Arguments(words) } catch {
      errors.write("straggler: \(error.message); \(error.remedy)\n\(Usage.synopsis)\n")
      return .usage
    }
    let output = StandardStream(1)
    if arguments.showsHelp || arguments.showsVersion {
      output.write(arguments.showsHelp ? Usage.help : Usage.version + "\n")
      return status(.success, after: output, errors)
    }
    return run(arguments)
  }

  private static func run(_ arguments: Arguments) -> ExitStatus {
    if let level = arguments.simdLevel { SIMDLevel.select(level) }
    let isInteractive = arguments.source == .unspecified && System.isTerminal(0)
    Interruption.install(isInteractive: isInteractive)

    let progress = Progress(descriptor: 2, isShown: System.isTerminal(2) && !arguments.isQuiet && !isDumb)
    let output = StandardStream(1, progress: progress)
    let errors = StandardStream(2, progress: progress)
    let history = History(path: isInteractive ? History.standardPath(System.environment) : nil) {
      errors.write("straggler: warning: \($0)\n")
    }
    let allowsColor = arguments.allowsColor && !isDumb && System.environment("NO_COLOR", "").isEmpty
    let host = Host(
      output: output, errors: errors, progress: progress, scriptArguments: arguments.scriptArguments,
      isInteractive: isInteractive, isJSON: arguments.isJSON, isQuiet: arguments.isQuiet,
      keepsGoing: arguments.keepsGoing, threads: arguments.threads ?? System.processors,
      colorsOutput: allowsColor && output.isTerminal && !arguments.isJSON,
      colorsErrors: allowsColor && errors.isTerminal, history: { history.lines })
    let session = makeSession(host)
    let runner = ScriptRunner(session: session, host: host)
    let result =
      switch arguments.source {
      case .commands(let text): runner.run(commands: text)
      case .file(let path): runner.run(file: path)
      case .standardInput: runner.runStandardInput()
      case .unspecified: isInteractive ? converse(session, history, host) : runner.runStandardInput()
      }
    progress.finish()
    return status(result, after: output, errors)
  }

  /// The interactive session.
  private static func converse(_ session: any CommandSession, _ history: History, _ host: Host) -> ExitStatus
  {
    // Standard output may be a file, or carry JSON and nothing else.
    let terminal = host.output.isTerminal && !host.isJSON ? host.output : host.errors
    let prompt = makePrompt(session, history, terminal)
    return PromptLoop(session: session, prompt: prompt, terminal: terminal, history: history, host: host)
      .run()
  }

  private static func makePrompt(
    _ session: any CommandSession, _ history: History, _ terminal: StandardStream
  ) -> any Prompt {
    #if LineEditing
      System.adoptCharacters()
      if !isDumb, terminal.isTerminal {
        let editor = LineEditor(terminal: terminal, history: history.lines) { text, cursor in
          session.completion(of: text, cursor: cursor)
        }
        if let editor { return editor }
      }
    #endif
    return PlainPrompt(output: terminal)
  }

  /// Whether the terminal can do nothing but print.
  private static var isDumb: Bool { ["", "dumb"].contains(System.environment("TERM", "")) }

  /// The status, unless the output could not be written. A pipe that nobody reads any more, as with `head`, is no
  /// reason for a message.
  private static func status(
    _ status: ExitStatus, after output: StandardStream, _ errors: StandardStream
  ) -> ExitStatus {
    guard let failure = output.failure else { return status }
    if !failure.isBrokenPipe {
      errors.write("straggler: standard output cannot be written: \(failure.description)\n")
    }
    return .failure
  }
}

extension System {
  fileprivate static func environment(_ name: String, _ standard: String) -> String {
    environment(name) ?? standard
  }
}
