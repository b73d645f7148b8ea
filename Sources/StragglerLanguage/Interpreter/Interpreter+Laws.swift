internal import StragglerCore
internal import StragglerLab

extension Interpreter {
  /// What is known of a law, shown and as variables.
  func law(_ arguments: BoundArguments) throws -> Outcome {
    guard let given = arguments["DISTRIBUTION"], case .distribution(let distribution) = given.value else {
      return .failed
    }
    let (delays, owners) = try delays(distribution, given.place, of: 1...1, in: 1)
    defer { withExtendedLifetime(owners) {} }
    guard let delay = delays.first else { return .failed }
    var known = [("mean", delay.mean), ("median", delay.median)]
    if let t = arguments["t"]?.number {
      known += [("cdf", delay.cdf(t)), ("partial_mean", delay.partialMean(t))]
    }
    if let p = arguments["p"] {
      let quantile = delay.quantile(p.number ?? .nan)
      guard !quantile.isNaN else { throw Diagnostic("p= takes numbers from 0 to 1", at: p.place) }
      known.append(("quantile", quantile))
    }
    for (name, value) in known { environment[name] = .number(value) }
    if !options.isQuiet || options.isJSON {
      let text = known.map { "\($0.0) \(NumberText.brief($0.1))" }.joined(separator: " · ")
      try report(
        Self.json("law", .object(known.map { JSONValue.Member($0.0, .number($0.1)) })), text: "law: " + text)
    }
    return .done
  }
}
