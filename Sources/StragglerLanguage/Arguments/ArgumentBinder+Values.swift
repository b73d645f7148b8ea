// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

extension ArgumentBinder {
  /// Reads an argument known by position.
  func readPositional(
    _ place: Place, _ parameter: Parameter, of command: CommandDescription
  ) throws(Diagnostic) -> ArgumentValue {
    if case .text = parameter.kind, ArgumentReader.isName(place) || ArgumentReader.calledName(place) != nil,
      let expression = try? ExpressionParser.expression(place), expression.isAtom || expression.looksUp
    {
      return .text(try expression.evaluate(in: environment).printed)
    }
    if case .word(let set) = parameter.kind {
      let options = set.words(table, catalogue)
      if let call = try call(place, among: options) { return call }
      guard let word = word(place, among: options) else {
        if case .settings(let command) = set, let setting = try setting(place, command) {
          return .setting(setting)
        }
        throw Diagnostic(
          set.noun.map { .unknownWord(place.text, noun: $0, options: options) }
            ?? .wrongWord(place.text, key: command.name, options: options), at: place)
      }
      return .word(word)
    }
    return try read(place, parameter.kind, name: parameter.name)
  }

  /// A method with keys of its own, in a text; nil where there is no text.
  private func setting(
    _ place: Place, _ command: CommandDescription
  ) throws(Diagnostic) -> MethodSetting? {
    guard let first = place.bytes.first, first == .ascii("\"") || first == .ascii("'") || first.beginsName,
      let expression = try? ExpressionParser.expression(place),
      case .text(let text)? = try? expression.evaluate(in: environment)
    else { return nil }
    var inner = SourceText(name: "<setting>", text).all
    let own = Place(
      place.source, place.range.lowerBound + 1..<max(place.range.lowerBound + 1, place.range.upperBound - 1))
    if !first.beginsName, own.text == text { inner = own }
    var scanner = Scanner(inner)
    var (arguments, words, label): ([Argument], [String], String?) = ([], [], nil)
    while true {
      scanner.skipBlanks()
      if scanner.isAtEnd { break }
      guard !scanner.isAtStatementEnd, scanner.byte != .ascii("{") else {
        throw Diagnostic(.settingEndsEarly, at: scanner.here)
      }
      let argument = Argument(try scanner.argument())
      guard let key = argument.key, key.text == "label", !arguments.isEmpty else {
        arguments.append(argument)
        words.append(argument.place.text)
        continue
      }
      guard label == nil else { throw Diagnostic(.repeatedKey("label", "label"), at: key) }
      let value = argument.value
      guard !value.range.isEmpty else { throw Diagnostic(.missingValue("label"), at: key) }
      let isQuoted = value.bytes.first == .ascii("\"") || value.bytes.first == .ascii("'")
      label = isQuoted ? try ExpressionParser.expression(value).evaluate(in: environment).printed : value.text
    }
    guard let name = arguments.first?.place else { throw Diagnostic(.settingWithoutMethod, at: place) }
    let bound = try bind(Invocation(name: name, arguments: arguments), to: command)
    return MethodSetting(
      name: bound.subject, label: label ?? words.joined(separator: " "), arguments: bound)
  }

  /// Reads the value of a key.
  func read(_ place: Place, _ key: CommandKey) throws(Diagnostic) -> ArgumentValue {
    if let word = word(place, among: key.words) { return .word(word) }
    if let call = try call(place, among: key.words) { return call }
    let name = "\(key.name)="
    switch key.kind {
    case .word(let set):
      let options = key.words.isEmpty ? set.words(table, catalogue) : key.words
      if let call = try call(place, among: options) { return call }
      guard let word = word(place, among: options) else {
        throw Diagnostic(.wrongWord(place.text, key: name, options: options), at: place)
      }
      return .word(word)
    case .path, .quotedPath: return .text(try path(place))
    case .name: return .word(try self.name(place))
    case .names: return .names(try names(place))
    default:
      // A name that is no variable was meant for one of the words.
      if let options = key.options, ArgumentReader.isName(place), environment[place.text] == nil,
        Keyword.constants[place.text] == nil, !["i", "j", "n"].contains(place.text),
        !StepsizeExpression.names.contains(place.text)
      {
        throw Diagnostic(.wrongWord(place.text, key: name, options: options), at: place)
      }
      return try read(place, key.kind, name: name)
    }
  }

  private func read(_ place: Place, _ kind: ValueKind, name: String) throws(Diagnostic) -> ArgumentValue {
    switch kind {
    case .number: return .number(try number(place, kind, name) { _ in true })
    case .nonnegative: return .number(try number(place, kind, name) { $0 >= 0 })
    case .positive: return .number(try number(place, kind, name) { $0 > 0 && $0 < .infinity })
    case .seed: return .word(String(try seed(place, name)))
    case .flag: return .number(try number(place, kind, name) { $0 == 0 || $0 == 1 })
    case .integer(let range):
      return .number(try number(place, kind, name) { Int(exactly: $0).map(range.contains) ?? false })
    case .perWorker:
      let expression = try ExpressionParser.expression(place)
      return .perWorker(try worker(expression, key: name, in: place))
    case .stepsize:
      let expression = try ExpressionParser.expression(place)
      guard let stepsize = try StepsizeExpression(expression, in: environment) else {
        return .number(try number(place, .number, name) { _ in true })
      }
      return .stepsize(stepsize)
    case .perLink:
      let expression = try ExpressionParser.expression(place)
      return .perWorker(try WorkerExpression(expression, in: environment, ofLinks: true))
    case .distribution: return .distribution(try distribution(place, key: name))
    case .schedule(let forms, let isNumber):
      let schedule = try Schedule(parsing: place, among: forms, orNumber: isNumber)
      return .schedule(try bind(schedule, forms, key: name, in: place))
    case .list: return .list(try ListExpression(parsing: place).values(in: environment))
    case .integers where ListExpression.isList(place):
      return .numbers(try ListExpression(parsing: place).numbers(in: environment))
    case .integers: return .number(try number(place, kind, name) { _ in true })
    case .path, .quotedPath: return .text(try path(place))
    case .workers: return try workers(place)
    case .text: return .text(text(place))
    case .name: return .word(try self.name(place))
    case .names: return .names(try names(place))
    case .interval: return .numbers(try interval(place))
    case .column:
      return .text(
        ArgumentReader.isWord(place)
          ? place.text : try ExpressionParser.expression(place).evaluate(in: environment).printed)
    case .value:
      switch try ExpressionParser.expression(place).evaluate(in: environment) {
      case .number(let number): return .number(number)
      case .text(let text): return .text(text)
      }
    case .word(let set):
      guard let word = word(place, among: set.words(table, catalogue)) else {
        throw Diagnostic(.wrongWord(place.text, key: name, options: set.words(table, catalogue)), at: place)
      }
      return .word(word)
    }
  }

  /// Digits are taken as they are, so that integers are exact that no double holds.
  private func seed(_ place: Place, _ name: String) throws(Diagnostic) -> UInt64 {
    let bytes = place.bytes
    if bytes.allSatisfy(\.isDigit), let seed = UInt64(place.text) { return seed }
    let number = try ExpressionParser.expression(place).number(in: environment)
    guard let seed = UInt64(exactly: number), !bytes.allSatisfy(\.isDigit) else {
      throw Diagnostic(
        .wrongValue(name, NumberFormat.text(number), expected: ValueKind.seed.name), at: place)
    }
    return seed
  }

  private func number(
    _ place: Place, _ kind: ValueKind, _ name: String, where isRight: (Double) -> Bool
  ) throws(Diagnostic) -> Double {
    let number = try ExpressionParser.expression(place).number(in: environment)
    guard !number.isNaN, isRight(number) else {
      if case .integer(let range) = kind, number > Double(range.upperBound) {
        throw Diagnostic(.aboveLimit(name, NumberFormat.text(number), limit: range.upperBound), at: place)
      }
      throw Diagnostic(.wrongValue(name, NumberFormat.text(number), expected: kind.name), at: place)
    }
    return number
  }

  /// The option that is at `place`, as a word, in quotes, or as a variable that holds it. One all of whose
  /// arguments have standard values, as in `heavy-ball(beta=0.9)`, may be without them.
  private func word(_ place: Place, among options: [String]) -> String? {
    func isOption(_ word: String) -> Bool {
      options.contains { $0 == word || ($0.hasPrefix(word + "(") && $0.contains("=")) }
    }
    let word = place.text
    if isOption(word) { return word }
    guard let first = place.bytes.first, first.beginsName || first == .ascii("\"") || first == .ascii("'"),
      let expression = try? ExpressionParser.expression(place), expression.isAtom,
      case .text(let text)? = try? expression.evaluate(in: environment)
    else { return nil }
    return isOption(text) ? text : nil
  }

  /// A word with arguments, where `words` has it: `quantile(0.9)` for `quantile(p)`.
  private func call(_ place: Place, among words: [String]) throws(Diagnostic) -> ArgumentValue? {
    guard let name = ArgumentReader.calledName(place),
      let option = words.first(where: { $0.hasPrefix(name.text + "(") })
    else {
      return nil
    }
    let parts = try ArgumentReader.parts(
      ofBracketed: Place(place.source, name.range.upperBound..<place.range.upperBound))
    let count = option.utf8.count { $0 == UInt8(ascii: ",") } + 1
    guard parts.count == count else {
      throw Diagnostic(
        .argumentCount(name.text, of: option, count: count, given: parts.count), at: place)
    }
    var numbers: [Double] = []
    for part in parts { numbers.append(try number(part, .number, name.text) { _ in true }) }
    return .call(name.text, numbers)
  }

  /// Whether an argument known by position is meant for a parameter of that kind.
  func isMeant(_ place: Place, for kind: ValueKind) -> Bool {
    guard case .quotedPath = kind else { return true }
    if ArgumentReader.isName(place), case .text? = environment[place.text] { return true }
    return place.bytes.first == .ascii("\"") || place.bytes.first == .ascii("'")
  }

  /// The name of a file: as it is, or what an expression gives that is a text: one that begins with a bracket
  /// or has quotation marks in it, and others where they can be evaluated.
  private func path(_ place: Place) throws(Diagnostic) -> String {
    if let first = place.bytes.first, first == .ascii("\"") || first == .ascii("'") || first == .ascii("(") {
      return try ExpressionParser.expression(place).evaluate(in: environment).printed
    }
    if place.bytes.contains(.ascii("\"")) {
      return try ExpressionParser.expression(place).evaluate(in: environment).printed
    }
    if let expression = try? ExpressionParser.expression(place),
      case .text(let text)? = try? expression.evaluate(in: environment)
    {
      return text
    }
    return place.text
  }

  /// A word, or what a text in quotes says.
  private func name(_ place: Place) throws(Diagnostic) -> String {
    if ArgumentReader.isWord(place) { return place.text }
    guard case .text(let text) = try ExpressionParser.expression(place).evaluate(in: environment) else {
      throw Diagnostic(.notAName(place.text), at: place)
    }
    return text
  }

  /// A name, or the names in a list; a variable that holds a text stands for it.
  private func names(_ place: Place) throws(Diagnostic) -> [String] {
    let isList = place.bytes.first == .ascii("[")
    let parts = isList ? try ArgumentReader.parts(ofBracketed: place) : [place]
    var names: [String] = []
    for part in parts {
      if ArgumentReader.isName(part), case .text(let text)? = environment[part.text] {
        names.append(text)
      } else {
        names.append(try name(part))
      }
    }
    return names
  }

  /// The two ends of an interval.
  private func interval(_ place: Place) throws(Diagnostic) -> [Double] {
    guard ListExpression.isList(place) else { throw Diagnostic(.badInterval, at: place) }
    let list = try ListExpression(parsing: place)
    if case .range(let first, let last, nil) = list.form {
      return [try first.number(in: environment), try last.number(in: environment)]
    }
    return try list.numbers(in: environment)
  }

  /// What `echo` prints: the value, or the text itself where it has none.
  private func text(_ place: Place) -> String {
    guard let expression = try? ExpressionParser.expression(place),
      let value = try? expression.evaluate(in: environment)
    else { return place.text }
    return value.printed
  }

  /// An expression with a value for every worker, in the value of a key.
  private func worker(
    _ expression: Expression, key: String, in value: Place
  ) throws(Diagnostic) -> WorkerExpression {
    try WorkerExpression(expression, in: environment) { (call, place) throws(Diagnostic) in
      try column(call, place, key: key, in: value)
    }
  }

  /// A distribution in the value of a key, or all of it.
  func distribution(
    _ place: Place, key: String, in value: Place? = nil
  ) throws(Diagnostic) -> BoundDistribution {
    var place = place
    var value = value ?? place
    if ArgumentReader.isName(place), case .text(let text)? = environment[place.text] {
      place = SourceText(name: "<\(place.text)>", text).all
      value = place
    }
    return try bind(try Distribution(parsing: place, laws: catalogue.laws), key: key, in: value)
  }

  private func bind(
    _ distribution: Distribution, key: String, in value: Place
  ) throws(Diagnostic) -> BoundDistribution {
    switch distribution.form {
    case .trace(let file, let replays, let keys):
      return .trace(
        BoundTrace(
          file: try file.evaluate(in: environment).printed, replays: replays, place: file.place,
          arguments: try bind(keys, Arguments(describing: RecordKeys.self).keys, at: distribution.place)))
    case .law(let law, let parameters):
      var bound: [WorkerExpression] = []
      for parameter in parameters { bound.append(try worker(parameter, key: key, in: value)) }
      return .law(law, bound)
    case .mixture(let probability, let first, let second):
      return .mixture(
        try worker(probability, key: key, in: value), try bind(first, key: key, in: value),
        try bind(second, key: key, in: value))
    }
  }

  /// The keys in the brackets of `trace("FILE",KEY=VALUE)`.
  private func bind(
    _ keys: [Argument], _ known: [CommandKey], at place: Place
  ) throws(Diagnostic) -> BoundArguments {
    var bound = BoundArguments(LawNames.trace, at: place, .arguments(keys))
    for argument in keys {
      guard let key = argument.key else { throw Diagnostic(.traceArguments, at: argument.place) }
      let name = key.text
      guard let description = known.named(name) else {
        throw Diagnostic(.unknownKey(name, of: LawNames.trace, keys: known.map(\.name)), at: key)
      }
      guard !bound.keyed.contains(where: { $0.name == name }) else {
        throw Diagnostic(.repeatedKey(name, name), at: key)
      }
      guard !argument.value.range.isEmpty else { throw Diagnostic(.missingValue(name), at: key) }
      let value = BoundValue(try read(argument.value, description), at: argument.value)
      bound.keyed.append(KeyedValue(name: name, value: value))
    }
    return bound
  }

  private func bind(
    _ schedule: Schedule, _ forms: [Schedule.Form], key: String, in value: Place
  ) throws(Diagnostic) -> BoundSchedule {
    if schedule.form == .trace, let file = schedule.arguments.first {
      // A file of speeds has no column of states, and the other way round.
      let other = forms.contains(.profile) ? "state" : "speed"
      let known = Arguments(describing: ChangeKeys.self).keys.filter { $0.name != other }
      return .trace(
        file: try file.evaluate(in: environment).printed, file.place,
        try bind(schedule.keys, known, at: schedule.place))
    }
    var bound: [WorkerExpression] = []
    for argument in schedule.arguments { bound.append(try worker(argument, key: key, in: value)) }
    return schedule.form.map { .form($0, bound) } ?? .constant(bound[0])
  }

  /// N, A..B, or a file in quotes.
  private func workers(_ place: Place) throws(Diagnostic) -> ArgumentValue {
    if let first = place.bytes.first, first == .ascii("\"") || first == .ascii("'") {
      return .text(try path(place))
    }
    func index(_ expression: Expression) throws(Diagnostic) -> Int {
      guard let index = Int(exactly: try expression.number(in: environment)), index >= 1 else {
        throw Diagnostic(.badWorkers(place.text), at: place)
      }
      guard index <= ValueKind.mostWorkers else {
        throw Diagnostic(.tooManyWorkers(place.text, limit: ValueKind.mostWorkers), at: place)
      }
      return index
    }
    guard ListExpression.isList(place) else {
      return .number(Double(try index(try ExpressionParser.expression(place))))
    }
    guard case .range(let first, let last, nil) = try ListExpression(parsing: place).form else {
      throw Diagnostic(.badWorkers(place.text), at: place)
    }
    let (start, end) = (try index(first), try index(last))
    guard start <= end else { throw Diagnostic(.badWorkers(place.text), at: place) }
    return .workers(start...end)
  }

  /// A comparison of a quantity with a number.
  func condition(
    _ place: Place, _ comparison: (relation: Place, operation: BinaryOperator)
  ) throws(Diagnostic) -> Given<Stop.Condition> {
    let name = Place(place.source, place.range.lowerBound..<comparison.relation.range.lowerBound)
    let bound = Place(place.source, comparison.relation.range.upperBound..<place.range.upperBound)
    guard !name.range.isEmpty, !bound.range.isEmpty else { throw Diagnostic(.spacesInCondition, at: place) }
    guard let relation = Stop.Condition.Relation(rawValue: comparison.relation.text),
      ArgumentReader.isName(name)
    else {
      throw Diagnostic(.badCondition(place.text, quantities: Quantity.names), at: place)
    }
    guard let quantity = Quantity(rawValue: name.text) else {
      throw Diagnostic(.unknownQuantity(name.text, among: Quantity.names), at: name)
    }
    let number = try number(bound, .number, name.text) { _ in true }
    return Given(Stop.Condition(quantity, relation, number), at: place)
  }
}

extension CommandKey {
  /// What it takes, if that includes words besides `auto`.
  fileprivate var options: [String]? {
    if case .flag = kind { return ["true", "false"] }
    return words.isEmpty || words == ["auto"] ? nil : words + [kind.name]
  }
}
