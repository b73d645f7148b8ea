internal import StragglerCore
internal import StragglerLab

/// The arguments of a command, read as its table says.
struct BoundArguments: Sendable {
  let command: Command
  /// The command's name, where it stands.
  let place: Place
  /// The arguments known by position, under the names of their parameters, in order.
  var positional: [String: [BoundValue]] = [:]
  /// The arguments with a key, in order.
  var keyed: [(name: String, value: BoundValue)] = []
  var flags: Set<String> = []
  var conditions: [Stop.Condition] = []
  /// What is to be varied: `KEY in LIST`.
  var lists: [VariedName] = []
  /// What was bound, so that it can be bound again with other values of variables.
  var invocation: Invocation?

  init(_ command: Command, _ positional: [String: [BoundValue]] = [:], at place: Place) {
    self.command = command
    self.positional = positional
    self.place = place
  }

  /// The value of a key or the first of a parameter.
  subscript(name: String) -> BoundValue? {
    keyed.first { $0.name == name }?.value ?? positional[name]?.first
  }

  var isEmpty: Bool {
    positional.isEmpty && keyed.isEmpty && flags.isEmpty && conditions.isEmpty && lists.isEmpty
  }
}

/// `KEY in LIST`; what the list may hold depends on the key.
struct VariedName: Sendable {
  let name: Place
  /// `[a, b, …]` or `A..B [by C]`.
  let list: Place
}

/// The value of an argument, and where it stands.
struct BoundValue: Sendable {
  let value: ArgumentValue
  let place: Place

  var number: Double? { if case .number(let number) = value { number } else { nil } }
  /// The integer that it was read as, under `ValueKind.integer`.
  var integer: Int? { number.flatMap { Int(exactly: $0) } }
  /// A word, or the text of a path.
  var word: String? {
    switch value {
    case .word(let word), .text(let word): word
    default: nil
    }
  }
}

/// A method with keys for one command: `"asgrad order=pure label=Pure"`.
struct MethodSetting: Sendable {
  /// What it goes by: its label, or else its text.
  let label: String
  /// Those of `method`.
  let arguments: BoundArguments
}

/// What an argument turned out to be.
enum ArgumentValue: Sendable {
  case number(Double)
  case word(String)
  /// `quantile(0.9)`.
  case call(String, Double)
  /// A path or another text.
  case text(String)
  case perWorker(WorkerExpression)
  case distribution(BoundDistribution)
  case list(ListValues)
  case setting(MethodSetting)
  /// Some of the workers, from 1.
  case workers(ClosedRange<Int>)
}

/// A distribution with every variable's value put in.
indirect enum BoundDistribution: Sendable {
  case law(Law, [WorkerExpression])
  case trace(file: String, replays: Bool, Place)
  /// The probability of the first law, and both.
  case mixture(WorkerExpression, BoundDistribution, BoundDistribution)
}

extension BoundValue {
  /// The value as a setting of a problem or method for a fleet of `workers`; nil for what no key of them
  /// takes.
  func setting(_ name: String, workers: Int) throws(Diagnostic) -> SettingValue? {
    switch value {
    case .number(let number): .number(number)
    case .word(let word), .text(let word): .word(word)
    case .call(let word, let argument): .call(word, argument)
    case .perWorker(let expression):
      expression.isConstant
        ? .number(try expression.values(of: 1...1, in: workers, named: name)[0])
        : .perWorker(try expression.values(of: 1...max(1, workers), in: workers, named: name))
    case .distribution, .list, .workers, .setting: nil
    }
  }
}

extension WorkerExpression {
  /// The values of `workers`, which must be numbers; `name` is what an error calls them.
  func values(
    of workers: ClosedRange<Int>, in count: Int, named name: String
  ) throws(Diagnostic) -> [Double] {
    let values = values(of: workers, in: count)
    if let index = values.firstIndex(where: \.isNaN) {
      throw Diagnostic(.nanForWorker("\(name)=", worker: workers.lowerBound + index), at: place)
    }
    return values
  }
}
