// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
public import StragglerLab
public import StragglerRuntime

/// A `ParameterServer` whose method is chosen at run time, behind one type:
///
///     var server = try AnyServer("rennala batch=20 gamma=0.1", model: weights.span, workers: 8)
public typealias AnyServer<Scalar: StragglerCore.Scalar> = ParameterServer<AnyMethod, Scalar>

extension ParameterServer where M == AnyMethod {
  /// A server of the method that `text` names with its keys, as the command `method` takes them, among those
  /// of `catalogue`.
  ///
  /// All else as `init(_:model:workers:present:conditions:modifiers:)` has it; modifiers are keys. Throws
  /// where the text is wrong, the method has no server, or it cannot run so; the error says what would be
  /// right.
  public init(
    _ text: String, catalogue: Catalogue = Catalogue(), model: Span<Scalar>, workers: Int,
    present: Int? = nil, conditions: Conditions = Conditions()
  ) throws(LabError) {
    // Checked first: expressions in i are evaluated for every worker.
    guard workers > 0, workers <= Int32.max / 2 else {
      throw LabError("a server for \(workers) workers", remedy: "give from 1 to 1073741823 workers")
    }
    let choice = try catalogue.method(parsing: text, workers: workers)
    try self.init(
      choice, name: text, model: model, workers: workers, present: present, conditions: conditions)
  }

  /// A server of the method `choice`, with what is put on it.
  public init(
    _ choice: MethodChoice, model: Span<Scalar>, workers: Int, present: Int? = nil,
    conditions: Conditions = Conditions()
  ) throws(LabError) {
    try self.init(
      choice, name: choice.name, model: model, workers: workers, present: present, conditions: conditions)
  }

  private init(
    _ choice: MethodChoice, name: String, model: Span<Scalar>, workers: Int, present: Int?,
    conditions: Conditions
  ) throws(LabError) {
    guard !choice.needsNetwork else {
      throw LabError(
        "\(choice.name) has no server: its nodes send each other messages",
        remedy: "take a method with a server, such as rennala or ringmaster")
    }
    do throws(SetupError) {
      try self.init(
        choice.any, kinds: choice.kinds, name: name, owner: choice.owner, model: model, workers: workers,
        present: present, conditions: conditions, modifiers: choice.modifiers)
    } catch { throw choice.refusal(error) }
  }
}

extension Catalogue {
  /// The method that `text` names with its keys, as the command `method` takes them: `rennala batch=20
  /// gamma=0.1`. Expressions in i are for `workers` workers; there are no variables.
  public func method(parsing text: String, workers: Int = 1) throws(LabError) -> MethodChoice {
    let command = MethodCommand.description
    var environment = Environment(laws: laws)
    environment.methods = methods.map(\.name)
    let binder = ArgumentBinder(table: CommandTable([command]), catalogue: self, environment: environment)
    var settings: Settings = [:]
    let bound: BoundArguments
    do throws(Diagnostic) {
      let arguments = try Self.arguments(SourceText(name: "<method>", text).all)
      let name = arguments.first?.place ?? SourceText(name: "<method>", text).all
      bound = try binder.bind(Invocation(name: name, arguments: arguments), to: command)
      for key in bound.keyed {
        settings[key.spelling] = try key.value.setting(key.spelling, fleet: FleetFacts(count: workers))
      }
    } catch { throw LabError(error.message, remedy: error.remedy) }
    guard let entry = method(bound.subject) else {
      throw LabError("no method is named", remedy: "begin with its name, such as rennala batch=20")
    }
    return try entry.choose(settings)
  }

  private static func arguments(_ place: Place) throws(Diagnostic) -> [Argument] {
    var scanner = Scanner(place)
    var arguments: [Argument] = []
    while true {
      scanner.skipBlanks()
      if scanner.isAtEnd { return arguments }
      guard !scanner.isAtStatementEnd, scanner.byte != .ascii("{") else {
        throw Diagnostic(.settingEndsEarly, at: scanner.here)
      }
      arguments.append(Argument(try scanner.argument()))
    }
  }
}
