// SPDX-License-Identifier: Apache-2.0

/// Rennala MVR, Rennala's collection with momentum variance reduction: the first S pairs of gradients at
/// x^k and x^{k−1}, of one sample each, make g^k = (1/S) Σ ∇f(x^k; ξ) + (1 − a)(g^{k−1} − (1/S) Σ
/// ∇f(x^{k−1}; ξ)), and x^{k+1} = x^k − γg^k. g⁰ is the mean of S gradients at x⁰.
///
/// A pair takes `pair_cost` gradients of time and one message. What was computed at older points is
/// discarded. The theorem's a and γ are not verified and have to be given; S = max{1, ⌈σ²/ε⌉} if it is left
/// out. Source: Tovmasyan, Maranjyan, Richtárik, "Rennala MVR", arXiv 2605.08871.
public struct RennalaMVR: Method {
  public static var name: StaticText { "rennala-mvr" }
  public static var summary: StaticText {
    "Rennala MVR: the first S pairs of gradients at the two newest points correct an estimate"
  }
  public static var modifiers: Modifiers.Kinds { .stepsize }

  /// γ; it has to be given.
  public var gamma = Parameter<Double>.theory
  /// S, the pairs of a step.
  public var batch = Parameter<Int>.theory
  /// a, how much of the estimate is new, above 0 and at most 1; it has to be given.
  public var a: Double?
  /// What a pair costs in gradients: 2, or 1.
  public var pairCost = 2

  private var sum = Slot()
  private var estimate = Slot()
  /// x^{k−1}.
  private var previous = HeldPoint()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma, standard: "none: give it, or tune")
    try keys.count("batch", &batch.given, "S, the pairs of a step", standard: "max{1, ⌈σ²/ε⌉}")
    try keys.optionalProbability("a", &a, "a, how much of the estimate is new", standard: "none: give it")
    try keys.count(
      "pair_cost", &pairCost, limit: 2, "what a pair of gradients costs, in gradients", standard: "2",
      expected: "2 or 1")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    guard let a, a > 0, a <= 1 else {
      throw .impossible(
        "a= is missing, and no theorem known here has one for this method",
        remedy: "give a=, above 0 and at most 1")
    }
    batch = try batch.or(setup.batch(for: "batch"))
    gamma = try setup.given(gamma)
    sum = setup.slot()
    estimate = setup.slot()
    setup.evaluatesPairs = true
    // x^{k−1} is held while jobs work at x^k.
    setup.horizon = 1
  }

  public mutating func begin(_ server: inout Server) {
    (previous, collected) = (HeldPoint(), 0)
    server.assignAll()
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if arrival.delay == 0 {
      server.accumulate(arrival, into: sum)
      let kept = 1 - (a ?? 1)
      if server.iteration > 0, kept > 0 {
        server.accumulate(arrival, at: previous, into: sum, weight: -kept)
      }
      collected += 1
      if collected == batch.value {
        server.combine(estimate, scaledBy: kept, with: sum, times: 1)
        server.clear(sum)
        server.release(previous)
        previous = server.hold()
        server.step(keeping: estimate, by: gamma, over: Double(batch.value))
        collected = 0
      }
    }
    server.assign(arrival.worker, work: pairCost == 2 && server.iteration > 0 ? .pair : .gradient)
  }
}
