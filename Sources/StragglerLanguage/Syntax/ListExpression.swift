// SPDX-License-Identifier: Apache-2.0

/// `[a, b, …]` or `A..B [by C]`.
struct ListExpression: Sendable {
  enum Form: Sendable {
    case elements([Element])
    case range(Expression, Expression, step: Expression?)
    /// `methods("rennala", …)`: methods that there are; all without arguments.
    case methods([Element])
  }

  /// An element: an expression, or where it cannot be one, a word or a distribution.
  struct Element: Sendable {
    let place: Place
    let expression: Expression?
    /// Why it is no expression, where only a program's own distribution could be called so.
    var fault: Diagnostic?
  }

  let place: Place
  let form: Form

  /// A list without values.
  static let none = ListExpression(place: .nowhere, form: .elements([]))

  private init(place: Place, form: Form) {
    self.place = place
    self.form = form
  }

  /// Whether `place` looks like a list, rather than a single value.
  static func isList(_ place: Place) -> Bool {
    place.bytes.first == UInt8(ascii: "[") || ArgumentReader.hasRange(place) || isOfMethods(place)
  }

  init(parsing place: Place) throws(Diagnostic) {
    self.place = place
    if Self.isOfMethods(place), let name = ArgumentReader.calledName(place) {
      form = .methods(
        try Self.elements(Place(place.source, name.range.upperBound..<place.range.upperBound)))
      return
    }
    form =
      place.bytes.first == UInt8(ascii: "[") ? .elements(try Self.elements(place)) : try Self.range(place)
  }

  private static func isOfMethods(_ place: Place) -> Bool {
    ArgumentReader.calledName(place)?.text == "methods"
  }

  private static func range(_ place: Place) throws(Diagnostic) -> Form {
    var parser = try ExpressionParser(place)
    let first = try parser.expression()
    guard parser.token.kind == .range else {
      if parser.token.kind == .end { throw Diagnostic(.missingList, at: place) }
      throw Diagnostic(.unexpectedInExpression(parser.token.place.text), at: parser.token.place)
    }
    try parser.advance()
    let last = try parser.expression()
    var step: Expression?
    if parser.token.kind == .name, parser.token.place.text == "by" {
      try parser.advance()
      step = try parser.expression()
    }
    try parser.expectEnd()
    return .range(first, last, step: step)
  }

  private static func elements(_ place: Place) throws(Diagnostic) -> [Element] {
    let parts = try ArgumentReader.parts(ofBracketed: place)
    var elements: [Element] = []
    for part in parts {
      guard part.bytes.first != UInt8(ascii: "[") else { throw Diagnostic(.nestedList, at: part) }
      var element = Element(place: part, expression: nil)
      do throws(Diagnostic) {
        element = Element(place: part, expression: try ExpressionParser.expression(part))
      } catch {
        let isCall = ArgumentReader.calledName(part) != nil
        guard ArgumentReader.isWord(part) || isCall else { throw error }
        if isCall { element.fault = error }
      }
      elements.append(element)
    }
    return elements
  }

  /// The values, in order; a range is not written out.
  func values(in environment: Environment) throws(Diagnostic) -> ListValues {
    switch form {
    case .elements(let elements):
      var values: [Value] = []
      for element in elements { values.append(try Self.value(of: element, in: environment)) }
      return .values(values)
    case .methods(let elements):
      guard !elements.isEmpty else { return .values(environment.methods.map { .text($0) }) }
      var values: [Value] = []
      for element in elements {
        let value = try Self.value(of: element, in: environment)
        guard environment.methods.contains(value.printed) else {
          throw Diagnostic(.unknownMethod(value.printed, among: environment.methods), at: element.place)
        }
        values.append(value)
      }
      return .values(values)
    case .range(let first, let last, let step):
      let (start, end) = (try first.number(in: environment), try last.number(in: environment))
      let step = try (step?.number(in: environment)) ?? 1
      guard start.isFinite, end.isFinite, step.isFinite else { throw Diagnostic(.endlessRange, at: place) }
      guard step != 0 else { throw Diagnostic(.zeroStep, at: place) }
      // A billionth of a step is rounding: 0..0.3 by 0.1 has four elements.
      let count = ((end - start) / step + 1e-9).rounded(.down) + 1
      guard count <= 0x1p53 else { throw Diagnostic(.endlessRange, at: place) }
      return .range(start: start, end: end, step: step, count: count >= 1 ? Int(count) : 0)
    }
  }

  /// The values of a short list, all of which must be numbers.
  func numbers(in environment: Environment) throws(Diagnostic) -> [Double] {
    let values = try values(in: environment)
    guard values.count <= Self.mostNumbers else {
      throw Diagnostic(.longList(values.count, limit: Self.mostNumbers), at: place)
    }
    var numbers: [Double] = []
    for value in values {
      guard case .number(let number) = value else { throw Diagnostic(.notANumber(value.printed), at: place) }
      numbers.append(number)
    }
    return numbers
  }

  private static let mostNumbers = 1_000

  /// A word whose variables are not all known stands for itself.
  private static func value(of element: Element, in environment: Environment) throws(Diagnostic) -> Value {
    let isWord = ArgumentReader.isWord(element.place)
    if let fault = element.fault {
      let name = ArgumentReader.calledName(element.place)?.text ?? ""
      guard LawNames.all(environment.laws).contains(name) else { throw fault }
    }
    guard let expression = element.expression,
      !isWord || expression.variables.allSatisfy({ environment[$0] != nil })
    else { return .text(element.place.text) }
    return try expression.evaluate(in: environment)
  }
}

/// The values of a list.
enum ListValues: Sendable, RandomAccessCollection {
  case values([Value])
  case range(start: Double, end: Double, step: Double, count: Int)

  var startIndex: Int { 0 }

  var endIndex: Int {
    switch self {
    case .values(let values): values.count
    case .range(_, _, _, let count): count
    }
  }

  subscript(index: Int) -> Value {
    switch self {
    case .values(let values): values[index]
    case .range(let start, let end, let step, _):
      // Rounding must not carry the last element beyond the end.
      .number(
        step > 0 ? Swift.min(start + Double(index) * step, end) : Swift.max(start + Double(index) * step, end)
      )
    }
  }
}
