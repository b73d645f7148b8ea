// SPDX-License-Identifier: Apache-2.0

/// The words of an error or a warning. This file holds all messages of the language.
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
  static func either(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

// Text and statements.
extension Wording {
  static let notText = Wording("this is not text in UTF-8")
  static let tooDeep = Wording(
    "this is nested too deeply", "at most \(SourceText.depthLimit) levels are read")
  static let unclosedString = Wording(
    "the string has no end", "a string ends with its quote, on the same line")

  static func strayBracket(_ byte: UInt8) -> Wording {
    Wording("\(quoted(byte)) closes nothing", "put text with brackets in quotes")
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
  static func longList(_ count: Int, limit: Int) -> Wording {
    Wording("a list of \(count) values", "give at most \(limit)")
  }
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

  static func unknownFunction(_ name: String, among names: [String]) -> Wording {
    Wording(
      "there is no function \(quoted(name))",
      suggestion(name, among: names) ?? "there are \(names.joined(separator: ", "))")
  }

  static func distributionInExpression(_ name: String) -> Wording {
    Wording("\(name) is a distribution and has no place in an expression", "delay= takes distributions")
  }

  static func onlyForWorkers(_ name: String) -> Wording {
    Wording("\(name)(…) has a value for every worker only", "write it in a key of workers: tau=\(name)(…)")
  }

  static let drawArguments = Wording("draw takes one law", "write draw(lognormal(0,1))")
  static let columnArguments = Wording(
    "column takes a file and a title", "write column(\"devices.csv\",\"tau\")")

  static func argumentCount(_ name: String, isVariadic: Bool, given: Int) -> Wording {
    Wording("\(name) takes \(isVariadic ? "one argument or more" : "one argument"), not \(given)")
  }

  /// `option` is how the call is written, with its arguments.
  static func argumentCount(_ name: String, of option: String, count: Int, given: Int) -> Wording {
    count == 1
      ? argumentCount(name, isVariadic: false, given: given)
      : Wording("\(name) takes \(count) arguments, not \(given)", "write it as \(option)")
  }

  static let needsName = Wording("value() needs the name of a variable, a text", "write value(\"NAME\")")
  static let lookupInChanging = Wording(
    "value() has no place in an expression whose value changes", "give it a name first: let x = value(…)")

  static func unknownMethod(_ name: String, among methods: [String]) -> Wording {
    Wording(
      "there is no method \(quoted(name))", suggestion(name, among: methods) ?? "help lists the methods")
  }

  static func otherContent(_ path: String, ofCheckpoint file: String) -> Wording {
    Wording(
      "\(path) is not what it was when the checkpoint \(file) was written",
      "restore the file, or run again")
  }

  static func unknownVariable(_ name: String, among known: [String]) -> Wording {
    Wording(
      "there is no variable \(quoted(name))",
      suggestion(name, among: known) ?? "let \(name) = … makes one, and in quotes it is a text")
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

  static func missingParameter(_ name: String, _ summary: String, of command: String, usage: String)
    -> Wording
  {
    Wording("\(command) needs \(name): \(summary)", "write \(usage)")
  }

  /// `quantities` are those that conditions of the command can be about.
  static func unexpectedArgument(
    _ text: String, of command: String, usage: String, keys: [String], flags: [String],
    quantities: [String]
  ) -> Wording {
    let message = "\(command) does not take \(quoted(text))"
    if quantities.contains(text) { return Wording(message, "did you mean \(text)<1e-4?") }
    if text.hasPrefix("=") { return Wording(message, "a key and its value have no spaces around =") }
    if let first = text.utf8.first, !first.continuesName, !"\"'.-([".utf8.contains(first) {
      return Wording(message, "an argument has no spaces outside brackets")
    }
    if keys.contains(text) { return Wording(message, "did you mean \(text)=…?") }
    let meant = suggestion(text, among: keys + flags) { flags.contains($0) ? $0 : $0 + "=…" }
    return Wording(message, meant ?? "write \(usage)")
  }

  static func unknownKey(_ name: String, of what: String, keys: [String]) -> Wording {
    Wording(
      "\(what) has no key \(quoted(name))",
      suggestion(name, among: keys) { "\($0)=" } ?? (keys.isEmpty ? "it has none" : "it has \(either(keys))"))
  }

  static func doesNotCompress(_ method: String, _ key: String) -> Wording {
    Wording(
      "\(method) takes no \(key)=: its workers do not send whole gradients to a server",
      "take a method whose workers do, such as rennala or ringmaster")
  }

  static func doesNotStep(_ method: String, _ key: String) -> Wording {
    Wording(
      "\(method) takes no \(key)=: its updates are not steps along a vector, or are tied to other sequences",
      "take a method that steps along gradients, such as rennala or ringmaster")
  }

  static func takesNoLocalSteps(_ method: String, _ key: String) -> Wording {
    Wording(
      "\(method) takes no \(key)=: a job of its workers is not just a gradient",
      "take a method whose jobs are, such as rennala or ringmaster")
  }

  static func hasNoRounds(_ method: String, _ key: String) -> Wording {
    Wording(
      "\(method) takes no \(key)=: it has no rounds in which some of the workers could take part",
      "take a method that has, such as minibatch or local-sgd")
  }

  static func conditionAsKey(_ name: String, _ value: String) -> Wording {
    Wording("\(quoted(name)) is no key but a quantity", "did you mean \(name)<\(value)?")
  }

  static func repeatedKey(_ name: String, _ other: String) -> Wording {
    name == other
      ? Wording("\(name)= is given twice")
      : Wording("\(name)= and \(other)= are the same key", "give one of them")
  }
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
  static func unknownForm(
    _ path: String, _ endings: [String], flags: [String], keys: [String]
  ) -> Wording {
    Wording(
      "the form of \(quoted(path)) is not known",
      path.contains(".")
        ? "the name ends in \(either(endings))"
        : suggestion(path, among: flags + keys) { flags.contains($0) ? $0 : $0 + "=…" }
          ?? "the name ends in \(either(endings))")
  }

  static func notRendered(_ problem: String, remedy: String) -> Wording { Wording(problem, remedy) }

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

  static func tooManyWorkers(_ text: String, limit: Int) -> Wording {
    Wording("\(quoted(text)) are too many workers", "a fleet has at most \(limit)")
  }

  static func badCondition(_ text: String, quantities: [String]) -> Wording {
    Wording(
      "a condition is QUANTITY<NUMBER, with <, <=, > or >=, not \(quoted(text))",
      "the quantities are \(either(quantities))")
  }

  static func unknownQuantity(_ name: String, among quantities: [String]) -> Wording {
    Wording(
      "there is no quantity \(quoted(name))",
      suggestion(name, among: quantities) ?? "the quantities are \(either(quantities))")
  }

  static let spacesInCondition = Wording(
    "a condition has no spaces", "write gradnorm2<1e-4, not gradnorm2 < 1e-4")

  static func unknownDistribution(
    _ name: String, among laws: [String], _ functions: [String]
  ) -> Wording {
    Wording(
      "there is no distribution \(quoted(name))",
      suggestion(name, among: laws + functions) ?? "there are \(laws.joined(separator: ", "))")
  }

  static func parameterCount(_ law: String, _ count: Int, given: Int, usage: String) -> Wording {
    Wording("\(law) takes \(count) parameter\(count == 1 ? "" : "s"), not \(given)", "write \(usage)")
  }

  static let traceArguments = Wording(
    "trace takes the name of a file, then replay or bootstrap, then keys",
    "write trace(\"FILE\"), trace(\"FILE\",bootstrap) or trace(\"FILE\",worker=rank,unit=ms)")

  static func noSchedule(_ text: String, usages: [String]) -> Wording {
    Wording("\(quoted(text)) is not known here", "write \(either(usages))")
  }

  static func scheduleArguments(_ form: String, given: Int, usage: String) -> Wording {
    Wording("\(form) does not take \(given) argument\(given == 1 ? "" : "s")", "write \(usage)")
  }

  static let mixtureArguments = Wording(
    "mixture takes a probability and two distributions",
    "write mixture(0.9,constant(1),exponential(0.1)), with the probability of the first")
}

// What is configured.
extension Wording {
  static func noProblem(_ name: String) -> Wording { Wording("there is no problem \(name)") }
  static func noMethod(_ name: String) -> Wording { Wording("there is no method \(name)") }
  static let noMethodYet = Wording("there is no method yet", "choose one: method rennala")
  static let noWorkersYet = Wording("there are no workers yet", "say how many: workers 10 tau=sqrt(i)")
  static let noNodesYet = Wording("there are no workers yet", "say how many: workers 100")
  static let noModel = Wording(
    "there is no run whose model could be saved", "run one: run updates=1000; comparisons keep no models")
  static let noClock = Wording(
    "there is no clock here by which real workers could wait", "give the interpreter's World a clock")

  static func serialProblem(_ name: String) -> Wording {
    Wording(
      "the functions of \(name) may only be called one after another", "leave threads= out, or say threads=1")
  }

  static let noTopologyYet = Wording(
    "there is no topology yet", "say who is linked to whom: topology grid link=1")

  static func noSuchWorkers(of count: Int) -> Wording {
    Wording(
      "these workers do not exist",
      count == 0 ? "make a fleet first: workers 10 tau=sqrt(i)" : "there are workers 1..\(count)")
  }

  static func keyAndColumn(_ key: String, _ file: String) -> Wording {
    Wording("\(key)= is given, and \(file) has a column for it", "leave one of the two out")
  }

  static func tableForSome(_ file: String) -> Wording {
    Wording(
      "\(file) has a place for a whole fleet only", "write workers \"\(file)\", or workers N \"\(file)\"")
  }

  static func keyOfTable(_ key: String) -> Wording {
    Wording("\(key)= says how a table of workers is read, and there is none", "leave it out")
  }

  static func otherRows(_ file: String, _ rows: Int, _ workers: Int) -> Wording {
    Wording(
      "\(file) has \(rows) rows, and the fleet \(workers) workers",
      "name the workers alike in both files, or write a row for every worker")
  }

  static func noSuchRow(_ file: String, _ name: String) -> Wording {
    Wording("\(file) has no row of worker \(name)", "write a row for every worker")
  }

  static func badValue(_ key: String, _ value: String, worker: Int) -> Wording {
    Wording("\(key)= is \(value) for worker \(worker)", "it takes numbers that are not negative")
  }

  static let topologyWithoutFile = Wording(
    "topology file needs a file", "write topology file \"links.csv\"")
  static let otherNames = Wording(
    "the nodes of the file have other names than the workers", "name them alike in both files")
  static let topologyTakesNoFile = Wording(
    "only topology file takes a file", "write topology file \"links.csv\"")
  static let randomWithoutDegree = Wording("random needs a degree", "write topology random(4)")

  static func badDegree(_ degree: String) -> Wording {
    Wording("random(\(degree)) has no degree", "write a whole number: random(4)")
  }

  static func meaninglessKey(_ key: String, of kind: String) -> Wording {
    Wording("\(key)= has no meaning for \(kind)", "leave it out")
  }

  static func badLinkTime(_ key: String, _ seconds: String) -> Wording {
    Wording("\(key)= is \(seconds)", "a message takes at least 0 seconds")
  }

  static let targetWithoutKeys = Wording("target needs epsilon=", "write target epsilon=1e-4")

  static func infiniteConstant(_ key: String, _ value: String) -> Wording {
    Wording("\(key)= is \(value)", "it takes a finite number, or auto")
  }

  static func fractionOfUpdates(_ number: String) -> Wording {
    Wording(
      "every= counts updates here, and \(number) is no integer", "unit=time counts simulated seconds")
  }
}

// Runs and what they give.
extension Wording {
  /// What a run says of itself before it begins.
  static func remark(_ remark: String, of method: String) -> Wording { Wording("\(method): \(remark)") }

  static func noStop(of command: String) -> Wording {
    Wording(
      "\(command) needs to know when to stop",
      "say updates=N, time=T, arrivals=N or a comparison such as gradnorm2<1e-4")
  }

  static let interrupted = Wording("interrupted")
  static let searchInterrupted = Wording(
    "the search for f* was interrupted before anything ran",
    "the same command searches anew; target fstar=VALUE gives f* without a search")
  static let nothingHasRun = Wording("nothing has run yet", "run something first: run updates=10")
  static func emptyFigure(_ notes: [String]) -> Wording {
    Wording(
      "there is nothing to draw",
      notes.first.map { String($0.dropFirst("note: ".count)) }
        ?? "there are no values, or none within xlim= and ylim=")
  }
  static let badInterval = Wording(
    "these are no ends of an axis", "write [a, b] or a..b with a below b, both above 0 on a logarithmic axis")
  static let limitsOfTexts = Wording("an axis of texts has no ends")
  static let badQuantile = Wording("quantile(p) takes a share from 0 to 1", "write band=quantile(0.1)")
  static func noCurve(_ name: String, among names: [String]) -> Wording {
    Wording(
      "there is no curve \(quoted(name))",
      names.isEmpty ? "a heat map has none" : suggestion(name, among: names) ?? "there is \(either(names))")
  }
  static func tooManyLabels(_ labels: Int, _ curves: Int) -> Wording {
    Wording("there are \(labels) labels and \(curves) curve\(curves == 1 ? "" : "s")")
  }
  static func onlyOfTables(_ key: String) -> Wording {
    Wording("\(key)= is for tables and sweeps", "a run or comparison has curves: plot x=time y=gap")
  }
  static let nothingToSave = Wording(
    "nothing has run yet", "run or compare something first: run updates=100")
  static func traceIsNoTable(instead endings: [String]) -> Wording {
    Wording("a trace is no table", "save it as \(either(endings))")
  }
  static let emptyTable = Wording("the table has no rows yet", "add one: row R=R time=time")
  static let rowWithoutColumns = Wording(
    "row needs columns", "give at least one: row method=\"rennala\" time=time")

  static func noColumn(for key: String) -> Wording { Wording("the table has no column for \(key)=") }

  static func unknownColumn(_ name: String, among columns: [String]) -> Wording {
    Wording("the table has no column \(name)", "there are " + columns.joined(separator: ", "))
  }

  static func noTimeBetween(_ now: String) -> Wording {
    Wording("there is no time between from= and to=", "the run went from 0 to \(now)")
  }

  static func badProbability(_ key: String) -> Wording { Wording("\(key)= takes numbers from 0 to 1") }
  static let tauWithoutOutages = Wording("tau= is for markov(up,down): other delays do not depend on it")
  static let outagesWithoutTau = Wording(
    "how long outages hold up a job depends on how long it works",
    "give the seconds of its work: law markov(10,200) tau=1")

  /// `known` are the variables that the expression mentions, with their values.
  static func expectationFailed(_ text: String, _ known: [(name: String, value: String)]) -> Wording {
    Wording(
      "expected \(text)",
      known.isEmpty ? nil : known.map { "\($0.name) is \($0.value)" }.joined(separator: ", "))
  }
}

// Comparisons, sweeps and advice.
extension Wording {
  static func sameLabel(_ other: String, _ label: String, of method: String) -> Wording {
    Wording(
      other == label
        ? "two methods go by \(label)" : "the variables of '\(other)' and '\(label)' have the same names",
      "give one of them another label: \"\(method) label=TEXT\"")
  }

  static let nothingToVary = Wording(
    "sweep needs to know what to vary", "write sweep gamma in [0.1, 0.2, 0.4] updates=1000")

  static func variedTwice(_ name: String) -> Wording { Wording("\(name) is varied twice") }
  static func emptyList(_ name: String) -> Wording { Wording("the list for \(name) is empty") }
  static func listTooLong(_ limit: Int) -> Wording { Wording("the list has more than \(limit) values") }

  static func gridTooLarge(_ limit: Int, _ remedy: String) -> Wording {
    Wording("the grid has more than \(limit) points", remedy)
  }

  static func notVariable(_ name: String, among keys: [String], _ variables: [String]) -> Wording {
    Wording(
      "there is nothing to vary that is called '\(name)'",
      suggestion(name, among: keys + variables) ?? "there are \(keys.joined(separator: ", "))")
  }

  static func variedResult(_ name: String) -> Wording {
    Wording("\(name) is a result and cannot be varied", "give the variable another name")
  }

  static func unusedVariable(_ name: String) -> Wording {
    Wording(
      "nothing in the configuration mentions the variable \(name)",
      "use it in problem, workers or method: gamma=\(name)")
  }

  static func badPatience(_ number: String) -> Wording {
    Wording(
      "prune= is \(number)", "it takes 1 or more: how many times the best's simulated time a point may take")
  }

  static func hiddenInStepsize(_ name: String, meaning: String) -> Wording {
    Wording("in gamma= \(name) is the variable, and not \(meaning)")
  }

  static func longStepsize(_ steps: Int, numbers: Int) -> Wording {
    Wording(
      "the expression for gamma= is too long",
      "give at most \(steps) operands and operators, of which \(numbers) are numbers")
  }

  static func expressionIsTuned(_ method: String) -> Wording {
    Wording(
      "gamma= of \(method) is an expression, and tune looks for a constant",
      "leave gamma= out, or put a variable in it and sweep that: sweep c in [0.1,1,10]")
  }

  static let stepsizesTwice = Wording("the stepsizes are given twice", "leave tune= out")

  static func stepsizeCount(_ count: Int, limit: Int) -> Wording {
    Wording("there are \(count) stepsizes to tune", "give from 1 to \(limit)")
  }

  static func badStepsize(_ value: String) -> Wording {
    Wording("tune takes stepsizes, which are numbers above 0, not \(value)")
  }

  static func noKeyToTune(_ name: String, among keys: [String]) -> Wording {
    Wording("no method here has a key '\(name)' to tune", suggestion(name, among: keys))
  }

  static func tunedTwice(_ name: String) -> Wording { Wording("\(name) is tuned twice") }

  /// `message` and `remedy` are those of the first setting.
  static func settingsCannotRun(
    _ count: Int, of all: Int, _ method: String, first: String, _ message: String, _ remedy: String?
  ) -> Wording {
    Wording(
      "\(count) of \(all) settings of \(method) cannot run, the first with \(first): \(message)", remedy)
  }

  static func stepsizeAtEdge(_ stepsize: String, of method: String, isLargest: Bool) -> Wording {
    Wording(
      "the best stepsize of \(method) is the \(isLargest ? "largest" : "smallest") that was tried, "
        + "\(stepsize)",
      "one beyond it may be better: tune=[…] takes stepsizes of your own")
  }

  static func stepsizeBeyondGrid(_ stepsize: String, of method: String, edge: String) -> Wording {
    Wording(
      "the best stepsize of \(method), \(stepsize), lies beyond the grid, which ended at \(edge) and was "
        + "extended")
  }

  static func keyAtEdge(_ key: String, _ value: String, of method: String, isLargest: Bool) -> Wording {
    Wording(
      "the best \(key) of \(method) is the \(isLargest ? "largest" : "smallest") of the list, \(value)",
      "one beyond it may be better")
  }

  static let traceWithoutFile = Wording(
    "trace needs the file of the recorded durations", "write advise trace \"FILE\"")
  static let nothingToAdviseOn = Wording(
    "there are no workers yet and no recorded durations",
    "say how many: workers 10 tau=sqrt(i); or write advise trace \"FILE\"")

}

// Files and the session.
extension Wording {
  static let outputClosed = Wording("the output was closed by its reader")

  static func sourcesItself(_ path: String) -> Wording {
    Wording("\(path) would run itself", "a file cannot be sourced from within itself")
  }

  static let sourcedTooDeeply = Wording("files are sourced too deeply")

  static func notConfiguring(_ line: String, file: String) -> Wording {
    Wording("\(file): '\(line)' is not one command that configures", "checkpoint FILE makes a new one")
  }

  /// `message` and `remedy` are those of the configuration's first error.
  static func badConfiguration(_ file: String, _ message: String?, _ remedy: String?) -> Wording {
    Wording("\(file): \(message ?? "its configuration cannot be made again")", remedy)
  }
}
