// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Operators with one operand. Truth is any number but 0, and NaN is not true.
enum UnaryOperator: Sendable {
  case negate, not

  /// Of `not`, looser than comparisons.
  static let notPrecedence = 3
  /// Of unary minus, looser than `^`.
  static let signPrecedence = 7

  func callAsFunction(_ x: Double) -> Double { step(x) }

  /// The same in the core's programs, which both are evaluated by.
  var step: StepsizeSchedule.Operation {
    switch self {
    case .negate: .negate
    case .not: .not
    }
  }
}

/// Whether a number counts as true.
func isTrue(_ x: Double) -> Bool { x != 0 && x == x }

/// Operators with two operands; comparisons and logic give 1 or 0.
enum BinaryOperator: Sendable {
  case or, and
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case add, subtract, multiply, divide, power

  /// The higher, the tighter.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 4
    case .add, .subtract: 5
    case .multiply, .divide: 6
    case .power: 8
    }
  }

  var isComparison: Bool { precedence == 4 }

  func callAsFunction(_ x: Double, _ y: Double) -> Double { step(x, y) }

  /// The same in the core's programs.
  var step: StepsizeSchedule.Operation {
    switch self {
    case .or: .or
    case .and: .and
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .power: .power
    }
  }

  /// On texts: comparison, and `+` to join. Nil where the operator does not take texts.
  func callAsFunction(_ x: Value, _ y: Value) -> Value? {
    switch (x, y) {
    case (.number(let x), .number(let y)): return .number(self(x, y))
    case (.text(let a), .text(let b)) where isComparison:
      // Equal texts compare as 0 and 0, and others as 0 and 1 or 1 and 0.
      return .number(self(a > b ? 1 : 0, a < b ? 1 : 0))
    case (.text, .text) where self == .add, (.text, .number) where self == .add,
      (.number, .text) where self == .add:
      return .text(x.printed + y.printed)
    case (.text, .number), (.number, .text):
      // A text is never equal to a number.
      return self == .equal ? .number(0) : self == .notEqual ? .number(1) : nil
    default: return nil
    }
  }
}
