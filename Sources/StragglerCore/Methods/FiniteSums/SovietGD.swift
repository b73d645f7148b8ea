// SPDX-License-Identifier: Apache-2.0

/// Soviet GD: gradient descent with the samples split evenly over all workers; every step waits for the
/// slowest.
///
/// Soviet PAGE with p = 1. γ = 1/L, τₙ⌈m/n⌉ seconds a step, about τₙ(m/n)Δ/ε in all. f = (1/m) Σ fⱼ.
/// Source: Tyurin, Gruntkowska, Richtárik, "Freya PAGE" (2024), Table 1.
public struct SovietGD: Method {
  public static var name: StaticText { "soviet-gd" }
  public static var summary: StaticText {
    "Soviet GD: gradient descent with the samples split evenly over all workers, for finite sums"
  }
  public static var allowsHeterogeneousData: Bool { true }

  /// Soviet PAGE, of which this is the case p = 1.
  public var soviet: SovietPage

  public var gamma: Parameter<Double> { soviet.gamma }

  public init() {
    soviet = SovietPage()
    soviet.page = Page(isDescent: true)
  }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) { try soviet.keys(&keys) }
  public mutating func prepare(_ setup: inout Setup) throws(SetupError) { try soviet.prepare(&setup) }
  public mutating func begin(_ server: inout Server) { soviet.begin(&server) }
  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    soviet.receive(arrival, &server)
  }
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? { try soviet.predict(&setup) }
}
