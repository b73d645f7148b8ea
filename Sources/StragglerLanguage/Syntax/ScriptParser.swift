// SPDX-License-Identifier: Apache-2.0

/// Reads a text statement by statement, so that everything before a mistake can be carried out.
///
///     var parser = table.parser(of: SourceText(name: "<command>", "seed 1; run updates=10"))
///     while let statement = try parser.next() { … }
///
/// After an error, `next` continues after the statement that was in error.
public struct ScriptParser {
  private var scanner: Scanner
  private let abbreviations: Bool
  private let form: (_ name: String) -> Statement.Form

  /// `form` says what follows the name of a command, and `abbreviations` lets the beginning of a name stand
  /// for it, as at the prompt.
  init(_ source: SourceText, abbreviations: Bool, form: @escaping (_ name: String) -> Statement.Form) {
    scanner = Scanner(source.all)
    self.abbreviations = abbreviations
    self.form = form
  }

  /// The next statement; nil at the end.
  mutating func next() throws(Diagnostic) -> Statement? {
    scanner.skipSeparators()
    guard let byte = scanner.byte else { return nil }
    let start = scanner.position
    if byte == UInt8(ascii: "}") {
      scanner.position += 1
      throw Diagnostic(.strayBrace, at: scanner.place(from: start))
    }
    do throws(Diagnostic) { return try statement(depth: 0) } catch {
      scanner.position = start
      scanner.skipStatement()
      throw error
    }
  }

  /// What a text lacks before it can be carried out.
  public enum Need: Sendable {
    /// It is complete.
    case nothing
    /// Another line: it ends with a `\`, or before the block of a `for` or `if`.
    case line
    /// The `}` of a block that is open.
    case brace
  }

  /// What the text, without the newline of its last line, lacks.
  func need() -> Need {
    var parser = self
    while true {
      do throws(Diagnostic) {
        if try parser.next() == nil { return parser.scanner.endsWithContinuation ? .line : .nothing }
      } catch {
        if error.isUnfinished { return error.message == Wording.unclosedBlock.message ? .brace : .line }
      }
    }
  }

  private mutating func statement(depth: Int) throws(Diagnostic) -> Statement {
    let start = scanner.position
    let name = try scanner.argument()
    guard !name.range.isEmpty else { throw Diagnostic(.blockWithoutLoop, at: scanner.here) }
    let content: Statement.Content
    var end = name
    switch form(name.text) {
    case .arguments:
      let arguments = try arguments()
      end = arguments.last?.place ?? name
      content = .arguments(arguments)
    case .expression:
      let expression = try expression(after: name.text)
      end = expression.place
      content = .expression(expression)
    case .assignment:
      let assignment = try assignment(name)
      end = assignment.value.place
      content = .assignment(assignment)
    case .loop:
      content = .loop(try loop(name, depth: depth))
      end = scanner.place(from: start)
    case .branch:
      content = .branch(try branch(name, depth: depth))
      end = scanner.place(from: start)
    }
    return Statement(name: name, content: content, place: name.through(end), isAbbreviated: abbreviations)
  }

  private mutating func arguments() throws(Diagnostic) -> [Argument] {
    var arguments: [Argument] = []
    while true {
      scanner.skipBlanks()
      if scanner.isAtStatementEnd { return arguments }
      if scanner.byte == UInt8(ascii: "{") { throw Diagnostic(.blockWithoutLoop, at: scanner.here) }
      arguments.append(Argument(try scanner.argument()))
    }
  }

  /// The expression up to the end of the statement; `text` is what precedes it.
  private mutating func expression(after text: String) throws(Diagnostic) -> Expression {
    scanner.skipBlanks()
    let place = try scanner.rest()
    guard !place.range.isEmpty else { throw Diagnostic(.missingExpression(after: text), at: scanner.here) }
    if scanner.byte == UInt8(ascii: "{") { throw Diagnostic(.blockWithoutLoop, at: scanner.here) }
    return try Self.freeExpression(place)
  }

  /// An expression that may have spaces anywhere: they are not what cut it short.
  private static func freeExpression(_ place: Place) throws(Diagnostic) -> Expression {
    do { return try ExpressionParser.expression(place) } catch {
      guard error.place.range.lowerBound == place.range.upperBound else { throw error }
      throw Diagnostic(error.message, at: error.place)
    }
  }

  /// `NAME = expression`, after `let` or `default`.
  private mutating func assignment(_ word: Place) throws(Diagnostic) -> Assignment {
    let name = try variable(after: word.text)
    scanner.skipBlanks()
    guard scanner.byte == UInt8(ascii: "="), scanner.byte(at: scanner.position + 1) != UInt8(ascii: "=")
    else {
      throw Diagnostic(.missingEquals(name.text, after: word.text), at: scanner.here)
    }
    scanner.position += 1
    return Assignment(name: name, value: try expression(after: "\(word.text) \(name.text) ="))
  }

  /// The name of a variable that gets a value.
  private mutating func variable(after word: String) throws(Diagnostic) -> Place {
    scanner.skipBlanks()
    guard let name = scanner.name() else { throw Diagnostic(.missingName(after: word), at: scanner.here) }
    guard !Keyword.isReserved(name.text) else { throw Diagnostic(.reserved(name.text), at: name) }
    return name
  }

  /// `NAME in list { script }`, after `for`.
  private mutating func loop(_ word: Place, depth: Int) throws(Diagnostic) -> Loop {
    guard depth < SourceText.depthLimit else { throw Diagnostic(.tooDeep, at: word) }
    let variable = try variable(after: word.text)
    scanner.skipBlanks()
    guard let keyword = scanner.name(), keyword.text == "in" else {
      throw Diagnostic(.missingIn, at: scanner.here)
    }
    scanner.skipBlanks()
    let list = try scanner.rest()
    guard !list.range.isEmpty else { throw Diagnostic(.missingList, at: scanner.here) }
    let values = try ListExpression(parsing: list)
    return Loop(variable: variable, list: values, body: try block(word, depth: depth))
  }

  /// `expression { script }`, after `if`.
  private mutating func branch(_ word: Place, depth: Int) throws(Diagnostic) -> Branch {
    guard depth < SourceText.depthLimit else { throw Diagnostic(.tooDeep, at: word) }
    scanner.skipBlanks()
    let place = try scanner.rest()
    guard !place.range.isEmpty else {
      throw Diagnostic(.missingExpression(after: word.text), at: scanner.here)
    }
    return Branch(
      condition: try Self.freeExpression(place), body: try block(word, depth: depth))
  }

  private mutating func block(_ word: Place, depth: Int) throws(Diagnostic) -> [Statement] {
    let end = scanner.here
    scanner.skipBlanks()
    while let byte = scanner.byte, byte.isNewline {
      scanner.position += 1
      scanner.skipBlanks()
    }
    guard scanner.byte == UInt8(ascii: "{") else {
      var diagnostic = Diagnostic(.missingBlock(of: word.text), at: end)
      diagnostic.isUnfinished = scanner.isAtEnd
      throw diagnostic
    }
    let open = scanner.here
    scanner.position += 1
    var body: [Statement] = []
    while true {
      scanner.skipSeparators()
      if scanner.byte == UInt8(ascii: "}") {
        scanner.position += 1
        return body
      }
      if scanner.isAtEnd {
        var diagnostic = Diagnostic(.unclosedBlock, at: open)
        diagnostic.isUnfinished = true
        throw diagnostic
      }
      body.append(try statement(depth: depth + 1))
    }
  }
}
