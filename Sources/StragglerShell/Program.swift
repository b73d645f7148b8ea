// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerLanguage

/// The program from its arguments to its exit status.
struct Program {
  let catalogue: Catalogue

  func run(_ words: [String]) -> ExitStatus {
    let errors = StandardStream(2)
    let arguments: Arguments
    do throws(Arguments.Misuse) { arguments = try Arguments(words) } catch {
      errors.write(
        "straggler: \(TerminalSafety.line("\(error.message); \(error.remedy)"))\n\(Usage.synopsis)\n")
      return .usage
    }
    if let printed = arguments.printed {
      let output = StandardStream(1)
      output.write(Usage.text(printed))
      return status(.success, after: output, errors)
    }
    return run(arguments)
  }

  private func run(_ arguments: Arguments) -> ExitStatus {
    if let level = arguments.simdLevel { SIMDLevel.select(level) }
    if arguments.isOverRanks { return runOverRanks(arguments) }
    let isInteractive = arguments.source == .unspecified && System.isTerminal(0) && !arguments.isServing
    Interruption.install(endsAtSecond: !isInteractive && !arguments.isServing, redraws: isInteractive)

    let hasBar = System.isTerminal(2) && !System.hasDumbTerminal
    let bar = ProgressBar(descriptor: 2, form: arguments.isQuiet ? .none : hasBar ? .bar : .lines)
    let (output, errors) = (StandardStream(1, bar: bar), StandardStream(2, bar: bar))
    let history = History(path: isInteractive ? History.standardPath(System.environment) : nil) {
      errors.write("straggler: warning: \(TerminalSafety.line($0))\n")
    }
    let style = Style(
      allowsColor: arguments.allowsColor, isJSON: arguments.isJSON || arguments.isServing, output: output,
      errors: errors)
    let session = Session(
      arguments, catalogue, output: output, errors: errors, bar: bar, style: style,
      isInteractive: isInteractive, history: { history.lines })
    let runner = ScriptRunner(session: session)
    let result: ExitStatus =
      switch arguments.source {
      case .commands(let text): runner.run(commands: text)
      case .file(let path): runner.run(file: path)
      case .standardInput: runner.runStandardInput()
      case .unspecified:
        isInteractive ? converse(session, history, arguments) : runner.runStandardInput()
      }
    bar.finish()
    return status(result, after: output, errors)
  }

  /// The interactive session.
  private func converse(
    _ session: Session, _ history: History, _ arguments: Arguments
  ) -> ExitStatus {
    // Standard output may be a file, or carry JSON and nothing else.
    let terminal = session.output.isTerminal && !arguments.isJSON ? session.output : session.errors
    if !arguments.isQuiet { terminal.write(Usage.greeting) }
    let prompt = makePrompt(session, history, terminal)
    return PromptLoop(session: session, prompt: prompt, terminal: terminal, history: history).run()
  }

  private func makePrompt(
    _ session: Session, _ history: History, _ terminal: StandardStream
  ) -> any Prompt {
    #if LineEditing
      if terminal.isTerminal, !System.hasDumbTerminal {
        System.adoptCharacters()
        let editor = LineEditor(terminal: terminal, history: history.lines, complete: session.completion)
        if let editor { return editor }
      }
    #endif
    return PlainPrompt(output: terminal)
  }

  /// The status, unless the output could not be written. A pipe whose reader is gone, as with `head`,
  /// is no reason for a message.
  func status(
    _ status: ExitStatus, after output: StandardStream, _ errors: StandardStream
  ) -> ExitStatus {
    if let ending = Interruption.status { return ending }
    guard let failure = output.failure else { return status }
    if !failure.isBrokenPipe {
      errors.write("straggler: standard output cannot be written: \(failure.description)\n")
    }
    return .failure
  }
}
