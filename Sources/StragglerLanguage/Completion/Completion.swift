public import StragglerLab

/// What could stand where the cursor is.
public struct Completion: Sendable, Equatable {
  /// The part of the line that a candidate replaces, as offsets in UTF-8.
  public var range: Range<Int>
  /// In order, each once. One that ends with `=`, `(` or `/` goes on; behind any other a blank may follow.
  public var candidates: [String]
}

/// Finds completions from the same table that parsing and `help` use.
public struct Completer: Sendable {
  let table = CommandTable.standard
  let catalogue: Catalogue
  let environment: Environment
  let files: @Sendable (String) -> [String]

  /// `files` gives the paths that begin with a text, folders with a `/` at the end.
  public init(
    catalogue: Catalogue, environment: Environment, files: @escaping @Sendable (String) -> [String]
  ) {
    self.catalogue = catalogue
    self.environment = environment
    self.files = files
  }

  /// The completions at `cursor`, an offset in UTF-8, of a line.
  public func completion(of line: String, cursor: Int) -> Completion {
    let source = SourceText(name: "", bytes: Array(line.utf8.prefix(max(0, cursor))))
    let (words, last) = Self.words(source)
    let end = source.bytes.count
    guard let name = words.first?.text else {
      return Completion(range: last.range, candidates: commands(last.text))
    }
    guard let command = table.find(name, abbreviated: true) else {
      return Completion(range: end..<end, candidates: [])
    }
    switch command.syntax {
    case .expression, .loop, .condition: return expression(last)
    case .assignment: return words.count > 1 ? expression(last) : Completion(range: end..<end, candidates: [])
    case .arguments: return argument(command, Array(words.dropFirst()), last)
    }
  }

  private func commands(_ beginning: String) -> [String] {
    let matches = table.beginning(with: beginning)
    return matches.map(\.name)
  }

  /// An argument of `command` after `words`.
  private func argument(_ command: Command, _ words: [Place], _ last: Place) -> Completion {
    let argument = Argument(last)
    let plain = words.filter { Argument($0).key == nil }
    let keys = command.keys(of: plain.first?.text ?? "", catalogue).keys
    if let name = argument.key?.text {
      guard let key = keys.first(where: { $0.name == name }) else { return expression(argument.value) }
      return value(argument.value, key.kind, words: key.words)
    }
    if command.takesConditions, ArgumentReader.comparison(last) != nil { return expression(last) }
    let taken = Set(words.compactMap { Argument($0).key?.text } + plain.map(\.text))
    var candidates: [String] = []
    let values = plain.filter { word in !command.flags.contains { $0.name == word.text } }
    if let parameter = Self.parameter(of: command, at: values.count) {
      let values = value(last, parameter.kind, words: [])
      // A file or an expression may be only the end of the argument.
      if values.range.lowerBound > last.range.lowerBound { return values }
      candidates = values.candidates.filter { !taken.contains($0) || parameter.presence != .repeated }
    }
    let beginning = last.text
    candidates += keys.map(\.name).filter { !taken.contains($0) && $0.hasPrefix(beginning) }.map { $0 + "=" }
    candidates += command.flags.map(\.name).filter { !taken.contains($0) && $0.hasPrefix(beginning) }
    if command.takesConditions {
      candidates += Command.quantities.filter { $0.hasPrefix(beginning) && !taken.contains($0) }
    }
    return Completion(range: last.range, candidates: Self.unique(candidates))
  }

  /// The parameter that the argument after `count` others is.
  private static func parameter(of command: Command, at count: Int) -> Parameter? {
    if count < command.parameters.count { return command.parameters[count] }
    guard let last = command.parameters.last, last.presence == .repeated || last.presence == .any else {
      return nil
    }
    return last
  }

  private func value(_ place: Place, _ kind: ValueKind, words: [String]) -> Completion {
    let beginning = place.text
    var options = Self.beginnings(words)
    switch kind {
    case .word(let set): options += Self.beginnings(set.words(table, catalogue))
    case .flag: options += ["true", "false"]
    case .distribution:
      // In a law's brackets stand expressions.
      if beginning.contains("(") { return expression(place) }
      options += Law.names.map { $0 + "(" }
    case .path:
      if let first = place.bytes.first, first == .ascii("\"") || first == .ascii("'") {
        let name = Place(place.source, place.range.lowerBound + 1..<place.range.upperBound)
        return Completion(range: name.range, candidates: Self.unique(files(name.text)))
      }
      options += files(beginning)
    case .number, .nonnegative, .positive, .integer, .perWorker, .perLink, .list, .workers, .name, .value,
      .text:
      let inner = expression(place)
      guard inner.range == place.range else { return inner }
      // Everything fits where nothing has been written; then only the words are a help.
      if !beginning.isEmpty || options.isEmpty { options += beginning.isEmpty ? [] : inner.candidates }
    }
    return Completion(range: place.range, candidates: Self.unique(options.filter { $0.hasPrefix(beginning) }))
  }

  /// The name at the end of an expression: a variable or a function.
  private func expression(_ place: Place) -> Completion {
    let bytes = place.bytes
    var start = place.range.upperBound
    while start > place.range.lowerBound, bytes[start - 1].continuesName { start -= 1 }
    let range = start..<place.range.upperBound
    guard !range.isEmpty, bytes[start].beginsName else {
      return Completion(range: place.range.upperBound..<place.range.upperBound, candidates: [])
    }
    let beginning = place.source[range]
    let names =
      environment.variables.keys.sorted() + Function.names.map { $0 + "(" } + Keyword.constants.keys.sorted()
      + Keyword.operators
    return Completion(range: range, candidates: Self.unique(names.filter { $0.hasPrefix(beginning) }))
  }

  /// The words of the last statement, and the one at the end, which may be empty.
  private static func words(_ source: SourceText) -> (words: [Place], last: Place) {
    let end = source.bytes.count
    var scanner = Scanner(source.all)
    var words: [Place] = []
    while true {
      scanner.skipBlanks()
      guard let byte = scanner.byte else { return (words, Place(source, end..<end)) }
      if byte.isNewline || [.ascii(";"), .ascii("{"), .ascii("}")].contains(byte) {
        scanner.position += 1
        words = []
        continue
      }
      let start = scanner.position
      // What is not yet closed reaches to the cursor.
      guard let word = try? scanner.argument() else { return (words, Place(source, start..<end)) }
      if word.range.upperBound == end { return (words, word) }
      words.append(word)
    }
  }

  /// Words up to the bracket of those that have an argument.
  private static func beginnings(_ words: [String]) -> [String] {
    words.map { $0.prefix(while: { $0 != "(" }) + ($0.contains("(") ? "(" : "") }
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return names.filter { seen.insert($0).inserted }
  }
}
