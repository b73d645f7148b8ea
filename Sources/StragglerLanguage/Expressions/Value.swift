// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// What an expression gives and a variable holds.
public enum Value: Equatable, Sendable {
  /// A number; truth values are 1 and 0.
  case number(Double)
  /// A text, which only `echo`, names and paths take.
  case text(String)

  /// As it is printed: a number so that it reads back exactly, a text as it is.
  public var printed: String {
    switch self {
    case .number(let number): NumberFormat.text(number)
    case .text(let text): text
    }
  }
}

/// Numbers as people write them.
public enum NumberFormat {
  /// The shortest text that reads back as the same number: `60`, `0.1`, `1e-05`, `inf`, `nan`.
  public static func text(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The number that all of `text` stands for, with a sign if it has one; nil if it is none or too large.
  public static func number(_ text: String) -> Double? {
    let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? String(text.dropFirst()) : text
    let isNegative = text.hasPrefix("-")
    if let constant = ["inf": Double.infinity, "nan": .nan][unsigned] {
      return isNegative ? -constant : constant
    }
    guard let first = unsigned.utf8.first, first.isDigit || first == UInt8(ascii: ".") else { return nil }
    var lexer = ExpressionLexer(SourceText(name: "", unsigned).all)
    guard case .number(let number)? = try? lexer.next().kind, case .end? = try? lexer.next().kind else {
      return nil
    }
    return isNegative ? -number : number
  }
}

/// What can be named where values are read: variables, and laws of durations.
public struct Environment: Sendable {
  var variables: [String: Value]
  var laws: [LawEntry]
  /// The names of the methods.
  var methods: [String] = []

  init(_ variables: [String: Value] = [:], laws: [LawEntry] = LawEntry.library) {
    (self.variables, self.laws) = (variables, laws)
  }

  /// The value of a variable; nil where there is none.
  public internal(set) subscript(name: String) -> Value? {
    get { variables[name] }
    set { variables[name] = newValue }
  }
}
