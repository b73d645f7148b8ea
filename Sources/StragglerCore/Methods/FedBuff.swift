// SPDX-License-Identifier: Apache-2.0

/// FedBuff with one local step: AsGrad in random order, where new jobs get a new point every b updates.
///
/// In the terms of the source: Q = 1 local step with local stepsize γ/b, server stepsize b, and a buffer of
/// b. Source: Nguyen et al., "Federated learning with buffered asynchronous aggregation" (2022); as a member
/// of the AsGrad family: AsGrad (2024).
public struct FedBuff: Method {
  public static var name: StaticText { "fedbuff" }
  public static var summary: StaticText { "FedBuff: AsGrad in random order with a buffer of b gradients" }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .all }

  /// The family with this member's parameters; its order is random.
  public var family = AsGrad()

  public init() {
    family.order = .random
    family.waiting = 10
  }

  public var gamma: Parameter<Double> { family.gamma }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&family.gamma)
    try family.keysOfJobs(&keys, standard: "10")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) { try family.prepare(&setup) }
  public mutating func begin(_ server: inout Server) { family.begin(&server) }
  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    family.receive(arrival, &server)
  }
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? { try family.predict(&setup) }
}
