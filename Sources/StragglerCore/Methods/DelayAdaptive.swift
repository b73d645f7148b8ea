// SPDX-License-Identifier: Apache-2.0

/// How a delay-adaptive method takes the delay δ of a gradient into account; n is the number of running jobs.
public enum DelayRule: Int, BitwiseCopyable, Sendable {
  /// γ_k = γ·n / max(n, δ). Mishchenko, Bach, Even, Woodworth (2022).
  case mishchenko
  /// γ_k = γ if δ ≤ n, else min{γ, 1/(4Lδ)}. Koloskova, Stich, Jaggi (2022).
  case koloskova
  /// γ_k = γ if δ ≤ n, else the gradient is discarded.
  case drop

  /// γ_k, or nil to discard the gradient.
  @inlinable
  public func stepsize(_ gamma: Double, delay: Int, concurrency: Int, smoothness: Double) -> Double? {
    guard delay > concurrency else { return gamma }
    switch self {
    case .mishchenko: return gamma * Double(concurrency) / Double(delay)
    case .koloskova: return min(gamma, 1 / (4 * smoothness * Double(delay)))
    case .drop: return nil
    }
  }
}

/// Delay-adaptive Asynchronous SGD: Asynchronous SGD whose stepsize shrinks with the delay of the gradient.
///
/// γ = min{1/(4Ln), ε/(4Lσ²)} (theory, constant not verified).
public struct DelayAdaptive: Method {
  public static var name: StaticText { "asgd-adaptive" }
  public static var summary: StaticText { "Asynchronous SGD with stepsizes that shrink with the delay" }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(compression: true, local: true, step: true).withTurns
  }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// How γ_k depends on the delay δ.
  public var rule = DelayRule.mishchenko

  private var smoothness = Double.nan
  private var concurrency = 0
  private var sum = Slot()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.choice(
      "rule", &rule, of: "mishchenko koloskova drop", "what becomes of γ when the delay is above n",
      standard: "mishchenko")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    concurrency = setup.concurrency
    gamma = try gamma.or(Theory.adaptive(concurrency: concurrency).stepsize(setup.conditions))
    if rule == .koloskova { smoothness = try setup.conditions.smoothness(for: "rule") }
    sum = setup.slot()
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if let gamma = rule.stepsize(
      gamma.value, delay: arrival.delay, concurrency: concurrency, smoothness: smoothness)
    {
      server.accumulate(arrival, into: sum)
      server.step(along: sum, by: gamma)
    }
    server.assign(arrival.worker)
  }
}

extension DelayAdaptive {
  /// K = ⌈16nLΔ/ε + 16σ²LΔ/ε²⌉ updates as they come.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .unverified)
    prediction.setAsynchronous(setup, Theory.adaptive(concurrency: setup.workers))
    prediction.convexTable =
      setup.goal.smoothness * setup.goal.distance * setup.goal.distance / setup.goal.epsilon
      * Double(setup.workers) / setup.fleet.rate
      + setup.goal.convexNoise / setup.fleet.rate
    return prediction
  }
}
