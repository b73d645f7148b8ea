import StragglerData

/// Runs commands that do not come from a prompt.
struct ScriptRunner {
  let session: any CommandSession
  let host: Host

  /// The commands of `-c`.
  func run(commands: String) -> ExitStatus {
    session.execute([UInt8](commands.utf8), source: "<command>", firstLine: 1).status
  }

  /// A script file.
  func run(file path: String) -> ExitStatus {
    do throws(DataError) {
      let text = try Files.read(path)
      return session.execute(text, source: path, firstLine: 1).status
    } catch {
      if host.isInterrupted { return .interrupted }
      host.errors.write("straggler: \(error)\n")
      return .failure
    }
  }

  /// Standard input. Commands are carried out as soon as they are complete, so that a program at the other end of a
  /// pipe can wait for the answer to one before it sends the next.
  func runStandardInput() -> ExitStatus {
    var reader = LineReader(descriptor: 0)
    var piece: [UInt8] = []
    var (firstLine, lines) = (1, 0)
    var status = ExitStatus.success
    while true {
      var isLast = false
      switch reader.next() {
      case .line(let line):
        piece += line + [UInt8(ascii: "\n")]
        lines += 1
        // As much at a time as there is.
        if reader.hasLine { continue }
        if session.needsMore(piece) { continue }
      case .interrupted:
        if host.isInterrupted { return .interrupted }
        continue
      case .end(let rest):
        piece += rest
        isLast = true
      case .failed(let failure):
        host.errors.write("straggler: standard input cannot be read: \(failure.description)\n")
        return .failure
      }
      let outcome = session.execute(piece, source: "<stdin>", firstLine: firstLine)
      status = status.joined(with: outcome.status)
      let goesOn = outcome.status == .success || (host.keepsGoing && outcome.status != .interrupted)
      if isLast || outcome.quits || !goesOn || host.isInterrupted { return status }
      firstLine += lines
      (piece, lines) = ([], 0)
    }
  }
}
