// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Arguments that belong together: those of a command, or some that several commands share.
protocol ArgumentSet: Sendable {
  init()
  /// Names each argument once, and binds it to a property.
  mutating func arguments(_ arguments: inout Arguments)
}

/// The arguments of a command, declared in one place for two uses.
///
/// `ArgumentSet.arguments(_:)` names each argument once, with the property that it is bound to. Against
/// `Arguments(describing:)` that records what the command takes, in the order of `help`; against
/// `Arguments(binding:)` it gives the properties what was written. What was left out keeps the property's
/// value.
struct Arguments: Sendable {
  /// The source of keys other than the declared ones.
  enum KeySource: Sendable {
    case none
    /// Those of the problem or method that the first word names.
    case problem, method
    /// Any name, for a number or a text.
    case columns
  }

  private(set) var form = Statement.Form.arguments
  private(set) var parameters: [Parameter] = []
  private(set) var keys: [CommandKey] = []
  private(set) var keySource = KeySource.none
  private(set) var flags: [Flag] = []
  /// Whether comparisons such as `gap<1e-6` are arguments.
  private(set) var takesConditions = false
  /// Whether `KEY in LIST` is an argument.
  private(set) var takesLists = false
  private let given: BoundArguments?

  /// What `set` takes.
  init<Declared: ArgumentSet>(describing set: Declared.Type) {
    given = nil
    var declared = set.init()
    declared.arguments(&self)
  }

  private init(_ given: BoundArguments) { self.given = given }

  /// `set` with what was given.
  static func bound<Declared: ArgumentSet>(_ set: Declared.Type, to given: BoundArguments) -> Declared {
    var arguments = Arguments(given)
    var bound = set.init()
    bound.arguments(&arguments)
    return bound
  }
}

// MARK: - Positional arguments

extension Arguments {
  /// An argument that must be there.
  mutating func parameter<Value>(
    _ name: String, _ property: inout Given<Value>, _ kind: ArgumentKind<Value>, _ summary: String
  ) {
    parameters.append(Parameter(name: name, kind: kind.kind, presence: .required, summary: summary))
    if let value = values(name, kind).first { property = value }
  }

  /// An argument that may be left out.
  mutating func parameter<Value>(
    _ name: String, _ property: inout Given<Value>?, _ kind: ArgumentKind<Value>, _ summary: String
  ) {
    parameters.append(Parameter(name: name, kind: kind.kind, presence: .optional, summary: summary))
    if let value = values(name, kind).first { property = value }
  }

  /// All arguments that are left: one or more where `isRequired`.
  mutating func parameters<Value>(
    _ name: String, _ property: inout [Given<Value>], _ kind: ArgumentKind<Value>, _ summary: String,
    isRequired: Bool
  ) {
    parameters.append(
      Parameter(name: name, kind: kind.kind, presence: isRequired ? .repeated : .any, summary: summary))
    property += values(name, kind)
  }

  private func values<Value>(_ name: String, _ kind: ArgumentKind<Value>) -> [Given<Value>] {
    (given?.positional ?? []).compactMap { argument in
      argument.name == name ? kind.value(argument.value) : nil
    }
  }
}

// MARK: - Named arguments

extension Arguments {
  /// `NAME=value`; `standard` says what it is where it is left out, and `former` is a name that it had.
  mutating func key<Value>(
    _ name: String, formerly former: String? = nil, _ property: inout Given<Value>?,
    _ kind: ArgumentKind<Value>, _ summary: String, standard: String = ""
  ) {
    keys.append(CommandKey(name, formerly: former, kind.kind, words: kind.words, summary, standard: standard))
    guard let argument = given?.keyed.first(where: { $0.name == name }) else { return }
    property = kind.value(argument.value) ?? property
  }

  /// A word that stands for itself.
  mutating func flag(_ name: String, _ property: inout Bool, _ summary: String) {
    flags.append(Flag(name: name, summary: summary, takesLists: false))
    property = property || given?.flags.contains(name) == true
  }

  /// The same, also with lists in brackets: `NAME(KEY in LIST, …)`.
  mutating func flag(
    _ name: String, _ property: inout Bool, lists: inout [VariedName], _ summary: String
  ) {
    flags.append(Flag(name: name, summary: summary, takesLists: true))
    property = property || given?.flags.contains(name) == true
    lists += given?.lists ?? []
  }

  /// The keys of `source`, whose names are not known here: everything as it was read.
  mutating func keys(of source: KeySource, _ property: inout BoundArguments) {
    keySource = source
    all(&property)
  }

  /// Everything as it was read, to be kept and shown.
  func all(_ property: inout BoundArguments) { property = given ?? property }
}

// MARK: - Other arguments

extension Arguments {
  /// Comparisons of quantities of a run with numbers.
  mutating func conditions(_ property: inout [Given<Stop.Condition>]) {
    takesConditions = true
    property += given?.conditions ?? []
  }

  /// `KEY in LIST`, any number of times.
  mutating func lists(_ property: inout [VariedName]) {
    takesLists = true
    property += given?.lists ?? []
  }

  /// One expression, to the end of the statement.
  mutating func expression(_ property: inout Expression) {
    form = .expression
    if case .expression(let expression)? = given?.content { property = expression }
  }

  /// `NAME = expression`.
  mutating func assignment(_ property: inout Assignment) {
    form = .assignment
    if case .assignment(let assignment)? = given?.content { property = assignment }
  }

  /// `NAME in list { script }`.
  mutating func loop(_ property: inout Loop) {
    form = .loop
    if case .loop(let loop)? = given?.content { property = loop }
  }

  /// `expression { script }`.
  mutating func branch(_ property: inout Branch) {
    form = .branch
    if case .branch(let branch)? = given?.content { property = branch }
  }
}

extension Arguments {
  /// The keys that can follow `word`, and what they belong to: `command`, or what `word` names.
  func keys(after word: String, of command: String, _ catalogue: Catalogue) -> (
    keys: [CommandKey], owner: String
  ) {
    switch keySource {
    case .none, .columns: (keys, command)
    case .problem: (keys + (catalogue.problem(word)?.keys ?? []).map { CommandKey($0) }, word)
    case .method: (keys + (catalogue.method(word)?.keys ?? []).map { CommandKey($0) }, word)
    }
  }
}
