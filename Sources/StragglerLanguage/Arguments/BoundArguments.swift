// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// The arguments of a command as they were read, before they are bound to its properties.
struct BoundArguments: Sendable {
  /// The command's name.
  let command: String
  /// Where that is.
  let place: Place
  /// The arguments known by position, with the names of their parameters, in order.
  var positional: [(name: String, value: BoundValue)] = []
  /// The arguments with a key, in order.
  var keyed: [KeyedValue] = []
  var flags: Set<String> = []
  var conditions: [Given<Stop.Condition>] = []
  /// What varies: `KEY in LIST`.
  var lists: [VariedName] = []
  /// What was written, so that it can be read again with other values of variables.
  var content: Statement.Content

  static let none = BoundArguments("", at: .nowhere, .arguments([]))

  init(_ command: String, at place: Place, _ content: Statement.Content) {
    self.command = command
    self.place = place
    self.content = content
  }

  /// The word that comes first: the problem or method that the command names; empty where there is none.
  var subject: String { positional.first?.value.word ?? "" }

  /// The arguments as they were written.
  var written: [Argument] { if case .arguments(let arguments) = content { arguments } else { [] } }

  /// Gives a key or parameter another value; `spelling` is how the key was written.
  mutating func set(_ name: String, as spelling: String? = nil, to value: BoundValue) {
    if let index = positional.firstIndex(where: { $0.name == name }) {
      positional[index].value = value
    } else {
      keyed.removeAll { $0.name == name }
      keyed.append(KeyedValue(name: name, spelling: spelling, value: value))
    }
  }
}

/// The value of a key.
struct KeyedValue: Sendable {
  /// The key's name.
  let name: String
  /// The key as it was written, by this name or a former one.
  let spelling: String
  var value: BoundValue

  init(name: String, spelling: String? = nil, value: BoundValue) {
    self.name = name
    self.spelling = spelling ?? name
    self.value = value
  }
}

/// `KEY in LIST`; what the list may hold depends on the key.
struct VariedName: Sendable {
  let name: Place
  /// `[a, b, …]` or `A..B [by C]`.
  let list: Place
}

extension Given where Value == ArgumentValue {
  /// The value as a setting of a problem or method for a fleet of `workers`; nil for what no key of them
  /// takes.
  func setting(_ name: String, fleet: FleetFacts) throws(Diagnostic) -> SettingValue? {
    switch value {
    case .number(let number): .number(number)
    case .word(let word), .text(let word): .word(word)
    case .call(let word, let arguments): .call(word, arguments)
    case .numbers(let numbers): .list(numbers)
    case .stepsize(let expression): .schedule(expression.schedule)
    case .perWorker(let expression):
      expression.isConstant
        ? .number(try expression.values(of: 1...1, in: fleet, named: name)[0])
        : .perWorker(try expression.values(of: 1...max(1, fleet.count), in: fleet, named: name))
    case .distribution, .schedule, .list, .workers, .setting, .names: nil
    }
  }
}

extension WorkerExpression {
  /// The values of `workers`, which must be numbers; `name` is what an error calls them.
  func values(
    of workers: ClosedRange<Int>, in fleet: FleetFacts, named name: String
  ) throws(Diagnostic) -> [Double] {
    let values = try values(of: workers, in: fleet)
    if let index = values.firstIndex(where: \.isNaN) {
      throw Diagnostic(.nanForWorker("\(name)=", worker: workers.lowerBound + index), at: place)
    }
    return values
  }
}
