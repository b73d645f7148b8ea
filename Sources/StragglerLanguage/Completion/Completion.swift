// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// What can be inserted at the cursor.
public struct Completion: Sendable, Equatable {
  /// The part of the line that a candidate replaces, as offsets in UTF-8.
  public var range: Range<Int>
  /// In order, each once. One that ends with `=`, `<`, `>`, `(`, `/` or a quote goes on; behind any other a
  /// blank may follow.
  public var candidates: [String]
}

/// Finds completions from the same table that parsing and `help` use.
struct Completer: Sendable {
  let table: CommandTable
  let catalogue: Catalogue
  let environment: Environment
  let varied: [CommandKey]
  let files: @Sendable (String) -> [String]

  /// `varied` is what a sweep can vary, and `files` gives the paths that begin with a text, folders with a
  /// `/` at the end.
  init(
    table: CommandTable, catalogue: Catalogue, environment: Environment, varied: [CommandKey] = [],
    files: @escaping @Sendable (String) -> [String]
  ) {
    self.table = table
    self.catalogue = catalogue
    self.environment = environment
    self.varied = varied
    self.files = files
  }

  /// The completions at `cursor`, an offset in UTF-8, of a line.
  func completion(of line: String, cursor: Int) -> Completion {
    let source = SourceText(name: "", bytes: Array(line.utf8.prefix(max(0, cursor))))
    let (words, last) = Self.words(source)
    let end = source.bytes.count
    guard let name = words.first?.text else {
      return Completion(range: last.range, candidates: commands(last.text))
    }
    guard let command = table.find(name, abbreviated: true) else {
      return Completion(range: end..<end, candidates: [])
    }
    switch command.form {
    case .expression, .loop, .branch: return expression(last)
    case .assignment: return words.count > 1 ? expression(last) : Completion(range: end..<end, candidates: [])
    case .arguments: return argument(command, Array(words.dropFirst()), last)
    }
  }

  private func commands(_ beginning: String) -> [String] {
    let matches = table.beginning(with: beginning)
    return matches.map(\.name)
  }

  /// An argument of `command` after `words`.
  private func argument(_ command: CommandDescription, _ words: [Place], _ last: Place) -> Completion {
    if command.takesLists, let list = list(words, last) { return list }
    let argument = Argument(last)
    let plain = words.filter { Argument($0).key == nil }
    let keys = command.arguments.keys(
      after: plain.first?.text ?? "", of: command.name, catalogue
    ).keys
    if let name = argument.key?.text {
      guard let key = keys.named(name) else { return expression(argument.value) }
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
    let free = keys.filter { !taken.contains($0.name) && !taken.contains($0.former ?? $0.name) }
    candidates += free.map(\.name).filter { $0.hasPrefix(beginning) }.map { $0 + "=" }
    if command.takesLists {
      // `method.gamma` only where the dot is there.
      candidates += varied.map(\.name).filter {
        !taken.contains($0) && $0.hasPrefix(beginning) && $0.contains(".") == beginning.contains(".")
      }
    }
    candidates += command.flags.map(\.name).filter { !taken.contains($0) && $0.hasPrefix(beginning) }
    if command.takesConditions {
      let conditions = Quantity.names.filter { name in !keys.contains { $0.name == name } }
      candidates += conditions.filter { $0.hasPrefix(beginning) }.map { $0 + Self.relation(of: $0) }
    }
    return Completion(range: last.range, candidates: Self.unique(candidates))
  }

  /// How a quantity is mostly compared.
  private static func relation(of quantity: String) -> String {
    ["loss", "gap", "gradnorm2"].contains(quantity) ? "<" : ">"
  }

  /// What completes `KEY in LIST`, of which the KEY is next, or the `in`, or a value of the LIST; nil
  /// elsewhere.
  private func list(_ words: [Place], _ last: Place) -> Completion? {
    if words.last?.text == "in", let name = words.dropLast().last?.text {
      guard let key = varied.named(name) else { return expression(last) }
      let start = last.bytes.lastIndex { [.ascii("["), .ascii(",")].contains($0) }
      let element = start.map { Place(last.source, $0 + 1..<last.range.upperBound).trimmed } ?? last
      return value(element, key.kind, words: key.words)
    }
    if let word = words.last?.text, varied.contains(where: { $0.name == word }) {
      return Completion(range: last.range, candidates: ["in"].filter { $0.hasPrefix(last.text) })
    }
    return nil
  }

  /// The parameter that the argument after `count` others is.
  private static func parameter(of command: CommandDescription, at count: Int) -> Parameter? {
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
      // The brackets of a law contain expressions and file names.
      if beginning.contains("(") {
        let quotes = place.bytes.indices.filter { place.bytes[$0] == .ascii("\"") }
        guard let quote = quotes.last, quotes.count % 2 == 1 else { return expression(place) }
        return file(inQuotes: Place(place.source, quote..<place.range.upperBound))
      }
      options += LawNames.all(catalogue.laws).map { $0 + "(" }
    case .schedule(let forms, _):
      if beginning.contains("(") {
        let quotes = place.bytes.indices.filter { place.bytes[$0] == .ascii("\"") }
        guard let quote = quotes.last, quotes.count % 2 == 1 else { return expression(place) }
        return file(inQuotes: Place(place.source, quote..<place.range.upperBound))
      }
      options += forms.map { $0.rawValue + "(" }
    case .path, .quotedPath:
      if let first = place.bytes.first, first == .ascii("\"") || first == .ascii("'") {
        return file(inQuotes: place)
      }
      options += files(beginning)
    case .number, .nonnegative, .positive, .integer, .seed, .perWorker, .stepsize, .perLink, .list, .integers,
      .workers, .name, .value, .column, .text:
      let inner = expression(place)
      guard inner.range == place.range else { return inner }
      // Everything fits where nothing has been written; then only the words are a help.
      if !beginning.isEmpty || options.isEmpty { options += beginning.isEmpty ? [] : inner.candidates }
    }
    return Completion(range: place.range, candidates: Self.unique(options.filter { $0.hasPrefix(beginning) }))
  }

  /// The file whose name begins after the quote with which `place` begins, and ends with the same.
  private func file(inQuotes place: Place) -> Completion {
    let (start, end) = (place.range.lowerBound + 1, place.range.upperBound)
    let name = Place(place.source, start..<end)
    let quote = place.source[start - 1..<start]
    return Completion(
      range: name.range, candidates: Self.unique(files(name.text).map { $0.hasSuffix("/") ? $0 : $0 + quote })
    )
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
