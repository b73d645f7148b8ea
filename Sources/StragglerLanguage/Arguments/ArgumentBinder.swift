// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Reads the arguments of a command as the table describes them, and reports what is wrong with them.
struct ArgumentBinder: Sendable {
  let table: CommandTable
  let catalogue: Catalogue
  let environment: Environment

  /// The command that a statement names.
  func command(of statement: Statement) throws(Diagnostic) -> CommandDescription {
    let (name, abbreviated) = (statement.name.text, statement.isAbbreviated)
    if let command = table.find(name, abbreviated: abbreviated) {
      return command
    }
    let matches = abbreviated ? table.beginning(with: name).map(\.name) : []
    if matches.count > 1 { throw Diagnostic(.ambiguousCommand(name, matches), at: statement.name) }
    if let key = Argument(statement.name).key {
      throw Diagnostic(.assignmentWithoutLet(key.text), at: statement.name)
    }
    if case .arguments(let arguments) = statement.content,
      arguments.first?.place.bytes.first == UInt8(ascii: "="), ArgumentReader.isName(statement.name)
    {
      throw Diagnostic(.assignmentWithoutLet(name), at: statement.name)
    }
    throw Diagnostic(.unknownCommand(name, among: table.allNames), at: statement.name)
  }

  /// What follows the name of `statement`, which is that of `command`.
  func bind(_ statement: Statement, to command: CommandDescription) throws(Diagnostic) -> BoundArguments {
    guard case .arguments(let arguments) = statement.content else {
      return BoundArguments(command.name, at: statement.name, statement.content)
    }
    return try bind(Invocation(name: statement.name, arguments: arguments), to: command)
  }

  /// The arguments of `invocation`, which names `command`.
  func bind(
    _ invocation: Invocation, to command: CommandDescription
  ) throws(Diagnostic) -> BoundArguments {
    var bound = BoundArguments(command.name, at: invocation.name, .arguments(invocation.arguments))
    var keyed: [(key: Place, value: Place)] = []
    var plain: [Place] = []
    var rest = invocation.arguments[...]
    while let argument = rest.popFirst() {
      if command.takesLists, rest.first?.place.text == "in" {
        bound.lists.append(try varied(argument.place, &rest))
      } else if let key = argument.key, !takesText(command) {
        guard !argument.value.range.isEmpty else { throw Diagnostic(.missingValue(key.text), at: key) }
        keyed.append((key, argument.value))
      } else if command.takesConditions, let comparison = ArgumentReader.comparison(argument.place) {
        bound.conditions.append(try condition(argument.place, comparison))
      } else {
        plain.append(argument.place)
      }
    }
    try bindPositional(plain, to: command, &bound)
    let (keys, owner) = keys(of: command, bound)
    for (key, value) in keyed {
      let name = key.text
      guard let description = keys.named(name) ?? column(name, of: command) else {
        if command.takesConditions && Quantity.names.contains(name) {
          throw Diagnostic(.conditionAsKey(name, value.text), at: key)
        }
        if MethodEntry.compressionKeys.contains(name), catalogue.method(owner) != nil {
          throw Diagnostic(.doesNotCompress(owner, name), at: key)
        }
        if MethodEntry.stepKeys.contains(name), catalogue.method(owner) != nil {
          throw Diagnostic(.doesNotStep(owner, name), at: key)
        }
        if name == MethodEntry.localKey, catalogue.method(owner) != nil {
          throw Diagnostic(.takesNoLocalSteps(owner, name), at: key)
        }
        if MethodEntry.roundKeys.contains(name), catalogue.method(owner) != nil {
          throw Diagnostic(.hasNoRounds(owner, name), at: key)
        }
        throw Diagnostic(.unknownKey(name, of: owner, keys: keys.map(\.name)), at: key)
      }
      if let other = bound.keyed.first(where: { $0.name == description.name }) {
        throw Diagnostic(.repeatedKey(name, other.spelling), at: key)
      }
      bound.keyed.append(
        KeyedValue(
          name: description.name, spelling: name,
          value: BoundValue(try read(value, description.called(name)), at: value)))
    }
    return bound
  }

  /// A key of a command whose keys are columns.
  private func column(_ name: String, of command: CommandDescription) -> CommandKey? {
    guard case .columns = command.arguments.keySource else { return nil }
    return CommandKey(name, .value, "a column")
  }

  /// `KEY in LIST`, with `name` its KEY; takes the others off `rest`.
  private func varied(_ name: Place, _ rest: inout ArraySlice<Argument>) throws(Diagnostic) -> VariedName {
    rest.removeFirst()
    guard let first = rest.popFirst() else {
      throw Diagnostic(.missingList, at: name)
    }
    var list = first.place
    if rest.first?.place.text == "by", let step = rest.dropFirst().first {
      list = list.through(step.place)
      rest.removeFirst(2)
    }
    guard list.bytes.first == UInt8(ascii: "[") || ListExpression.isList(list) else {
      throw Diagnostic(.missingList, at: list)
    }
    return VariedName(name: name, list: list)
  }

  /// What is in the brackets of `tune(KEY in LIST, …)`.
  private func lists(_ argument: Place, of flag: Flag) throws(Diagnostic) -> [VariedName] {
    let open = argument.range.lowerBound + flag.name.utf8.count
    let parts = try ArgumentReader.parts(
      ofBracketed: Place(argument.source, open..<argument.range.upperBound))
    guard !parts.isEmpty else { throw Diagnostic(.listsExpected(flag.name), at: argument) }
    var lists: [VariedName] = []
    for part in parts {
      var scanner = Scanner(part)
      var words: [Argument] = []
      while true {
        scanner.skipBlanks()
        let word = try scanner.argument()
        if word.range.isEmpty { break }
        words.append(Argument(word))
      }
      var rest = words[...]
      while let name = rest.popFirst() {
        guard rest.first?.place.text == "in", ArgumentReader.isName(name.place) else {
          throw Diagnostic(.listsExpected(flag.name), at: name.place)
        }
        lists.append(try varied(name.place, &rest))
      }
      guard scanner.isAtEnd else { throw Diagnostic(.listsExpected(flag.name), at: scanner.here) }
    }
    return lists
  }

  /// Whether everything that looks like a key is text after all: `echo a=b`.
  private func takesText(_ command: CommandDescription) -> Bool {
    command.parameters.contains { if case .text = $0.kind { true } else { false } }
  }

  private func bindPositional(
    _ arguments: [Place], to command: CommandDescription, _ bound: inout BoundArguments
  ) throws(Diagnostic) {
    var parameters = command.parameters[...]
    for argument in arguments {
      if command.flags.contains(where: { $0.name == argument.text }) {
        bound.flags.insert(argument.text)
        continue
      }
      if let flag = command.flags.first(where: { $0.takesLists && argument.text.hasPrefix($0.name + "(") }) {
        bound.flags.insert(flag.name)
        bound.lists += try lists(argument, of: flag)
        continue
      }
      guard let parameter = parameters.first, isMeant(argument, for: parameter.kind) else {
        throw Diagnostic(
          .unexpectedArgument(
            argument.text, of: command.name, usage: command.usage,
            keys: keys(of: command, bound).keys.map(\.name), flags: command.flags.map(\.name),
            quantities: command.takesConditions ? Quantity.names : []), at: argument)
      }
      let value = try readPositional(argument, parameter, of: command)
      bound.positional.append((parameter.name, BoundValue(value, at: argument)))
      if parameter.presence == .required || parameter.presence == .optional { parameters.removeFirst() }
    }
    if let missing = parameters.first, missing.presence == .required || missing.presence == .repeated,
      !bound.positional.contains(where: { $0.name == missing.name })
    {
      throw Diagnostic(
        .missingParameter(missing.name, missing.summary, of: command.name, usage: command.usage),
        at: bound.place)
    }
  }

  /// The keys that a command takes, given its first word, and what they belong to.
  private func keys(
    of command: CommandDescription, _ bound: BoundArguments
  ) -> (keys: [CommandKey], owner: String) {
    let first = command.parameters.first?.name
    let word = bound.positional.first { $0.name == first }?.value.word ?? ""
    return command.arguments.keys(after: word, of: command.name, catalogue)
  }
}
