// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

// What a command shows, keeps and writes.

extension Workspace {
  /// Prints a report: an object under `--json`, else text.
  func report(
    _ json: @autoclosure () -> JSONValue, text: @autoclosure () -> String
  ) throws(Diagnostic) {
    try write((options.isJSON ? json().line : text()) + "\n")
  }

  /// Prints a report of many lines: an object a row under `--json`, with the name of the command, else text
  /// with its newlines.
  func report(
    _ command: String, rows: @autoclosure () -> [JSONValue], text: @autoclosure () -> String
  ) throws(Diagnostic) {
    guard options.isJSON else { return try write(text()) }
    for row in rows() { try write(row.reported(by: command).line + "\n") }
  }

  /// Prints what was taken from files.
  func report(_ readings: [TableReading], of command: String) throws(Diagnostic) {
    for reading in readings {
      try report(reading.json.reported(by: command), text: TerminalSafety.line(reading.line))
    }
  }

  /// Says that the command at hand is done where it has reported nothing: a program that reads the answers
  /// waits for one to each command.
  func answer() throws(Diagnostic) {
    guard options.isJSON, !options.isAnswering, !statement.hasAnswered else { return }
    try write(done.line + "\n")
  }

  private var done: JSONValue { ["ok": true, "command": .string(statement.command.text)] }

  /// Ends the answer to a statement of the text, which came to `outcome`; gives what it came to if it could
  /// be written.
  func close(_ outcome: Outcome) -> Outcome {
    guard options.isJSON, options.isAnswering, statement.depth <= 1 else { return outcome }
    let answer: JSONValue =
      switch outcome {
      case .done, .quit: done
      case .interrupted: Diagnostic(.interrupted, at: statement.place).answer("interrupted")
      case .failed: (statement.error ?? Diagnostic(.outputClosed, at: statement.place)).answer("failed")
      case .expectationFailed:
        (statement.error ?? Diagnostic(.outputClosed, at: statement.place)).answer("unmet")
      }
    statement.error = nil
    hasAnsweredInterruption = outcome == .interrupted
    do throws(OutputClosed) { try output.write(answer.line + "\n") } catch { return .failed }
    return outcome
  }

  /// Shows a diagnostic; an error is an answer, too.
  func diagnose(_ diagnostic: Diagnostic) {
    output.diagnose(diagnostic)
    if options.isJSON, options.isAnswering {
      // The first error ends the answer.
      if diagnostic.severity == .error, statement.error == nil {
        statement.error = diagnostic
      } else {
        try? write(diagnostic.json.line + "\n")
      }
      return
    }
    // Where nothing can be written, what was wrong has been said, or its reader is gone.
    if options.isJSON, diagnostic.severity == .error { try? write(diagnostic.json.line + "\n") }
  }

  private func write(_ text: String) throws(Diagnostic) {
    statement.hasAnswered = true
    if let fault = world.fault() { throw Diagnostic(fault, at: statement.place) }
    do throws(OutputClosed) { try output.write(text) } catch {
      throw Diagnostic(.outputClosed, at: statement.place)
    }
  }

  /// Shows how far long work has come.
  func progress(_ what: String, _ fraction: Double) {
    output.progress(Progress(what: what, fraction: fraction))
  }

  /// Keeps what the command at hand has shown, for `report`.
  func keep(_ exhibit: SessionReport.Exhibit) {
    results.shown.add(exhibit, command: commandAtHand, configuration: wholeConfiguration)
  }

  /// Keeps what `save` and `plot` use, and the commands that made it.
  func keep(_ latest: Results.Latest) {
    results.latest = latest
    results.made = wholeConfiguration + fileNotes + [commandAtHand]
  }

  /// Writes a file, whole or not at all.
  func write(_ text: String, to file: Given<String>) throws(Diagnostic) {
    try write([UInt8](text.utf8), to: file)
  }
}

extension JSONValue {
  /// The object with the name of the command that reports it.
  func reported(by command: String) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object([Member("command", .string(command))] + members)
  }
}

// MARK: - Where results come from

extension Workspace {
  /// The file name of the outermost script; nil at a prompt and for `-c`.
  var script: String? {
    guard let name = sources.first, !name.hasPrefix("<") else { return nil }
    return name.split(separator: "/").last.map(String.init) ?? name
  }

  /// Where the last result comes from.
  var provenance: Provenance {
    switch results.latest {
    case .comparison, .sweep: Provenance(script: script, commands: results.made)
    case .run: provenanceOfRun
    case .table, .nothing: provenanceOfConfiguration
    }
  }

  /// Where the run comes from. Its configuration is that in force: another one would have ended it.
  var provenanceOfRun: Provenance {
    let simulated = current.run == nil ? [] : [current.command]
    let real = current.real.map { [$0.command] } ?? []
    return Provenance(script: script, commands: wholeConfiguration + fileNotes + simulated + real)
  }

  var provenanceOfConfiguration: Provenance {
    Provenance(script: script, commands: wholeConfiguration + fileNotes)
  }

  /// The commands that recreate the configuration, the other methods' among them.
  var wholeConfiguration: [String] { configuration.commands(of: .all) + configuration.otherMethods }

  /// The statement that is carried out, with the values of the variables that it mentions.
  var commandAtHand: String {
    let text = statement.place.text
    let values = Self.names(in: text).compactMap { name in
      variables.own.contains(name) ? variables[name].map { "\(name) = \(Self.noted($0))" } : nil
    }
    return text.onOneLine + (values.isEmpty ? "" : "  # " + values.joined(separator: ", "))
  }

  /// A value in a comment: a text that could be taken for anything else, or end the line, is in quotes.
  private static func noted(_ value: Value) -> String {
    guard case .text(let text) = value, !text.utf8.allSatisfy({ $0.continuesName || "-./".utf8.contains($0) })
    else { return value.printed }
    return text.quoted
  }

  /// The names in a statement that can be variables, each once: not those before `=`.
  private static func names(in text: String) -> [String] {
    var names: [String] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      guard bytes[start].beginsName, start == 0 || !bytes[start - 1].continuesName else {
        start += 1
        continue
      }
      var end = start
      while end < bytes.count, bytes[end].continuesName { end += 1 }
      let name = String(decoding: bytes[start..<end], as: UTF8.self)
      let equals = UInt8(ascii: "=")
      let isKey =
        end < bytes.count && bytes[end] == equals && !(end + 1 < bytes.count && bytes[end + 1] == equals)
      if !isKey, !names.contains(name) { names.append(name) }
      start = end
    }
    return names
  }
}
