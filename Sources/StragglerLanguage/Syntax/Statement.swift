/// A statement, with every part's place.
struct Statement: Sendable {
  indirect enum Kind: Sendable {
    case command(Invocation)
    case assignment(Assignment)
    case expectation(Expression)
    case loop(Loop)
    case branch(Branch)
  }

  let kind: Kind
  let place: Place
}

/// A command with its arguments as they were written. What they mean depends on the command: see
/// `ArgumentBinder`.
struct Invocation: Sendable {
  let name: Place
  let arguments: [Argument]
}

/// `let NAME = expression`, or `default NAME = expression`.
struct Assignment: Sendable {
  let name: Place
  let value: Expression
  /// Whether a variable that has a value keeps it.
  let isDefault: Bool
}

/// `for NAME in list { … }`.
struct Loop: Sendable {
  let variable: Place
  let list: ListExpression
  let body: [Statement]
}

/// `if expression { … }`.
struct Branch: Sendable {
  let condition: Expression
  let body: [Statement]
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
