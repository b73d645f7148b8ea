// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// What an argument takes, and the type of the property that it is bound to.
struct ArgumentKind<Value: Sendable>: Sendable {
  /// How it is read.
  let kind: ValueKind
  /// Words that it also takes.
  let words: [String]
  private let convert: @Sendable (ArgumentValue) -> Value?

  private init(
    _ kind: ValueKind, words: [String] = [], _ convert: @escaping @Sendable (ArgumentValue) -> Value?
  ) {
    self.kind = kind
    self.words = words
    self.convert = convert
  }

  /// What was read, as the property has it; nil for what the kind does not give.
  func value(_ read: BoundValue) -> Given<Value>? {
    convert(read.value).map { Given($0, at: read.place) }
  }
}

extension ArgumentKind where Value == Double {
  static var number: Self { Self(.number) { $0.number } }
  static var nonnegative: Self { Self(.nonnegative) { $0.number } }
  static var positive: Self { Self(.positive) { $0.number } }
  /// An integer of at least 0, as a number.
  static var count: Self { Self(.integer(0...ValueKind.largestInteger)) { $0.number } }
}

/// A number, or nil for one of some words.
extension ArgumentKind where Value == Double? {
  static func number(or words: [String]) -> Self { Self(.number, words: words) { .some($0.number) } }
  static func nonnegative(or words: [String]) -> Self {
    Self(.nonnegative, words: words) { .some($0.number) }
  }
  static func positive(or words: [String]) -> Self { Self(.positive, words: words) { .some($0.number) } }
}

extension ArgumentKind where Value == Int {
  static func integer(_ range: ClosedRange<Int>) -> Self { Self(.integer(range)) { $0.integer } }
  static func integer(_ range: PartialRangeFrom<Int>) -> Self {
    integer(range.lowerBound...ValueKind.largestInteger)
  }
}

extension ArgumentKind where Value == UInt64 {
  /// A whole number below 2⁶⁴.
  static var seed: Self { Self(.seed) { $0.word.flatMap { UInt64($0) } } }
}

extension ArgumentKind where Value == Bool {
  static var truth: Self { Self(.flag) { $0.number.map { $0 != 0 } } }
}

extension ArgumentKind where Value == String {
  static var problem: Self { Self(.word(.problems)) { $0.word } }
  static var method: Self { Self(.word(.methods)) { $0.word } }
  /// What `help` has a page for, `others` besides commands, problems and methods.
  static func topic(_ others: [String]) -> Self { Self(.word(.topics(others))) { $0.word } }
  static var path: Self { Self(.path) { $0.word } }
  static var quotedPath: Self { Self(.quotedPath) { $0.word } }
  static var name: Self { Self(.name) { $0.word } }
  /// A name, with some that completion offers.
  static func name(such words: [String]) -> Self { Self(.name, words: words) { $0.word } }
  static var text: Self { Self(.text) { $0.word } }
  /// A column of a table: its title, or its number.
  static var column: Self { Self(.column) { $0.word } }
}

extension ArgumentKind where Value == [String] {
  static var names: Self { names(such: []) }
  /// Names, with some that completion offers.
  static func names(such words: [String]) -> Self {
    Self(.names, words: words) { read in
      if case .names(let names) = read { return names }
      return read.word.map { [$0] }
    }
  }
}

extension ArgumentKind where Value == [Double] {
  /// The two ends of something.
  static var interval: Self {
    Self(.interval) { if case .numbers(let numbers) = $0 { numbers } else { nil } }
  }
}

extension ArgumentKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the words that the cases of an enumeration have.
  static var choice: Self {
    Self(.word(.fixed(Value.allCases.map(\.rawValue)))) { $0.word.flatMap { Value(rawValue: $0) } }
  }
}

extension ArgumentKind where Value == Word {
  /// One of `words`, some of them with a number in brackets.
  static func word(_ words: [String]) -> Self {
    Self(.word(.fixed(words))) { read in
      if case .call(let name, let arguments) = read { return Word(name: name, argument: arguments.first) }
      return read.word.map { Word(name: $0, argument: nil) }
    }
  }
}

extension ArgumentKind where Value == MethodSetting {
  /// A method, or in quotes one with keys of its own, which are those of `command`.
  static func setting(of command: CommandDescription) -> Self {
    Self(.word(.settings(command))) { read in
      if case .setting(let setting) = read { return setting }
      return read.word.map { MethodSetting(name: $0, label: $0, arguments: nil) }
    }
  }
}

extension ArgumentKind where Value == WorkerExpression {
  static var perWorker: Self {
    Self(.perWorker) { if case .perWorker(let expression) = $0 { expression } else { nil } }
  }
  static var perLink: Self {
    Self(.perLink) { if case .perWorker(let expression) = $0 { expression } else { nil } }
  }
}

extension ArgumentKind where Value == BoundDistribution {
  static var distribution: Self {
    Self(.distribution) { if case .distribution(let distribution) = $0 { distribution } else { nil } }
  }
}

extension ArgumentKind where Value == BoundSchedule {
  static var speed: Self { schedule([.profile, .sine, .trace], orNumber: true) }
  static var availability: Self { schedule([.trace, .markov, .until], orNumber: false) }

  private static func schedule(_ forms: [Schedule.Form], orNumber isNumber: Bool) -> Self {
    Self(.schedule(forms, orNumber: isNumber)) {
      if case .schedule(let schedule) = $0 { schedule } else { nil }
    }
  }
}

extension ArgumentKind where Value == ListValues {
  static var list: Self { Self(.list) { if case .list(let values) = $0 { values } else { nil } } }
}

extension ArgumentKind where Value == WorkerSelection {
  static var workers: Self {
    Self(.workers) { read in
      if case .workers(let range) = read { return .some(range) }
      if case .text(let file) = read { return .table(file) }
      return read.integer.map { .all($0) }
    }
  }
}

/// A word, perhaps with a number in brackets.
struct Word: Sendable {
  let name: String
  let argument: Double?
}

/// A number of workers, or some of them.
enum WorkerSelection: Sendable {
  case all(Int)
  /// From 1.
  case some(ClosedRange<Int>)
  /// A row each of a file.
  case table(String)
}
