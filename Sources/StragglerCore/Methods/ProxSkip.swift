// SPDX-License-Identifier: Apache-2.0

/// ProxSkip: all workers make gradient steps of their own, corrected by control variates, and average their
/// models after each step with probability p only.
///
/// The coin is common, so that a round has H local steps, P(H = h) = (1 − p)^{h−1}p: y^{h+1} = y^h −
/// γ(gᵢ(y^h; ξ) − hᵢ) from x^k; then x^{k+1} is the mean of the y^H, and hᵢ⁺ = hᵢ + (p/γ)(x^{k+1} − yᵢ^H),
/// with hᵢ = 0 at the start and Σ hᵢ = 0 always. p = 1 is gradient descent. For strongly convex fᵢ and
/// exact gradients, γ = 1/max Lᵢ and p = √(μ/L) it converges linearly with O(√(L/μ) ln(1/ε)) rounds,
/// however the fᵢ differ. Memory: 2n + 2 vectors, 1 with p = 1. Source: Mishchenko, Malinovsky, Stich,
/// Richtárik, "ProxSkip: yes! Local gradient steps provably lead to communication acceleration! Finally!"
/// (2022), Algorithm 2 (Scaffnew).
public struct ProxSkip: Method {
  public static var name: StaticText { "proxskip" }
  public static var summary: StaticText {
    "ProxSkip: local steps with control variates, averaged with probability p"
  }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// p, the probability that models are averaged after a step.
  public var probability = 0.1

  private var seed: UInt64 = 0
  private var round = 0
  /// H of this round.
  private var steps = 1
  /// hᵢ, and the sums of the workers' gradients in this round.
  private var variates = Slots()
  private var paths = Slots()
  /// −hᵢ.
  private var shift = Slot()
  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.probability(
      "p", &probability, "p, the probability that models are averaged after a step", standard: "0.1")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    if gamma.given == nil {
      try setup.remark(
        "gamma is for strongly convex objectives of the workers, else it promises nothing; no time follows")
    }
    gamma = try gamma.or(1 / setup.conditions.largestSmoothness(for: "gamma"))
    seed = setup.seed
    sum = setup.slot()
    setup.horizon = 0
    guard averagesAtTimes else { return }
    // How many steps there are is set anew in each round.
    try setup.takeLocalSteps(.same(2), by: gamma.value)
    setup.shiftsLocalSteps = true
    variates = setup.slotsForWorkers()
    paths = setup.slotsForWorkers()
    shift = setup.slot()
  }

  /// Whether there are steps after which models are not averaged.
  private var averagesAtTimes: Bool { probability < 1 }

  public mutating func begin(_ server: inout Server) {
    round = 0
    startRound(&server)
  }

  private mutating func startRound(_ server: inout Server) {
    collected = 0
    if averagesAtTimes {
      var stream = RandomStream(seed: seed, purpose: .method, job: round)
      steps = Self.steps(probability, &stream)
      server.setLocalSteps(steps)
    }
    round += 1
    server.assignAll()
  }

  /// The first toss that shows p, by inversion.
  private static func steps(_ p: Double, _ stream: inout RandomStream) -> Int {
    let tosses = (Elementary.log(stream.uniform()) / Elementary.log1p(-p)).rounded(.down)
    return 1 + Int(min(max(0, tosses), 1e9))
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if averagesAtTimes {
      let path = paths[arrival.worker]
      server.combine(shift, scaledBy: 0, with: variates[arrival.worker], times: -1)
      server.accumulate(arrival, into: path, shiftedBy: shift)
      server.combine(sum, with: path, times: 1)
    } else {
      server.accumulate(arrival, into: sum)
    }
    collected += 1
    guard collected == server.workers else { return }
    if averagesAtTimes { correct(&server) }
    server.step(along: sum, by: gamma.value / Double(server.workers))
    startRound(&server)
  }

  /// hᵢ⁺ = hᵢ + p(Dᵢ − H hᵢ − mean D), which is (p/γ)(x⁺ − yᵢ) more, as Σ hᵢ = 0.
  private func correct(_ server: inout Server) {
    let p = probability
    for worker in 0..<server.workers {
      server.combine(variates[worker], scaledBy: 1 - p * Double(steps), with: paths[worker], times: p)
      server.combine(variates[worker], with: sum, times: -p / Double(server.workers))
    }
    server.clear(paths)
  }
}

extension ProxSkip {
  /// Only the lower bounds: the time depends on μ, which is not among what is known of a problem.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.any, .unverified)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    // Where γ is the theorem's, that has been said together with what γ is for.
    if gamma.given != nil {
      try setup.remark("the theorem is for strongly convex f with a known constant: no time follows here")
    }
    return prediction
  }
}
