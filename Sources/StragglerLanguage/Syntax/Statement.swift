// SPDX-License-Identifier: Apache-2.0

/// A statement, with every part's place.
struct Statement: Sendable {
  /// What follows the name of a command.
  enum Form: Sendable {
    /// Words, keys with their values, and the like: see `ArgumentBinder`.
    case arguments
    /// One expression to the end of the statement: `expect`.
    case expression
    /// `NAME = expression`: `let`, `default`.
    case assignment
    /// `NAME in list { script }`: `for`.
    case loop
    /// `expression { script }`: `if`.
    case branch
  }

  /// The same with what was written there.
  indirect enum Content: Sendable {
    case arguments([Argument])
    case expression(Expression)
    case assignment(Assignment)
    case loop(Loop)
    case branch(Branch)
  }

  /// The name of the command, perhaps only its beginning.
  let name: Place
  let content: Content
  let place: Place
  /// Whether the beginning of a name stands for it.
  let isAbbreviated: Bool
}

/// A command with its arguments as they were written. What they mean depends on the command: see
/// `ArgumentBinder`.
struct Invocation: Sendable {
  let name: Place
  let arguments: [Argument]
}

/// `NAME = expression`.
struct Assignment: Sendable {
  let name: Place
  let value: Expression

  static let none = Assignment(name: .nowhere, value: .none)
}

/// `NAME in list { … }`.
struct Loop: Sendable {
  let variable: Place
  let list: ListExpression
  let body: [Statement]

  static let none = Loop(variable: .nowhere, list: .none, body: [])
}

/// `expression { … }`.
struct Branch: Sendable {
  let condition: Expression
  let body: [Statement]

  static let none = Branch(condition: .none, body: [])
}

/// An argument as it was written: `NAME=value`, or anything else without spaces outside brackets and strings.
struct Argument: Sendable {
  let place: Place
  /// The name before `=`, where there is one.
  let key: Place?
  /// What follows `=`, or the whole argument.
  let value: Place

  init(_ place: Place) {
    self.place = place
    let bytes = place.bytes
    var end = place.range.lowerBound
    if let first = bytes.first, first.beginsName {
      while end < bytes.endIndex, bytes[end].continuesName || bytes[end] == UInt8(ascii: "-") { end += 1 }
    }
    let isKey =
      end > place.range.lowerBound && end < bytes.endIndex && bytes[end] == UInt8(ascii: "=")
      && !(end + 1 < bytes.endIndex && bytes[end + 1] == UInt8(ascii: "="))
    key = isKey ? Place(place.source, place.range.lowerBound..<end) : nil
    value = isKey ? Place(place.source, (end + 1)..<place.range.upperBound) : place
  }
}
