// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Reads an expression. Operators by precedence, from loose to tight:
/// `or`, `and`, `not`, comparisons (which do not chain), `+ -`, `* /`, unary minus, `^` (to the right).
struct ExpressionParser {
  private let place: Place
  private var lexer: ExpressionLexer
  private(set) var token: Token
  /// How many brackets, calls and prefixes are open.
  private var nesting = 0
  private var code: [Expression.Instruction] = []
  private var height = 0
  private var depth = 0

  init(_ place: Place) throws(Diagnostic) {
    self.place = place
    lexer = ExpressionLexer(place)
    token = try lexer.next()
  }

  /// The expression that is all of `place`.
  static func expression(_ place: Place) throws(Diagnostic) -> Expression {
    var parser = try ExpressionParser(place)
    let expression = try parser.expression()
    try parser.expectEnd()
    return expression
  }

  mutating func expectEnd() throws(Diagnostic) {
    if token.kind != .end { throw Diagnostic(.unexpectedInExpression(token.place.text), at: token.place) }
  }

  mutating func advance() throws(Diagnostic) { token = try lexer.next() }

  /// The longest expression from here.
  mutating func expression() throws(Diagnostic) -> Expression {
    let start = token.place.range.lowerBound
    (code, height, depth) = ([], 0, 0)
    var end = start
    try operation(above: 0, &end)
    return Expression(place: Place(place.source, start..<max(start, end)), code: code, depth: depth)
  }

  /// An operand and all operators after it that bind tighter than `precedence`.
  private mutating func operation(above precedence: Int, _ end: inout Int) throws(Diagnostic) {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= SourceText.depthLimit else { throw Diagnostic(.tooDeep, at: token.place) }
    try operand(&end)
    var hasComparison = false
    while case .binary(let binary) = token.kind, binary.precedence > precedence {
      if binary.isComparison && hasComparison { throw Diagnostic(.chainedComparison, at: token.place) }
      hasComparison = hasComparison || binary.isComparison
      let place = token.place
      try advance()
      try operation(above: binary == .power ? binary.precedence - 1 : binary.precedence, &end)
      emit(.binary(binary), place, pops: 2)
    }
  }

  /// A number, a name, a string, a call, something in brackets, or one of these with a prefix.
  private mutating func operand(_ end: inout Int) throws(Diagnostic) {
    let start = token
    switch start.kind {
    case .number(let number):
      try advance()
      emit(.number(number), start.place, pops: 0)
    case .text(let text):
      try advance()
      emit(.text(text), start.place, pops: 0)
    case .name:
      try advance()
      if token.kind == .open { return try call(start.place, &end) }
      emit(
        Keyword.constants[start.place.text].map { .number($0) } ?? .variable(start.place.text), start.place,
        pops: 0)
    case .binary(.subtract):
      try advance()
      try operation(above: UnaryOperator.signPrecedence, &end)
      return emit(.unary(.negate), start.place, pops: 1)
    case .binary(.add):
      try advance()
      return try operation(above: UnaryOperator.signPrecedence, &end)
    case .not:
      try advance()
      try operation(above: UnaryOperator.notPrecedence, &end)
      return emit(.unary(.not), start.place, pops: 1)
    case .open:
      try advance()
      try operation(above: 0, &end)
      end = token.place.range.upperBound
      return try close(start.place)
    default:
      throw Diagnostic(.expectedOperand(instead: start.place.text), at: start.place)
    }
    end = start.place.range.upperBound
  }

  private mutating func close(_ open: Place) throws(Diagnostic) {
    guard token.kind == .close else {
      throw token.kind == .end
        ? Diagnostic(.unclosedBracket(UInt8(ascii: "(")), at: open)
        : Diagnostic(.unexpectedInExpression(token.place.text), at: token.place)
    }
    try advance()
  }

  private mutating func call(_ name: Place, _ end: inout Int) throws(Diagnostic) {
    if let call = WorkerCall(rawValue: name.text) { return try column(call, name, &end) }
    if name.text == Keyword.lookup {
      let open = token.place
      try advance()
      try operation(above: 0, &end)
      end = token.place.range.upperBound
      try close(open)
      return emit(.lookup, name, pops: 1)
    }
    guard let function = Function(rawValue: name.text) else {
      throw Diagnostic(
        LawNames.all(LawEntry.library).contains(name.text)
          ? .distributionInExpression(name.text)
          : .unknownFunction(name.text, among: Function.names + [Keyword.lookup]),
        at: name)
    }
    let open = token.place
    try advance()
    var count = 0
    while token.kind != .close || count > 0 {
      try operation(above: 0, &end)
      count += 1
      if count > 1 && function.isVariadic { emit(.extreme(function), name, pops: 2) }
      guard token.kind == .comma else { break }
      try advance()
    }
    guard count == 1 || (count > 1 && function.isVariadic) else {
      if token.kind != .close && count > 0 { try close(open) }
      throw Diagnostic(.argumentCount(name.text, isVariadic: function.isVariadic, given: count), at: name)
    }
    end = token.place.range.upperBound
    try close(open)
    if !function.isVariadic { emit(.function(function), name, pops: 1) }
  }

  /// A call whose brackets hold no expression: a law, or the name of a file.
  private mutating func column(_ call: WorkerCall, _ name: Place, _ end: inout Int) throws(Diagnostic) {
    let open = token.place
    var depth = 0
    repeat {
      switch token.kind {
      case .open: depth += 1
      case .close: depth -= 1
      case .end: throw Diagnostic(.unclosedBracket(UInt8(ascii: "(")), at: open)
      default: break
      }
      end = token.place.range.upperBound
      try advance()
    } while depth > 0
    emit(.column(call), Place(name.source, name.range.lowerBound..<end), pops: 0)
  }

  private mutating func emit(_ operation: Expression.Operation, _ place: Place, pops: Int) {
    code.append(Expression.Instruction(operation: operation, range: place.range))
    height += 1 - pops
    depth = max(depth, height)
  }
}
