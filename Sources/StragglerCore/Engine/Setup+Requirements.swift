// SPDX-License-Identifier: Apache-2.0

// What a method asks of its set-up: what must hold, and what the theory has to say.

extension Setup {
  /// Prepares `method`. Throws, first of all, where one of its parameters is out of the range of its key.
  public mutating func prepare<M: Method>(_ method: inout M) throws(SetupError) {
    var copy = method
    var keys = Keys.describing()
    keys.takesSchedule = M.modifiers.stepsize
    try copy.keys(&keys)
    try method.prepare(&self)
  }

  /// Throws `error` where `condition` does not hold; passes while the arena only measures, when tables are
  /// empty.
  public func require(
    _ condition: @autoclosure () -> Bool, _ error: SetupError
  ) throws(SetupError) {
    if !arena.isMeasuring && !condition() { throw error }
  }

  /// The network, for a method that needs one.
  public func requireNetwork() throws(SetupError) -> Network {
    guard let network else {
      throw .impossible(
        "a decentralised method without a topology",
        remedy: "say who is linked to whom: topology grid link=1")
    }
    guard network.nodes == workers else {
      throw .impossible(
        "a network with another number of nodes than workers", remedy: "give a node for every worker")
    }
    return network
  }

  /// m; throws where the problem is no finite sum, as methods for finite sums need.
  public func sampleCount() throws(SetupError) -> Int {
    let count = conditions.sampleCount
    guard count > 0 else {
      throw .impossible(
        "a finite-sum method on a problem that is no finite sum",
        remedy: "take a finite sum, such as quadratic with samples=100, or another method, such as rennala")
    }
    guard count <= Int(Int32.max) else {
      throw .impossible("a finite sum of more than 2147483647 samples", remedy: "take fewer samples")
    }
    return count
  }

  /// γ, of a method for which no theorem known here has one.
  public func given(_ gamma: Parameter<Double>) throws(SetupError) -> Parameter<Double> {
    guard gamma.given != nil else {
      throw .impossible(
        "gamma= is missing, and no theorem known here has one for this method",
        remedy: "give gamma=, or have compare tune it")
    }
    return try gamma.or(0)
  }

  /// What the conditions ask of the method.
  public var goal: Goal { Goal(conditions) }

  /// max{1, ⌈σ²/ε⌉}, the batch of the theory, for `key`; throws where σ²/ε is not known or beyond 2⁵³.
  public func batch(for key: StaticText) throws(SetupError) -> Int {
    let batch = max(1, Theory.ceiling(try conditions.noiseRatio(for: key)))
    guard batch <= 0x1p53 else { throw .excessive(key: key, limit: "2^53") }
    return Int(whole: batch)
  }

  /// γ = (1/2L) min{1, εB/σ²}, the stepsize of SGD whose gradients have variance σ²/B.
  ///
  /// Throws where L or σ²/ε is not known. Source: the classical theorem for nonconvex SGD (Ghadimi and Lan,
  /// 2013).
  public func stepsize(batch: Double) throws(SetupError) -> Double {
    let noise = try conditions.noiseRatio(for: "gamma")
    return min(1, noise > 0 ? batch / noise : 1) / (2 * (try conditions.smoothness(for: "gamma")))
  }

  /// Says so where a choice among the workers is made by mean speeds.
  mutating func remarkMeanSpeeds() throws(SetupError) {
    guard fleet.changesSpeed else { return }
    try remark("speeds change: workers are chosen by their mean speeds")
  }

  /// Says so where delays have no bound.
  mutating func remarkUnboundedDelay(_ delay: Double) throws(SetupError) {
    guard delay == .infinity else { return }
    try remark(
      "delays can be of any size here: nothing is promised, and gamma is made for those of the mean durations"
    )
  }
}
