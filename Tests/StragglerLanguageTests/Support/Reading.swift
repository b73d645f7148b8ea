// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import Testing

@testable import StragglerLanguage

/// The commands of the language.
let table = CommandList.standard.table

extension BoundArguments {
  /// The value of a key or the first of a parameter.
  subscript(name: String) -> BoundValue? {
    keyed.first { $0.name == name }?.value ?? positional.first { $0.name == name }?.value
  }
}

/// All statements of a text.
func statements(_ text: String) throws -> [Statement] {
  var parser = table.parser(of: SourceText(name: "<test>", text))
  var statements: [Statement] = []
  while let statement = try parser.next() { statements.append(statement) }
  return statements
}

/// The names and arguments of all commands of a text, those in blocks included.
func shapes(_ text: String) throws -> [String] { try statements(text).map(shape) }

private func shape(_ statement: Statement) -> String {
  switch statement.content {
  case .arguments(let arguments):
    ([statement.name.text] + arguments.map { "‹\($0.place.text)›" }).joined(separator: " ")
  case .assignment(let assignment):
    "\(statement.name.text) \(assignment.name.text) = ‹\(assignment.value.place.text)›"
  case .expression(let expression): "\(statement.name.text) ‹\(expression.place.text)›"
  case .loop(let loop):
    "for \(loop.variable.text) in ‹\(loop.list.place.text)› {\(loop.body.map(shape).joined(separator: "; "))}"
  case .branch(let branch):
    "if ‹\(branch.condition.place.text)› {\(branch.body.map(shape).joined(separator: "; "))}"
  }
}

/// What goes wrong first in a text, while it is read or its arguments are bound.
func diagnostic(_ text: String, variables: [String: Value] = [:], abbreviated: Bool = false) -> Diagnostic? {
  do throws(Diagnostic) {
    _ = try bind(text, variables: variables, abbreviated: abbreviated)
    return nil
  } catch { return error }
}

/// The arguments of all commands of a text.
func bind(
  _ text: String, variables: [String: Value] = [:], abbreviated: Bool = false
) throws(Diagnostic) -> [BoundArguments] {
  var parser = table.parser(of: SourceText(name: "<test>", text), abbreviations: abbreviated)
  let binder = ArgumentBinder(table: table, catalogue: Catalogue(), environment: Environment(variables))
  var bound: [BoundArguments] = []
  while let statement = try parser.next() {
    switch statement.content {
    case .arguments: bound.append(try binder.bind(statement, to: try binder.command(of: statement)))
    case .expression(let expression): _ = try expression.evaluate(in: Environment(variables))
    case .assignment(let assignment): _ = try assignment.value.evaluate(in: Environment(variables))
    case .loop(let loop): _ = try loop.list.values(in: Environment(variables))
    case .branch(let branch): _ = try branch.condition.evaluate(in: Environment(variables))
    }
  }
  return bound
}

/// The value of an expression.
func value(_ text: String, _ variables: [String: Value] = [:]) throws -> Value {
  try ExpressionParser.expression(SourceText(name: "<test>", text).all).evaluate(in: Environment(variables))
}

func number(_ text: String, _ variables: [String: Value] = [:]) throws -> Double {
  guard case .number(let number) = try value(text, variables) else { throw NoNumber() }
  return number
}

struct NoNumber: Error {}
