// SPDX-License-Identifier: Apache-2.0

/// What a key takes. It decides how a front end reads the key's argument.
public enum KeyKind: UInt8, BitwiseCopyable, Sendable {
  /// A number, which arrives as `Setting.number`.
  case number
  /// A whole number, which arrives as `Setting.number`; `inf` where the key says so.
  case integer
  /// A whole number, or a list of them, which arrives as `Setting.list`.
  case integers
  /// `true` or `false`, as a word or as 1 or 0.
  case flag
  /// One of `KeyDescription.words`.
  case word
  /// A number, or an expression in the worker's index i that gives one for every worker.
  case perWorker
  /// A stepsize: a number, or an expression in the updates k, the `delay` and the time t that gives one.
  case stepsize
  /// Seconds allotted to trials: a number or expression as for `perWorker`, or one of `words`, such as
  /// `quantile(p)`.
  case clip
  /// One of `words`, or the path of a file.
  case wordOrPath
  /// The path of a file or folder.
  case path
}

/// The name of a key: what precedes the `=`.
///
///     "batch"
///     KeyName("batch", formerly: "S")
public struct KeyName: Sendable, ExpressibleByStringLiteral {
  /// The name that is shown.
  public let text: StaticText
  /// A name that it had before; it is accepted in place of `text`, and shown nowhere else.
  public let former: StaticText?

  @inlinable
  public init(stringLiteral value: StaticString) { (text, former) = (StaticText(value), nil) }
  /// The name of a key that was called `former`.
  @inlinable
  public init(_ text: StaticText, formerly former: StaticText) { (self.text, self.former) = (text, former) }
}

/// A key as front ends show it: parsing, help and completion come from here.
public struct KeyDescription: Sendable {
  /// What precedes the `=`.
  public let name: StaticText
  /// The name that it had before, which is still accepted.
  public let former: StaticText?
  /// What may follow the `=`.
  public let kind: KeyKind
  /// The words that it takes, separated by spaces; empty where it takes none.
  public let words: StaticText
  /// What the key is for, in a few words for `help`.
  public let summary: StaticText
  /// The value that it has when it is left out, in words.
  public let standard: StaticText
}

/// The keys of a method or problem, declared in one place for two uses.
///
/// A type's `keys(_:)` names each of its keys once. Against `Keys.describing()` that records the
/// descriptions; against `Keys(_:)` it binds the given values. Values out of range throw, those too that were
/// set in Swift and for which nothing is given.
public struct Keys: ~Copyable {
  /// The most keys that a method or problem has.
  public static let limit = 24

  private let given: Table<NamedSetting>
  private var descriptions: InlineArray<24, KeyDescription?> = InlineArray(repeating: nil)
  /// How many keys have been named so far.
  public private(set) var count = 0
  /// Whether `gamma=` may be an expression.
  public var takesSchedule = false
  /// The expression that was given for `gamma=`; nil for a number, and where it was left out.
  public private(set) var schedule: StepsizeSchedule?

  /// Keys that bind `settings`.
  public init(_ settings: Table<NamedSetting>) { given = settings }

  /// Keys without values: every key is described and keeps its standard value.
  public static func describing() -> Keys { Keys(Table()) }

  /// The description of key number `index`, in order of declaration.
  public subscript(index: Int) -> KeyDescription? { index < count ? descriptions[index] : nil }

  /// Describes a key and returns what was given for it; nil where it was left out or `auto`. Throws
  /// `impossible` beyond `limit` keys.
  public mutating func setting(
    _ name: KeyName, _ kind: KeyKind, words: StaticText = "", _ summary: StaticText, standard: StaticText
  ) throws(SetupError) -> Setting? {
    guard count < Self.limit else {
      throw .impossible("a method or problem with more than 24 keys", remedy: "name fewer in its keys(_:)")
    }
    descriptions[count] = KeyDescription(
      name: name.text, former: name.former, kind: kind, words: words, summary: summary, standard: standard)
    count += 1
    guard let index = place(of: name.text, formerly: name.former) else { return nil }
    if case .word(let word) = given[index].setting, word == "auto" { return nil }
    return given[index].setting
  }

  private func place(of name: StaticText, formerly former: StaticText?) -> Int? {
    for index in given.indices where given[index].name == name { return index }
    guard let former else { return nil }
    for index in given.indices where given[index].name == former { return index }
    return nil
  }

  /// Whether a value was given for the key `name`.
  func has(_ name: StaticText) -> Bool {
    guard let index = place(of: name, formerly: nil) else { return false }
    if case .word(let word) = given[index].setting, word == "auto" { return false }
    return true
  }

  /// The name under which the key `name` was given; `name` itself where it was left out.
  public func spelling(of name: StaticText) -> StaticText {
    for index in 0..<count {
      guard let key = descriptions[index], key.name == name, let former = key.former else { continue }
      if let place = place(of: name, formerly: former), given[place].name == former { return former }
    }
    return name
  }

  /// `error` with the name under which its key was given.
  public func asWritten(_ error: SetupError) -> SetupError {
    switch error {
    case .invalid(let key, let expected): .invalid(key: spelling(of: key), expected: expected)
    case .noTheory(let key, let missing): .noTheory(key: spelling(of: key), missing: missing)
    case .excessive(let key, let limit): .excessive(key: spelling(of: key), limit: limit)
    case .outOfMemory, .notFinite, .unfinished, .impossible: error
    }
  }

  /// The stepsize γ, a positive number; an expression becomes `schedule`, where the method takes one.
  public mutating func gamma(
    _ value: inout Parameter<Double>, standard: StaticText = "from the theorem"
  ) throws(SetupError) {
    let expected: StaticText =
      takesSchedule
      ? "a positive number, or an expression in k, delay and t"
      : "a positive number: in this method the stepsize has a rule of its own, or the theory fixes it"
    let setting = try setting(
      "gamma", .stepsize,
      takesSchedule ? "stepsize γ, a number or an expression in k, delay and t" : "stepsize γ",
      standard: standard)
    switch setting {
    case nil: break
    case .number(let number): value.given = number
    case .schedule(let program) where takesSchedule:
      if program.isTooLong {
        throw .invalid(
          key: "gamma", expected: "an expression of at most 64 operands and operators, 16 of them numbers")
      }
      schedule = program
    default: throw .invalid(key: "gamma", expected: expected)
    }
    if let given = value.given, !(given > 0 && given.isFinite) {
      throw .invalid(key: "gamma", expected: expected)
    }
  }

  /// A finite number above `bound`.
  public mutating func number(
    _ name: KeyName, _ value: inout Double?, above bound: Double, _ summary: StaticText,
    standard: StaticText, expected: StaticText
  ) throws(SetupError) {
    if let setting = try setting(name, .number, summary, standard: standard) { value = setting.asNumber }
    if let value, !(value > bound && value.isFinite) { throw .invalid(key: name.text, expected: expected) }
  }

  /// A finite number of at least `bound`.
  public mutating func number(
    _ name: KeyName, _ value: inout Double, atLeast bound: Double, _ summary: StaticText,
    standard: StaticText, expected: StaticText
  ) throws(SetupError) {
    if let setting = try setting(name, .number, summary, standard: standard) { value = setting.asNumber }
    guard value >= bound, value.isFinite else { throw .invalid(key: name.text, expected: expected) }
  }

  /// A probability, above 0 and at most 1.
  public mutating func probability(
    _ name: KeyName, _ value: inout Double, _ summary: StaticText, standard: StaticText
  ) throws(SetupError) {
    var given = Optional(value)
    try optionalProbability(name, &given, summary, standard: standard)
    value = given ?? value
  }

  /// A probability, above 0 and at most 1, without a standard value.
  public mutating func optionalProbability(
    _ name: KeyName, _ value: inout Double?, _ summary: StaticText, standard: StaticText
  ) throws(SetupError) {
    if let setting = try setting(name, .number, summary, standard: standard) { value = setting.asNumber }
    if let value, !(value > 0 && value <= 1) {
      throw .invalid(key: name.text, expected: "a probability, above 0 and at most 1")
    }
  }

  /// A positive integer; `inf` is taken for `Int.max` where `unbounded`.
  public mutating func count(
    _ name: KeyName, _ value: inout Int?, unbounded: Bool = false, _ summary: StaticText,
    standard: StaticText
  ) throws(SetupError) {
    if let setting = try setting(name, .integer, summary, standard: standard) {
      value = unbounded && setting.asNumber == .infinity ? .max : setting.asCount
    }
    if let value, value < 1 {
      throw .invalid(key: name.text, expected: unbounded ? "a positive integer or inf" : "a positive integer")
    }
  }

  /// A positive integer, or the word `optimal`, which leaves it to a search by the theory.
  public mutating func count(
    _ name: KeyName, _ value: inout Int?, optimal: inout Bool, _ summary: StaticText, standard: StaticText
  ) throws(SetupError) {
    try count(
      name, &value, or: "optimal", &optimal, summary, standard: standard,
      expected: "a positive integer or optimal")
  }

  /// A positive integer, or `word`, which leaves it to the method.
  public mutating func count(
    _ name: KeyName, _ value: inout Int?, or word: StaticText, _ isWord: inout Bool, _ summary: StaticText,
    standard: StaticText, expected: StaticText
  ) throws(SetupError) {
    if let setting = try setting(name, .integer, words: word, summary, standard: standard) {
      if case .word(let given) = setting, given == word { isWord = true } else { value = setting.asCount }
    }
    if let value, value < 1 { throw .invalid(key: name.text, expected: expected) }
  }

  /// A positive integer of at most `limit` with a standard value of its own.
  public mutating func count(
    _ name: KeyName, _ value: inout Int, limit: Int, _ summary: StaticText, standard: StaticText,
    expected: StaticText
  ) throws(SetupError) {
    if let setting = try setting(name, .integer, summary, standard: standard) { value = setting.asCount }
    guard value >= 1, value <= limit else { throw .invalid(key: name.text, expected: expected) }
  }

  /// A truth value: `true` or `false` (1 or 0).
  public mutating func flag(
    _ name: KeyName, _ value: inout Bool, _ summary: StaticText
  ) throws(SetupError) {
    let standard: StaticText = value ? "true" : "false"
    guard let setting = try setting(name, .flag, words: "true false", summary, standard: standard) else {
      return
    }
    switch setting {
    case .number(1): value = true
    case .number(0): value = false
    case .word(let word) where word == "true": value = true
    case .word(let word) where word == "false": value = false
    default: throw .invalid(key: name.text, expected: "true or false")
    }
  }

  /// One of `words`, in the order of the raw values of `Choice`.
  public mutating func choice<Choice: RawRepresentable>(
    _ name: KeyName, _ value: inout Choice, of words: StaticText, _ summary: StaticText,
    standard: StaticText
  ) throws(SetupError) where Choice.RawValue == Int {
    var given = Optional(value)
    try choice(name, &given, of: words, summary, standard: standard)
    value = given ?? value
  }

  /// One of `words`, in the order of the raw values of `Choice`; nil where it is left out.
  public mutating func choice<Choice: RawRepresentable>(
    _ name: KeyName, _ value: inout Choice?, of words: StaticText, _ summary: StaticText,
    standard: StaticText
  ) throws(SetupError) where Choice.RawValue == Int {
    guard let setting = try setting(name, .word, words: words, summary, standard: standard) else { return }
    guard case .word(let word) = setting, let index = word.index(among: words),
      let choice = Choice(rawValue: index)
    else { throw .invalid(key: name.text, expected: words) }
    value = choice
  }

  /// A number for every worker.
  public mutating func perWorker(
    _ name: KeyName, _ value: inout PerWorker?, _ summary: StaticText, standard: StaticText
  ) throws(SetupError) {
    guard let setting = try setting(name, .perWorker, summary, standard: standard) else { return }
    switch setting {
    case .number(let number): value = .same(number)
    case .perWorker(let values): value = .each(values)
    case .list, .word, .call, .schedule:
      throw .invalid(key: name.text, expected: "a number, or an expression in i")
    }
  }
}
