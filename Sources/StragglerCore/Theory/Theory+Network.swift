extension Theory {
  /// γ = min{1/(4L), nγ'} of asynchronous decentralised SGD, γ' being Asynchronous SGD's (constant not
  /// verified): a node's step moves the mean of the n models by γ/n.
  static func gossipStepsize(_ setup: borrowing Setup) throws(SetupError) -> Double {
    min(
      1 / (4 * (try setup.smoothnessOfSimilarWorkers(for: "gamma"))),
      Double(setup.workers) * (try asynchronous(setup.fleet).stepsizeForSimilarWorkers(setup)))
  }
}
