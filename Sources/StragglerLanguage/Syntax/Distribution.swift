// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// A distribution as it is written: `lognormal(0,1)`, `trace("FILE")`, or a number, which is constant.
struct Distribution: Sendable {
  indirect enum Form: Sendable {
    /// A law with an expression for each of its parameters.
    case law(LawEntry, [Expression])
    /// Recorded durations, `replay`ed in order or drawn again (`bootstrap`), with keys that say how the file
    /// is read.
    case trace(file: Expression, replays: Bool, keys: [Argument])
    /// The first of two distributions with a probability, otherwise the second.
    case mixture(Expression, Distribution, Distribution)
  }

  let form: Form
  let place: Place

  /// `laws` are those that it can name; `depth` counts the mixtures around it.
  init(parsing place: Place, laws: [LawEntry], depth: Int = 0) throws(Diagnostic) {
    guard depth <= SourceText.depthLimit else { throw Diagnostic(.tooDeep, at: place) }
    self.place = place
    form = try Self.form(place, laws, depth)
  }

  private static func form(_ place: Place, _ laws: [LawEntry], _ depth: Int) throws(Diagnostic) -> Form {
    guard let name = ArgumentReader.calledName(place), Function(rawValue: name.text) == nil,
      WorkerCall(rawValue: name.text) == nil
    else {
      return .law(.constant, [try ExpressionParser.expression(place)])
    }
    let names = LawNames.all(laws)
    guard names.contains(name.text) else {
      throw Diagnostic(.unknownDistribution(name.text, among: names, Function.names), at: name)
    }
    let brackets = Place(place.source, name.range.upperBound..<place.range.upperBound)
    let parts = try ArgumentReader.parts(ofBracketed: brackets)
    guard let law = laws.first(where: { $0.name == name.text }) else {
      return name.text == LawNames.trace ? try trace(parts, place) : try mixture(parts, place, laws, depth)
    }
    guard parts.count == law.parameters.count else {
      throw Diagnostic(
        .parameterCount(law.name, law.parameters.count, given: parts.count, usage: law.usage), at: place)
    }
    var parameters: [Expression] = []
    for part in parts { parameters.append(try ExpressionParser.expression(part)) }
    return .law(law, parameters)
  }

  private static func mixture(
    _ parts: [Place], _ place: Place, _ laws: [LawEntry], _ depth: Int
  ) throws(Diagnostic) -> Form {
    guard parts.count == 3 else { throw Diagnostic(.mixtureArguments, at: place) }
    return .mixture(
      try ExpressionParser.expression(parts[0]),
      try Distribution(parsing: parts[1], laws: laws, depth: depth + 1),
      try Distribution(parsing: parts[2], laws: laws, depth: depth + 1))
  }

  private static func trace(_ parts: [Place], _ place: Place) throws(Diagnostic) -> Form {
    guard let file = parts.first else { throw Diagnostic(.traceArguments, at: place) }
    var rest = parts.dropFirst()
    var replays = true
    if let mode = rest.first, Argument(mode).key == nil {
      guard mode.text == "replay" || mode.text == "bootstrap" else {
        throw Diagnostic(.traceArguments, at: mode)
      }
      replays = mode.text == "replay"
      rest.removeFirst()
    }
    for part in rest where Argument(part).key == nil { throw Diagnostic(.traceArguments, at: part) }
    return .trace(
      file: try ExpressionParser.expression(file), replays: replays, keys: rest.map { Argument($0) })
  }
}
