internal import StragglerCore
internal import StragglerLab

/// A distribution as it is written: `lognormal(0,1)`, `trace("FILE")`, or a number, which is constant.
struct Distribution: Sendable {
  indirect enum Form: Sendable {
    /// A law with an expression for each of its parameters.
    case law(Law, [Expression])
    /// Recorded durations, `replay`ed in order or drawn again (`bootstrap`).
    case trace(file: Expression, replays: Bool)
    /// The first of two distributions with a probability, otherwise the second.
    case mixture(Expression, Distribution, Distribution)
  }

  let form: Form
  let place: Place

  /// Whether `place` is a call of one of the laws.
  static func isOne(_ place: Place) -> Bool {
    guard let name = ArgumentReader.calledName(place)?.text else { return false }
    return Law.names.contains(name)
  }

  /// `depth` counts the mixtures around it.
  init(parsing place: Place, depth: Int = 0) throws(Diagnostic) {
    guard depth <= Scanner.depthLimit else { throw Diagnostic(.tooDeep, at: place) }
    self.place = place
    form = try Self.form(place, depth)
  }

  private static func form(_ place: Place, _ depth: Int) throws(Diagnostic) -> Form {
    guard let name = ArgumentReader.calledName(place), Function(rawValue: name.text) == nil else {
      return .law(.constant, [try ExpressionParser.expression(place)])
    }
    let law = Law.named(name.text)
    guard Law.names.contains(name.text) else {
      throw Diagnostic(.unknownDistribution(name.text), at: name)
    }
    let brackets = Place(place.source, name.range.upperBound..<place.range.upperBound)
    let parts = try ArgumentReader.parts(ofBracketed: brackets)
    guard let law else {
      return name.text == Law.traceName ? try trace(parts, place) : try mixture(parts, place, depth)
    }
    guard parts.count == law.parameters.count else {
      throw Diagnostic(.parameterCount(law, given: parts.count), at: place)
    }
    var parameters: [Expression] = []
    for part in parts { parameters.append(try ExpressionParser.expression(part)) }
    return .law(law, parameters)
  }

  private static func mixture(_ parts: [Place], _ place: Place, _ depth: Int) throws(Diagnostic) -> Form {
    guard parts.count == 3 else { throw Diagnostic(.mixtureArguments, at: place) }
    return .mixture(
      try ExpressionParser.expression(parts[0]), try Distribution(parsing: parts[1], depth: depth + 1),
      try Distribution(parsing: parts[2], depth: depth + 1))
  }

  private static func trace(_ parts: [Place], _ place: Place) throws(Diagnostic) -> Form {
    guard let file = parts.first, parts.count <= 2 else { throw Diagnostic(.traceArguments, at: place) }
    let mode = parts.count == 2 ? parts[1].text : "replay"
    guard mode == "replay" || mode == "bootstrap" else { throw Diagnostic(.traceArguments, at: parts[1]) }
    return .trace(file: try ExpressionParser.expression(file), replays: mode == "replay")
  }
}

/// A law of durations that goes by name.
struct Law: Sendable, Equatable {
  let name: String
  let parameters: [String]
  let summary: String
  private let index: Int

  /// `lognormal(mu,sigma)`.
  var usage: String { "\(name)(\(parameters.joined(separator: ",")))" }

  static let traceName = "trace"
  static let mixtureName = "mixture"
  static let constant = all[0]

  /// The core's laws, in the order of `help`.
  static let all: [Law] = (0..<DelayLaws.count).compactMap { index in
    DelayLaws.description(index).map { Law($0, index) }
  }

  private init(_ description: DelayDescription, _ index: Int) {
    name = "\(description.name)"
    parameters = "\(description.parameters)".split(separator: " ").map(String.init)
    summary = "\(description.summary)"
    self.index = index
  }

  static func named(_ name: String) -> Law? { all.first { $0.name == name } }

  static var names: [String] { all.map(\.name) + [traceName, mixtureName] }

  /// The law with `values` for its parameters.
  func delay(_ values: [Double]) throws(DelayError) -> Delay {
    var vector = SIMD4<Double>.zero
    for (index, value) in values.prefix(4).enumerated() { vector[index] = value }
    return try DelayLaws.make(index, vector) ?? .none
  }
}
