// SPDX-License-Identifier: Apache-2.0

/// Hero PAGE: PAGE on the fastest worker alone, which sends no messages.
///
/// S, p and γ as in `Page`. About τ₁m + τ₁√m Δ/ε seconds. f = (1/m) Σ fⱼ.
/// Source: Tyurin, Gruntkowska, Richtárik, "Freya PAGE" (2024), Table 1.
public struct HeroPage: Method {
  public static var name: StaticText { "hero-page" }
  public static var summary: StaticText { "Hero PAGE: PAGE on the fastest worker alone, for finite sums" }
  public static var allowsHeterogeneousData: Bool { true }

  /// The estimator with its parameters.
  public var page = Page()

  public var gamma: Parameter<Double> { page.gamma }
  private var hero = 0
  private var isFull = true
  /// Samples, or differences, of the estimate so far.
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try page.keys(&keys) }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    try page.prepare(&setup)
    hero = setup.fleet.fastest
    setup.sendsModel = false
  }

  public mutating func begin(_ server: inout Server) { assign(&server) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if isFull {
      page.add(arrival, index: collected, &server)
    } else {
      page.addDifference(arrival, &server)
    }
    collected += 1
    if collected == (isFull ? page.samples : page.batch.value) {
      isFull = page.step(&server)
      collected = 0
    }
    assign(&server)
  }

  private func assign(_ server: inout Server) {
    server.assign(hero, work: isFull ? .localGradient : page.difference(isSent: false))
  }
}

extension HeroPage {
  /// A full gradient takes τ₁m seconds, a batch τ₁S times the cost of a difference.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (seconds, m) = (setup.fleet[hero].computationMean, Double(page.samples))
    return try page.prediction(
      &setup, full: seconds * m, batch: seconds * Double(page.batch.value * page.pairCost),
      table: (seconds * m, seconds * m.squareRoot()))
  }
}
