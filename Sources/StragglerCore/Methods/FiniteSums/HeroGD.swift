// SPDX-License-Identifier: Apache-2.0

/// Hero GD: gradient descent on the fastest worker alone; x^{k+1} = x^k − γ(1/m) Σⱼ ∇fⱼ(x^k).
///
/// Hero PAGE with p = 1. γ = 1/L, τ₁m seconds a step, about τ₁mΔ/ε in all. f = (1/m) Σ fⱼ.
/// Source: Tyurin, Gruntkowska, Richtárik, "Freya PAGE" (2024), Table 1.
public struct HeroGD: Method {
  public static var name: StaticText { "hero-gd" }
  public static var summary: StaticText {
    "Hero GD: gradient descent on the fastest worker alone, for finite sums"
  }
  public static var allowsHeterogeneousData: Bool { true }

  /// Hero PAGE, of which this is the case p = 1.
  public var hero: HeroPage

  public var gamma: Parameter<Double> { hero.gamma }

  public init() {
    hero = HeroPage()
    hero.page = Page(isDescent: true)
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try hero.keys(&keys) }
  public mutating func prepare(_ setup: inout Setup) throws(SetupError) { try hero.prepare(&setup) }
  public mutating func begin(_ server: inout Server) { hero.begin(&server) }
  public mutating func receive(_ arrival: Arrival, _ server: inout Server) { hero.receive(arrival, &server) }
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? { try hero.predict(&setup) }
}
