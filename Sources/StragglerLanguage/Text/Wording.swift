/// The words of an error. All that the front end can say stands here.
struct Wording {
  let message: String
  let remedy: String?

  private init(_ message: String, _ remedy: String? = nil) {
    self.message = message
    self.remedy = remedy
  }

  private static func quoted(_ byte: UInt8) -> String { "'\(Character(Unicode.Scalar(byte)))'" }

  /// A text in quotes, cut where it is long.
  private static func quoted(_ text: String) -> String {
    text.count > 60 ? "'\(text.prefix(57))…'" : "'\(text)'"
  }

  private static func suggestion(_ word: String, among names: [String], as form: (String) -> String = { $0 })
    -> String?
  {
    EditDistance.closest(to: word, among: names).map { "did you mean \(form($0))?" }
  }

  /// `a, b or c`.
  private static func either(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

// Text and statements.
extension Wording {
  static let notText = Wording("this is not text in UTF-8")
  static let tooDeep = Wording("this is nested too deeply", "at most \(Scanner.depthLimit) levels are read")
  static let unclosedString = Wording(
    "the string has no end", "a string ends with its quote, on the same line")

  static func strayBracket(_ byte: UInt8) -> Wording {
    Wording("\(quoted(byte)) closes nothing", "text with brackets stands in quotes")
  }

  static func mismatchedBracket(_ open: UInt8, _ close: UInt8) -> Wording {
    Wording("\(quoted(close)) does not close \(quoted(open))")
  }

  static func unclosedBracket(_ open: UInt8) -> Wording {
    Wording("\(quoted(open)) is never closed", "a statement ends with its line; \\ at the end continues it")
  }

  static func afterBracket(_ text: String) -> Wording {
    Wording("nothing can follow here, but \(quoted(text)) does")
  }

  static let strayBrace = Wording("'}' closes no block")
  static let unclosedBlock = Wording("the block is never closed", "it ends with }")
  static let blockWithoutLoop = Wording(
    "a block has no place here", "for NAME in LIST { … } and if EXPRESSION { … } take one")
  static func missingBlock(of word: String) -> Wording {
    Wording(
      "\(word) has no block", word == "if" ? "write if EXPRESSION { … }" : "write for NAME in LIST { … }")
  }

  static let missingIn = Wording("for needs in after its variable", "write for NAME in LIST { … }")
  static let missingList = Wording("a list is expected here", "write [a, b, …] or A..B")
  static let nestedList = Wording("a list holds no lists")
  static let endlessRange = Wording("the range has no end", "its ends and step are finite numbers")
  static let zeroStep = Wording("the step of the range is 0")

  static func missingName(after word: String) -> Wording {
    Wording(
      "\(word) needs the name of a variable", "a name has letters, digits and _, and starts with no digit")
  }

  static func reserved(_ name: String) -> Wording {
    Wording("\(name) is a word of the language and cannot name a variable")
  }

  static func missingEquals(_ name: String, after word: String) -> Wording {
    Wording("'=' is expected here", "write \(word) \(name) = EXPRESSION")
  }

  static func missingExpression(after text: String) -> Wording {
    Wording("an expression is expected after \(text)")
  }
}

// Expressions.
extension Wording {
  static func expectedOperand(instead text: String) -> Wording {
    Wording(
      text.isEmpty
        ? "the expression ends too early" : "a number or a name is expected here, not \(quoted(text))",
      text.isEmpty ? "an argument has no spaces outside brackets" : nil)
  }

  static func unexpectedInExpression(_ text: String) -> Wording {
    Wording("an operator is expected here, not \(quoted(text))")
  }

  static func unexpectedCharacter(_ text: String) -> Wording {
    let meant = [
      "=": "==", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "**": "^", "...": "..", "−": "-",
      "–": "-", "×": "*", "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "“": "\"", "”": "\"", "’": "'",
      "∞": "inf",
    ][text]
    return Wording("\(quoted(text)) has no place in an expression", meant.map { "did you mean \($0)?" })
  }

  static func notAName(_ text: String) -> Wording { Wording("\(quoted(text)) is not a name") }
  static func notANumber(_ text: String) -> Wording { Wording("\(quoted(text)) is not a number") }

  static func tooLarge(_ text: String) -> Wording {
    Wording("\(quoted(text)) is too large for a number", "the largest is about 1.8e308; inf is infinity")
  }

  static func afterNumber(_ number: String, _ suffix: String) -> Wording {
    Wording("\(quoted(suffix)) follows a number", "did you mean \(number)*\(suffix)?")
  }

  static let chainedComparison = Wording("comparisons do not chain", "write a < b and b < c")
  static let needsNumber = Wording("a number is needed here, not a text")
  static let textTooLong = Wording("the text is too long")

  static func unknownFunction(_ name: String) -> Wording {
    if Law.names.contains(name) {
      return Wording(
        "\(name) is a distribution and has no place in an expression", "delay= takes distributions")
    }
    return Wording(
      "there is no function \(quoted(name))",
      suggestion(name, among: Function.names) ?? "there are \(Function.names.joined(separator: ", "))")
  }

  static func argumentCount(_ name: String, isVariadic: Bool, given: Int) -> Wording {
    Wording("\(name) takes \(isVariadic ? "one argument or more" : "one argument"), not \(given)")
  }

  static func unknownVariable(_ name: String, among known: [String]) -> Wording {
    Wording(
      "there is no variable \(quoted(name))", suggestion(name, among: known) ?? "let \(name) = … makes one")
  }
}

// Commands and their arguments.
extension Wording {
  static let settingEndsEarly = Wording(
    "a method's setting ends before this", "write \"METHOD KEY=VALUE… label=TEXT\"")
  static let settingWithoutMethod = Wording(
    "the text names no method", "write \"METHOD KEY=VALUE… label=TEXT\"")

  static func listsExpected(_ flag: String) -> Wording {
    Wording("\(flag)(…) takes KEY in LIST", "write \(flag)(batch in [1,4,16])")
  }

  static func unknownCommand(_ name: String, among names: [String]) -> Wording {
    Wording(
      "there is no command \(quoted(name))", suggestion(name, among: names) ?? "help lists the commands")
  }

  static func assignmentWithoutLet(_ name: String) -> Wording {
    Wording("there is no command \(quoted(name))", "did you mean let \(name) = …?")
  }

  static func ambiguousCommand(_ name: String, _ names: [String]) -> Wording {
    Wording("\(quoted(name)) is the beginning of several commands", "did you mean \(either(names))?")
  }

  static func missingParameter(_ command: Command, _ parameter: Parameter) -> Wording {
    Wording("\(command.name) needs \(parameter.name): \(parameter.summary)", "write \(command.usage)")
  }

  static func missingArguments(_ command: Command) -> Wording {
    Wording("\(command.name) needs an argument", "write \(command.usage)")
  }

  static func unexpectedArgument(_ text: String, _ command: Command, keys: [CommandKey]) -> Wording {
    let message = "\(command.name) does not take \(quoted(text))"
    if command.takesConditions && Command.quantities.contains(text) {
      return Wording(message, "did you mean \(text)<1e-4?")
    }
    if text.hasPrefix("=") { return Wording(message, "a key and its value have no spaces around =") }
    if let first = text.utf8.first, !first.continuesName, !"\"'.-([".utf8.contains(first) {
      return Wording(message, "an argument has no spaces outside brackets")
    }
    let forms = keys.map { $0.name + "=" } + command.flags.map(\.name)
    if let key = keys.first(where: { $0.name == text }) {
      return Wording(message, "did you mean \(key.name)=…?")
    }
    let meant = suggestion(text, among: keys.map(\.name) + command.flags.map(\.name)) { meant in
      forms.contains(meant) ? meant : meant + "=…"
    }
    return Wording(message, meant ?? "write \(command.usage)")
  }

  static func unknownKey(_ name: String, of what: String, keys: [String]) -> Wording {
    Wording(
      "\(what) has no key \(quoted(name))",
      suggestion(name, among: keys) { "\($0)=" } ?? (keys.isEmpty ? "it has none" : "it has \(either(keys))"))
  }

  static func conditionAsKey(_ name: String, _ value: String) -> Wording {
    Wording("\(quoted(name)) is no key but a quantity", "did you mean \(name)<\(value)?")
  }

  static func repeatedKey(_ name: String) -> Wording { Wording("\(name)= is given twice") }
  static func missingValue(_ name: String) -> Wording {
    Wording("\(name)= has no value", "write \(name)=VALUE without spaces around =")
  }

  static func unknownWord(_ word: String, noun: String, options: [String]) -> Wording {
    Wording(
      "there is no \(noun) \(quoted(word))",
      suggestion(word, among: options)
        ?? (options.count <= 12 ? "there are \(options.joined(separator: ", "))" : nil))
  }

  static func wrongWord(_ word: String, key: String, options: [String]) -> Wording {
    Wording(
      "\(key) does not take \(quoted(word))",
      suggestion(word, among: options) ?? "it takes \(either(options))")
  }

  /// A name of a file that says of no form, or a misspelt flag or key, which looks like one.
  static func unknownForm(_ path: String, _ endings: [String], _ command: Command) -> Wording {
    let words = command.flags.map(\.name) + command.keys.map(\.name)
    return Wording(
      "the form of \(quoted(path)) is not known",
      path.contains(".")
        ? "the name ends in \(either(endings))"
        : suggestion(path, among: words) { name in
          command.flags.contains { $0.name == name } ? name : name + "=…"
        } ?? "the name ends in \(either(endings))")
  }

  static func wrongValue(_ name: String, _ value: String, expected: String) -> Wording {
    Wording("\(name) takes \(expected), not \(value)")
  }

  static func aboveLimit(_ name: String, _ value: String, limit: Int) -> Wording {
    Wording("\(name) takes integers up to \(limit), not \(value)")
  }

  static func nanForWorker(_ name: String, worker: Int) -> Wording {
    Wording("\(name) is not a number (nan) for worker \(worker)")
  }

  static func badWorkers(_ text: String) -> Wording {
    Wording(
      "\(quoted(text)) is no number of workers",
      "write N, or A..B for some of them: integers from 1 on, A at most B")
  }

  static func tooManyWorkers(_ text: String) -> Wording {
    Wording("\(quoted(text)) are too many workers", "a fleet has at most \(ValueKind.mostWorkers)")
  }

  static func badCondition(_ text: String) -> Wording {
    Wording(
      "a condition is QUANTITY<NUMBER, with <, <=, > or >=, not \(quoted(text))",
      "the quantities are \(either(Command.quantities))")
  }

  static func unknownQuantity(_ name: String) -> Wording {
    Wording(
      "there is no quantity \(quoted(name))",
      suggestion(name, among: Command.quantities) ?? "the quantities are \(either(Command.quantities))")
  }

  static let spacesInCondition = Wording(
    "a condition has no spaces", "write gradnorm2<1e-4, not gradnorm2 < 1e-4")

  static func unknownDistribution(_ name: String) -> Wording {
    Wording(
      "there is no distribution \(quoted(name))",
      suggestion(name, among: Law.names + Function.names) ?? "there are \(Law.names.joined(separator: ", "))")
  }

  static func parameterCount(_ law: Law, given: Int) -> Wording {
    let count = law.parameters.count
    return Wording(
      "\(law.name) takes \(count) parameter\(count == 1 ? "" : "s"), not \(given)", "write \(law.usage)")
  }

  static let traceArguments = Wording(
    "trace takes the name of a file, and replay or bootstrap",
    "write trace(\"FILE\") or trace(\"FILE\",bootstrap)")

  static let mixtureArguments = Wording(
    "mixture takes a probability and two distributions",
    "write mixture(0.9,constant(1),exponential(0.1)), with the probability of the first")
}
