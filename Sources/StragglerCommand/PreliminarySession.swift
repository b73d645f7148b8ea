import StragglerLab
import StragglerLanguage

/// The session of a program: the one place that knows which interpreter there is.
func makeSession(_ host: Host) -> any CommandSession { PreliminarySession(host) }

/// The front end without an interpreter: knows `echo` and `quit`, and reads everything.
final class PreliminarySession: CommandSession {
  private let host: Host
  private let completer = Completer(catalogue: Catalogue(), environment: Environment(), files: { _ in [] })

  init(_ host: Host) { self.host = host }

  func execute(_ text: [UInt8], source: String, firstLine: Int) -> Outcome {
    var parser = ScriptParser(
      SourceText(name: source, bytes: text, firstLine: firstLine), abbreviations: host.isInteractive)
    var outcome = Outcome()
    while !host.isInterrupted {
      do throws(Diagnostic) {
        guard let statement = try parser.next() else { return outcome }
        if try execute(statement) {
          outcome.quits = true
          return outcome
        }
      } catch {
        host.errors.write(error.rendered + "\n")
        outcome.status = .failure
        if !host.keepsGoing { return outcome }
      }
    }
    outcome.status = .interrupted
    return outcome
  }

  private func execute(_ statement: Statement) throws(Diagnostic) -> Bool {
    guard case .command(let command) = statement.kind else { return false }
    switch command.name.text {
    case "echo": host.output.write(command.arguments.map(\.place.text).joined(separator: " ") + "\n")
    case "quit": return true
    default: throw Diagnostic("unknown command '\(command.name.text)'", at: command.name)
    }
    return false
  }

  func needsMore(_ text: [UInt8]) -> Bool { ScriptParser.needsMore(String(decoding: text, as: UTF8.self)) }

  func completion(of text: String, cursor: Int) -> Completion {
    completer.completion(of: text, cursor: cursor)
  }
}
