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
    guard let law = delays.first else { return .failed }
    let delay = try self.delay(law, given.place, arguments["tau"])
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

  /// The law, for a job of `tau` seconds of work where it asks for them.
  private func delay(_ law: Delay, _ place: Place, _ tau: BoundValue?) throws(Diagnostic) -> Delay {
    guard case .markov = law else {
      guard let tau else { return law }
      throw Diagnostic("tau= is for markov(up,down): other delays do not depend on it", at: tau.place)
    }
    guard let tau, let seconds = tau.number else {
      throw Diagnostic(
        "how long outages hold up a job depends on how long it works",
        remedy: "give the seconds of its work: law markov(10,200) tau=1", at: place)
    }
    return Worker(tau: seconds, delay: law).delay
  }
}
