internal import StragglerLab

extension Interpreter {
  /// Writes what the session has shown to a page.
  func report(_ arguments: BoundArguments) throws -> Outcome {
    guard let file = arguments["FILE"], let path = file.word else { return .failed }
    guard path.hasSuffix(".html") || path.hasSuffix(".htm") else {
      throw Diagnostic(.unknownForm(path, [".html"], arguments.command), at: file.place)
    }
    let page = shown.html(title: "Straggler: \(script ?? "a session")", configuration: wholeConfiguration)
    try write(page, to: path, at: file.place)
    return .done
  }

  /// Keeps what the command at hand has shown, for `report`.
  func keep(_ exhibit: SessionReport.Exhibit) {
    shown.add(exhibit, command: commandAtHand, configuration: wholeConfiguration)
  }

  /// The commands that recreate the configuration, the other methods' among them.
  var wholeConfiguration: [String] {
    let others = configuration.methods.filter { $0.key != configuration.method }
    return commands(of: "all") + others.sorted { $0.key < $1.key }.map { Self.text($0.value) }
  }

  /// The statement that is carried out, with the values of the variables that it mentions.
  var commandAtHand: String {
    guard let statement else { return "" }
    let values = Self.names(in: statement.text).compactMap { name in
      ownVariables.contains(name) ? environment[name].map { "\(name) = \(Self.noted($0))" } : nil
    }
    return Self.onOneLine(statement.text) + (values.isEmpty ? "" : "  # " + values.joined(separator: ", "))
  }

  /// A value in a comment: a text that could be taken for anything else, or end the line, stands in quotes.
  private static func noted(_ value: Value) -> String {
    guard case .text(let text) = value, !text.utf8.allSatisfy({ $0.continuesName || "-./".utf8.contains($0) })
    else { return value.printed }
    return quoted(text)
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
