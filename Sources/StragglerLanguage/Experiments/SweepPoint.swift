// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// One of the values of an axis.
struct SweepValue {
  let axis: SweepAxis
  let value: BoundValue

  /// As a variable has it.
  fileprivate var variable: Value? {
    if let word = value.word { return .text(word) }
    return value.number.map { .number($0) }
  }

  /// The value of each axis at point number `index`; the last axis varies fastest.
  static func values(of index: Int, _ axes: [SweepAxis]) -> [SweepValue] {
    var values: [SweepValue] = []
    var rest = index
    for axis in axes.reversed() {
      values.append(SweepValue(axis: axis, value: axis.values[rest % axis.values.count]))
      rest /= axis.values.count
    }
    return values.reversed()
  }
}

extension Given where Value == ArgumentValue {
  /// The value as reports show it, with the values of variables in `environment`.
  func label(in environment: Environment) -> Cell {
    switch value {
    case .number(let number): return Cell(number)
    case .perWorker(let expression) where expression.isConstant && !expression.mentionsFleet:
      return Cell(expression.evaluate(1, 1))
    case .word(let word), .text(let word): return .text(word)
    default: return .text(text(in: environment))
    }
  }
}

extension [SweepReport.Label] {
  /// As an error shows them.
  var words: String { map { "\($0.name)=\($0.value.words)" }.joined(separator: " ") }
}

extension Cell {
  fileprivate var words: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): NumberFormat.text(number)
    case .missing: ""
    }
  }
}

extension Workspace {
  /// The configuration with the values of a point of a sweep.
  func configuration(with values: [SweepValue]) throws(Diagnostic) -> Configuration {
    var next = configuration
    var changed: [String: Value] = [:]
    for entry in values where entry.axis.target == .variable { changed[entry.axis.name] = entry.variable }
    if !changed.isEmpty { try readAgain(&next, changed) }
    for entry in values { try set(entry, in: &next) }
    if let method = next.method {
      for entry in values where entry.axis.target == .methodKey {
        next.set(entry.axis.key, as: entry.axis.spelling, of: method, to: entry.value)
      }
    }
    let changesFleet = values.contains { [.variable, .workerKey, .workerCount].contains($0.axis.target) }
    let fleet = changesFleet ? next.fleet : []
    for command in fleet { try FleetChange.of(command).apply(command, to: &next, catalogue) }
    next.fleet = fleet.isEmpty ? next.fleet : fleet
    return next
  }

  /// Puts in a value of anything but a variable or a method's key.
  private func set(_ entry: SweepValue, in next: inout Configuration) throws(Diagnostic) {
    let axis = entry.axis
    switch axis.target {
    case .variable, .methodKey: break
    case .method: next.method = entry.value.word
    case .epsilon: next.epsilon = entry.value.number ?? next.epsilon
    case .problemKey:
      // The problem that there is before one is chosen.
      let standard = Written("problem", "quadratic", at: axis.place, in: variables.environment)
      var command = next.problem ?? standard
      command.arguments.set(axis.key, as: axis.spelling, to: entry.value)
      next.problem = command
    case .workerKey, .workerCount:
      guard !next.fleet.isEmpty else { throw Diagnostic(.noWorkersYet, at: axis.place) }
      next.fleet[0].arguments.set(axis.target == .workerCount ? "N" : axis.key, to: entry.value)
    }
  }

  /// Reads all commands again with other values of some variables.
  private func readAgain(
    _ next: inout Configuration, _ changed: [String: Value]
  ) throws(Diagnostic) {
    if let problem = next.problem { next.problem = try again(problem, changed) }
    for index in next.fleet.indices { next.fleet[index] = try again(next.fleet[index], changed) }
    for name in next.methods.keys.sorted() {
      if let command = next.methods[name] { next.methods[name] = try again(command, changed) }
    }
  }

  private func again(_ command: Written, _ changed: [String: Value]) throws(Diagnostic) -> Written {
    let (arguments, table) = (command.arguments, language.table)
    guard !arguments.written.isEmpty, let description = table[arguments.command] else { return command }
    var environment = command.environment
    for (name, value) in changed { environment[name] = value }
    let binder = ArgumentBinder(table: table, catalogue: catalogue, environment: environment)
    // The place is the name's, also where that was abbreviated.
    let invocation = Invocation(name: arguments.place, arguments: arguments.written)
    return Written(try binder.bind(invocation, to: description), in: environment)
  }
}
