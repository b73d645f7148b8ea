// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Shows what is known of a law.
struct LawCommand: Command {
  static let name = "law"
  static let usage = "law DISTRIBUTION [t=…] [p=…] [tau=…]"
  static let summary = "what is known of a distribution"
  static let details = """
    Shows `mean`, `median` and, of the given t and p, `cdf` = P(η ≤ t), `partial_mean` = E[η; η ≤ t] and \
    `quantile` = the smallest t with P(η ≤ t) ≥ p. They are variables of expressions afterwards. Outages, \
    markov(up,down), take the longer the longer a job works: tau= says how many seconds that is.
    """

  private var distribution = Given(BoundDistribution.none)
  private var t: Given<Double>?
  private var p: Given<Double>?
  private var tau: Given<Double>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter(
      "DISTRIBUTION", &distribution, .distribution, "a distribution, such as lognormal(0,2)")
    arguments.key("t", &t, .nonnegative, "seconds")
    arguments.key("p", &p, .number, "a probability")
    arguments.key("tau", &tau, .nonnegative, "the seconds of work that outages interrupt")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let made = try distribution.value.delays(of: 1...1, in: FleetFacts(count: 1), at: distribution.place)
    defer { withExtendedLifetime(made.owners) {} }
    let delay = try working(made.delays[0])
    var known = [("mean", delay.mean), ("median", delay.median)]
    if let t { known += [("cdf", delay.cdf(t.value)), ("partial_mean", delay.partialMean(t.value))] }
    if let p {
      let quantile = delay.quantile(p.value)
      guard !quantile.isNaN else { throw Diagnostic(.badProbability("p"), at: p.place) }
      known.append(("quantile", quantile))
    }
    workspace.variables.keep(known)
    if !workspace.options.isQuiet || workspace.options.isJSON {
      let text = known.map { "\($0.0) \(NumberText.brief($0.1))" }.joined(separator: " · ")
      let json = JSONValue.object(known.map { JSONValue.Member($0.0, .number($0.1)) })
      try workspace.report(json.reported(by: Self.name), text: "law: " + text)
    }
    return .done
  }

  /// The law, for a job of `tau` seconds of work where it asks for them.
  private func working(_ law: Delay) throws(Diagnostic) -> Delay {
    guard law.dependsOnWork else {
      guard let tau else { return law }
      throw Diagnostic(.tauWithoutOutages, at: tau.place)
    }
    guard let tau else { throw Diagnostic(.outagesWithoutTau, at: distribution.place) }
    return law.during(tau.value)
  }
}
