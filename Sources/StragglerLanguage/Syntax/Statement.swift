/// A statement, with every part's place.
public struct Statement: Sendable {
  public indirect enum Kind: Sendable {
    case command(Invocation)
    case assignment(Assignment)
    case expectation(Expression)
    case loop(Loop)
    case branch(Branch)
  }

  public let kind: Kind
  public let place: Place
}

/// A command with its arguments as they were written. What they mean depends on the command: see
/// `ArgumentBinder`.
public struct Invocation: Sendable {
  public let name: Place
  public let arguments: [Argument]
}

/// `let NAME = expression`, or `default NAME = expression`.
public struct Assignment: Sendable {
  public let name: Place
  public let value: Expression
  /// Whether a variable that has a value keeps it.
  public let isDefault: Bool
}

/// `for NAME in list { … }`.
public struct Loop: Sendable {
  public let variable: Place
  public let list: ListExpression
  public let body: [Statement]
}

/// `if expression { … }`.
public struct Branch: Sendable {
  public let condition: Expression
  public let body: [Statement]
}

/// An argument as it was written: `NAME=value`, or anything else without spaces outside brackets and strings.
public struct Argument: Sendable {
  public let place: Place
  /// The name before `=`, where there is one.
  public let key: Place?
  /// What follows `=`, or the whole argument.
  public let value: Place

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
