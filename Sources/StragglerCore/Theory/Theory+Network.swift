// SPDX-License-Identifier: Apache-2.0

extension Theory {
  /// γ = min{1/(4L), nγ'} of asynchronous decentralised SGD, γ' being Asynchronous SGD's (constant not
  /// verified): a node's step moves the mean of the n models by γ/n.
  static func gossipStepsize(_ conditions: Conditions, _ fleet: Fleet) throws(SetupError) -> Double {
    min(
      1 / (4 * (try conditions.smoothnessOfSimilarWorkers(for: "gamma"))),
      Double(fleet.count) * (try asynchronous(fleet).stepsizeForSimilarWorkers(conditions)))
  }
}
