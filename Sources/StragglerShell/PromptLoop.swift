// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage

/// The interactive session: reads commands and runs them until the user quits.
struct PromptLoop {
  static let prompt = "straggler> "
  static let continuation = "      ...> "

  let session: Session
  let prompt: any Prompt
  /// Where the prompt is drawn.
  let terminal: StandardStream
  let history: History

  /// An error never ends the session, so that its status is 0.
  func run() -> ExitStatus {
    var pending = ""
    while true {
      Interruption.forget()
      if Interruption.status != nil { return .interrupted }
      switch prompt.ask(pending.isEmpty ? Self.prompt : Self.continuation, pending: pending) {
      case .end:
        terminal.write("\n")
        return .success
      case .interrupted:
        terminal.write("\n")
        pending = ""
      case .line(let line):
        pending += line + "\n"
        let text = [UInt8](pending.utf8)
        guard session.need(of: text) == .nothing else { continue }
        let entry = pending == line + "\n" ? line : ScriptParser.onOneLine(pending)
        history.add(entry)
        prompt.remember(entry)
        pending = ""
        _ = session.execute(text, source: "<prompt>")
        if session.hasQuit || session.output.isBroken { return .success }
      }
    }
  }
}
