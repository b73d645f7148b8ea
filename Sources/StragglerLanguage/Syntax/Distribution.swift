/// A distribution as it is written: `lognormal(0,1)`, `trace("FILE")`, or a number, which is constant.
public struct Distribution: Sendable {
  public enum Form: Sendable {
    /// A law with an expression for each of its parameters.
    case law(Law, [Expression])
    /// Recorded durations, `replay`ed in order or drawn again (`bootstrap`).
    case trace(file: Expression, replays: Bool)
  }

  public let form: Form
  public let place: Place

  /// Whether `place` is a call of one of the laws.
  static func isOne(_ place: Place) -> Bool {
    guard let name = ArgumentReader.calledName(place)?.text else { return false }
    return name == Law.traceName || Law.named(name) != nil
  }

  init(parsing place: Place) throws(Diagnostic) {
    self.place = place
    form = try Self.form(place)
  }

  private static func form(_ place: Place) throws(Diagnostic) -> Form {
    guard let name = ArgumentReader.calledName(place), Function(rawValue: name.text) == nil else {
      return .law(.constant, [try ExpressionParser.expression(place)])
    }
    let law = Law.named(name.text)
    guard law != nil || name.text == Law.traceName else {
      throw Diagnostic(.unknownDistribution(name.text), at: name)
    }
    let brackets = Place(place.source, name.range.upperBound..<place.range.upperBound)
    let parts = try ArgumentReader.parts(ofBracketed: brackets)
    guard let law else { return try trace(parts, place) }
    guard parts.count == law.parameters.count else {
      throw Diagnostic(.parameterCount(law, given: parts.count), at: place)
    }
    var parameters: [Expression] = []
    for part in parts { parameters.append(try ExpressionParser.expression(part)) }
    return .law(law, parameters)
  }

  private static func trace(_ parts: [Place], _ place: Place) throws(Diagnostic) -> Form {
    guard let file = parts.first, parts.count <= 2 else { throw Diagnostic(.traceArguments, at: place) }
    let mode = parts.count == 2 ? parts[1].text : "replay"
    guard mode == "replay" || mode == "bootstrap" else { throw Diagnostic(.traceArguments, at: parts[1]) }
    return .trace(file: try ExpressionParser.expression(file), replays: mode == "replay")
  }
}

/// A law of durations that goes by name.
public struct Law: Sendable, Equatable {
  public let name: String
  public let parameters: [String]
  public let summary: String

  /// `lognormal(mu,sigma)`.
  public var usage: String { "\(name)(\(parameters.joined(separator: ",")))" }

  static let traceName = "trace"
  static let constant = Law("constant", ["c"], "always c")

  public static let all = [
    constant,
    Law("uniform", ["a", "b"], "equally likely between a and b"),
    Law("exponential", ["rate"], "memoryless, with mean 1/rate"),
    Law("gamma", ["shape", "scale"], "with mean shape·scale"),
    Law("weibull", ["shape", "scale"], "of P(η > t) = exp(−(t/scale)^shape)"),
    Law("pareto", ["minimum", "alpha"], "of P(η > t) = (minimum/t)^alpha"),
    Law("lognormal", ["mu", "sigma"], "its logarithm is N(mu, sigma²)"),
    Law("logcauchy", ["mu", "gamma"], "its logarithm is a Cauchy variable; the mean is infinite"),
    Law("logt", ["mu", "sigma", "dof"], "its logarithm is Student's t; the mean is infinite"),
    Law("levy", ["mu", "c"], "Lévy's law from mu on; the mean is infinite"),
    Law("poisson", ["lambda"], "an integer with mean lambda"),
    Law("normal", ["mu", "sigma"], "the absolute value of N(mu, sigma²)"),
    Law("infbernoulli", ["q"], "0, or with probability q infinite"),
  ]

  private init(_ name: String, _ parameters: [String], _ summary: String) {
    self.name = name
    self.parameters = parameters
    self.summary = summary
  }

  public static func named(_ name: String) -> Law? { all.first { $0.name == name } }

  static var names: [String] { all.map(\.name) + [traceName] }
}
