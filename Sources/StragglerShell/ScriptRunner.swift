// SPDX-License-Identifier: Apache-2.0

import StragglerData
import StragglerLanguage

/// Runs commands that do not come from a prompt.
struct ScriptRunner {
  let session: Session

  /// The commands of `-c`.
  func run(commands: String) -> ExitStatus {
    ExitStatus(session.execute([UInt8](commands.utf8), source: "<command>"))
  }

  /// A script file.
  func run(file path: String) -> ExitStatus {
    do throws(DataError) {
      return ExitStatus(session.execute(try Files.read(path), source: path))
    } catch {
      if Interruption.isRequested { return .interrupted }
      session.errors.write("straggler: \(TerminalSafety.line(error.description))\n")
      return .failure
    }
  }

  /// Standard input. Commands are carried out as soon as they are complete, so that a program at the other
  /// end of a pipe can wait for the answer to one before it sends the next. A session that serves goes on
  /// after commands that fail or are interrupted, to the end of the input or to `quit`.
  func runStandardInput() -> ExitStatus {
    var reader = LineReader(descriptor: 0)
    var piece: [UInt8] = []
    var (firstLine, lines) = (1, 0)
    var need = ScriptParser.Need.nothing
    var status = ExitStatus.success
    while true {
      var isLast = false
      switch reader.next() {
      case .line(let line):
        guard piece.count + line.count < Files.standardLimit, piece.makeRoom(for: line.count + 1) else {
          return refuseSize()
        }
        piece += line
        piece.append(UInt8(ascii: "\n"))
        lines += 1
        // Long blocks are not read again for every line.
        if need == .brace, !line.contains(UInt8(ascii: "}")) { continue }
        need = session.need(of: piece)
        if need != .nothing { continue }
      case .interrupted:
        // Ctrl-C that comes when a served command is already over must not end the service.
        if session.isServing, Interruption.status == nil, !System.isTerminal(0) { Interruption.forget() }
        // Back in the foreground, say.
        if Interruption.isRequested { return .interrupted }
        continue
      case .tooLong: return refuseSize()
      case .end(let rest):
        piece += rest
        isLast = true
      case .failed(let failure):
        session.errors.write("straggler: standard input cannot be read: \(failure.description)\n")
        return .failure
      }
      let outcome = session.execute(piece, source: "<stdin>", firstLine: firstLine)
      if session.isServing {
        if isLast || session.hasQuit || session.output.isBroken { return .success }
        if Interruption.status != nil { return .interrupted }
        Interruption.forget()
        firstLine += lines
        (piece, lines, need) = ([], 0, .nothing)
        continue
      }
      status = status.joined(with: ExitStatus(outcome))
      let goesOn = outcome == .done || (session.keepsGoing && outcome != .interrupted)
      if isLast || !goesOn || session.hasQuit || session.output.isBroken { return status }
      if Interruption.isRequested { return .interrupted }
      firstLine += lines
      (piece, lines, need) = ([], 0, .nothing)
    }
  }

  private func refuseSize() -> ExitStatus {
    session.errors.write(
      "straggler: a statement of standard input is larger than \(Files.standardLimit) bytes, or than memory; "
        + "check that it is the input you mean\n")
    return .failure
  }
}
