// SPDX-License-Identifier: Apache-2.0

/// An expression, checked and ready to evaluate.
///
/// It is kept in postfix order: operands, then what is done with them. No tree is built, so that neither a
/// long sum nor deep brackets can exhaust the stack of the program.
struct Expression: Sendable {
  /// Where it is.
  let place: Place
  let code: [Instruction]
  /// The most operands that wait at any time.
  let depth: Int

  struct Instruction: Sendable {
    let operation: Operation
    let range: Range<Int>
  }

  enum Operation: Sendable {
    case number(Double)
    case text(String)
    case variable(String)
    case unary(UnaryOperator)
    case binary(BinaryOperator)
    case function(Function)
    /// `min` and `max` of the two numbers before.
    case extreme(Function)
    /// The variable whose name is the text before.
    case lookup
    /// A call such as `draw(…)`, all of it, which has a value for every worker.
    case column(WorkerCall)
  }

  /// No expression: it has no value.
  static let none = Expression(place: .nowhere, code: [], depth: 0)

  /// The names of the variables in it, in order, each once.
  var variables: [String] {
    var names: [String] = []
    for case .variable(let name) in code.map(\.operation) where !names.contains(name) { names.append(name) }
    return names
  }

  /// Whether it looks up a variable by a name that is put together.
  var looksUp: Bool { code.contains { if case .lookup = $0.operation { true } else { false } } }

  /// Whether it is a single name or string, and no calculation.
  var isAtom: Bool { code.count == 1 }

  /// Its value. O(length)
  func evaluate(in environment: Environment) throws(Diagnostic) -> Value {
    var stack: [Value] = []
    stack.reserveCapacity(depth)
    for instruction in code {
      switch instruction.operation {
      case .number(let number): stack.append(.number(number))
      case .text(let text): stack.append(.text(text))
      case .variable(let name):
        guard let value = environment[name] else { throw unknown(name, instruction, environment, []) }
        stack.append(value)
      case .unary(let operation):
        guard case .number(let x)? = stack.popLast() else {
          throw Diagnostic(.needsNumber, at: at(instruction))
        }
        stack.append(.number(operation(x)))
      case .function(let function):
        guard case .number(let x)? = stack.popLast() else {
          throw Diagnostic(.needsNumber, at: at(instruction))
        }
        stack.append(.number(function(x)))
      case .extreme(let function):
        guard case .number(let y)? = stack.popLast(), case .number(let x)? = stack.popLast() else {
          throw Diagnostic(.needsNumber, at: at(instruction))
        }
        stack.append(.number(function(x, y)))
      case .lookup:
        guard case .text(let name)? = stack.popLast() else {
          throw Diagnostic(.needsName, at: at(instruction))
        }
        guard let value = environment[name] else { throw unknown(name, instruction, environment, []) }
        stack.append(value)
      case .column(let call): throw Diagnostic(.onlyForWorkers(call.rawValue), at: at(instruction))
      case .binary(let operation):
        guard let y = stack.popLast(), let x = stack.popLast(), let value = operation(x, y) else {
          throw Diagnostic(.needsNumber, at: at(instruction))
        }
        // Texts that double themselves in a loop would take all memory.
        if case .text(let text) = value, text.utf8.count > 1 << 20 {
          throw Diagnostic(.textTooLong, at: at(instruction))
        }
        stack.append(value)
      }
    }
    guard let value = stack.last else { throw Diagnostic(.needsNumber, at: place) }
    return value
  }

  /// Its value, which must be a number. O(length)
  func number(in environment: Environment) throws(Diagnostic) -> Double {
    guard case .number(let number) = try evaluate(in: environment) else {
      throw Diagnostic(.needsNumber, at: place)
    }
    return number
  }

  func at(_ instruction: Instruction) -> Place { Place(place.source, instruction.range) }

  /// A variable that has no value here; `locals` are names that have one besides those in `environment`.
  func unknown(
    _ name: String, _ instruction: Instruction, _ environment: Environment, _ locals: [String]
  ) -> Diagnostic {
    let known = environment.variables.keys.sorted() + locals + Array(Keyword.constants.keys.sorted())
    return Diagnostic(.unknownVariable(name, among: known), at: at(instruction))
  }
}
