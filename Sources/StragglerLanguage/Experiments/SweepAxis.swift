// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Something that a sweep varies, with the values that it takes.
struct SweepAxis {
  /// What a value changes.
  enum Target: Equatable {
    case method, methodKey, problemKey, workerKey, workerCount, epsilon, variable
  }

  /// As it was written, which is the name in reports: `gamma`, `problem.batch`.
  let name: String
  /// The key without what precedes it.
  let key: String
  /// The key as it was written, by its name or a former one.
  let spelling: String
  let place: Place
  let target: Target
  let values: [BoundValue]

  /// The most points of a grid.
  static let mostPoints = 1_000_000
}

/// A key that can be varied, with the name that says whose it is.
private struct VariableKey {
  let target: SweepAxis.Target
  var owner = ""
  let key: CommandKey

  var fullName: String { owner.isEmpty ? key.name : "\(owner).\(key.name)" }
  /// Its former name, with and without the owner.
  var former: [String] { key.former.map { [$0, "\(owner).\($0)"] } ?? [] }
}

extension Workspace {
  /// What `lists` vary, whose command is at `place`.
  func axes(_ lists: [VariedName]) throws(Diagnostic) -> [SweepAxis] {
    guard !lists.isEmpty else { throw Diagnostic(.nothingToVary, at: place) }
    var axes: [SweepAxis] = []
    var count = 1
    // Methods first: what their keys are depends on them.
    for varied in lists.filter({ $0.name.text == "method" }) { axes.append(try axis(varied, [])) }
    let methods = axes.first?.values.compactMap(\.word) ?? configuration.method.map { [$0] } ?? []
    guard !methods.isEmpty else { throw Diagnostic(.noMethodYet, at: place) }
    for varied in lists {
      let axis =
        if let known = axes.first(where: { $0.place.range == varied.name.range }) { known } else {
          try axis(varied, methods)
        }
      guard
        !axes.contains(where: {
          ($0.target, $0.key) == (axis.target, axis.key) && $0.place.range != axis.place.range
        })
      else {
        throw Diagnostic(.variedTwice(axis.name), at: axis.place)
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      guard !overflow, product <= SweepAxis.mostPoints else {
        throw Diagnostic(.gridTooLarge(SweepAxis.mostPoints, "vary less at a time"), at: axis.place)
      }
      count = product
      axes.removeAll { $0.place.range == axis.place.range }
      axes.append(axis)
    }
    return axes
  }

  private func axis(_ varied: VariedName, _ methods: [String]) throws(Diagnostic) -> SweepAxis {
    let name = varied.name.text
    let (target, key, description) = try target(name, at: varied.name, methods)
    let values = try values(varied.list, description)
    guard !values.isEmpty else { throw Diagnostic(.emptyList(name), at: varied.list) }
    return SweepAxis(
      name: name, key: key, spelling: description?.name ?? key, place: varied.name, target: target,
      values: values)
  }

  /// What can be varied under `methods` besides variables; of two with the same name the first one is meant.
  private func variable(_ methods: [String]) -> [VariableKey] {
    let entries = methods.compactMap { catalogue.method($0) }
    let methodKeys = (entries.first?.keys ?? []).filter { key in
      entries.allSatisfy { entry in entry.keys.contains { $0.name == key.name } }
    }
    let problem = catalogue.problem(configuration.problem?.name ?? "quadratic")
    return [VariableKey(target: .method, key: CommandKey("method", .word(.methods), ""))]
      + methodKeys.map { VariableKey(target: .methodKey, owner: "method", key: CommandKey($0)) }
      + (problem?.keys ?? []).map { VariableKey(target: .problemKey, owner: "problem", key: CommandKey($0)) }
      + FleetChange.keys.map { VariableKey(target: .workerKey, owner: "workers", key: $0) }
      + [
        VariableKey(
          target: .workerCount, key: CommandKey("workers", .integer(1...ValueKind.mostWorkers), "")),
        VariableKey(target: .epsilon, key: CommandKey("epsilon", .positive, "")),
      ]
  }

  /// What `sweep` can vary now, under every name that it has, for completion.
  var variedKeys: [CommandKey] {
    let methods = configuration.method.map { [$0] } ?? []
    let keys = variable(methods)
    let own = variables.own.sorted().filter { configuration.mentions($0, methods) }
    return keys.map(\.key)
      + keys.filter { !$0.owner.isEmpty }.map {
        CommandKey($0.fullName, $0.key.kind, words: $0.key.words, "")
      }
      + own.map { CommandKey($0, .value, "") }
  }

  /// What a name stands for, and how its values are read; nil for those of a variable.
  private func target(
    _ name: String, at place: Place, _ methods: [String]
  ) throws(Diagnostic) -> (SweepAxis.Target, key: String, CommandKey?) {
    let variable = variable(methods)
    let found =
      variable.first { $0.key.name == name || $0.fullName == name }
      ?? variable.first { $0.former.contains(name) }
    if let found {
      let isFormer = found.former.contains(name)
      return (
        found.target, found.key.name, isFormer ? found.key.called(found.key.former ?? name) : found.key
      )
    }
    guard variables[name] != nil else {
      throw Diagnostic(
        .notVariable(
          name, among: variable.map(\.key.name), variables.environment.variables.keys.sorted()), at: place)
    }
    guard !ComparisonReport.names.contains(name) else { throw Diagnostic(.variedResult(name), at: place) }
    guard configuration.mentions(name, methods) else { throw Diagnostic(.unusedVariable(name), at: place) }
    return (.variable, name, nil)
  }

  /// The values of a list, as `key` takes them, or those of a variable.
  func values(_ list: Place, _ key: CommandKey?) throws(Diagnostic) -> [BoundValue] {
    guard let key else {
      let values = try ListExpression(parsing: list).values(in: variables.environment)
      try check(values.count, list)
      return values.map { value in
        switch value {
        case .number(let number): BoundValue(.number(number), at: list)
        case .text(let text): BoundValue(.text(text), at: list)
        }
      }
    }
    let binder = binder
    if list.bytes.first == UInt8(ascii: "[") {
      var values: [BoundValue] = []
      for part in try ArgumentReader.parts(ofBracketed: list) {
        values.append(BoundValue(try binder.read(part, key), at: part))
      }
      return values
    }
    let numbers = try ListExpression(parsing: list).values(in: variables.environment)
    try check(numbers.count, list)
    var values: [BoundValue] = []
    for number in numbers {
      // Read as if it had been written, so that the key decides what it takes.
      let written = SourceText(name: "<list>", number.printed).all
      do throws(Diagnostic) { values.append(BoundValue(try binder.read(written, key), at: written)) } catch {
        throw Diagnostic(error.message, remedy: error.remedy, at: list)
      }
    }
    return values
  }

  private func check(_ count: Int, _ list: Place) throws(Diagnostic) {
    if count > SweepAxis.mostPoints { throw Diagnostic(.listTooLong(SweepAxis.mostPoints), at: list) }
  }
}
