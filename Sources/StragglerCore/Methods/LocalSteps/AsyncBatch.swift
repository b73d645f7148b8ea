// SPDX-License-Identifier: Apache-2.0

/// Asynchronous Batch SGD: every worker always works, M gradients at the newest point; their sum makes a
/// step, x^{k+1} = x^k − γ Σ gⱼ, if fewer than R gradients have gone into the model since its point, and
/// is discarded otherwise. The worker starts anew.
///
/// R = max{1, ⌈σ²/ε⌉}; the tree distance is at most R + M − 2, so that γ = min{1/(2(R+M−1)L), ε/(4Lσ²)}
/// and K = ⌈4(R+M−1)LΔ/ε + 8σ²LΔ/ε²⌉ gradients. With M = 1 it is Ringmaster ASGD. Source: Tyurin, Sivtsov,
/// "Birch SGD", arXiv 2505.09218; the threshold for sums is derived here.
public struct AsyncBatch: Method {
  public static var name: StaticText { "async-batch" }
  public static var summary: StaticText {
    "Asynchronous Batch SGD: batches at a point that are new enough make a step when they arrive"
  }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .gradientsPerMessage("batch"), addsUp: true)
  }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(compression: true, step: true).withTurns
  }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// M, the gradients of a job.
  public var batch = 1
  /// R, how many gradients in the model since its point make a batch too old.
  public var threshold = Parameter<Int>.theory

  private var sum = Slot()
  private var window = StepWindow()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count(
      "batch", &batch, limit: Int(Int32.max), "M, the gradients at a point that a worker sends the sum of",
      standard: "1", expected: "a positive integer")
    try keys.count(
      KeyName("threshold", formerly: "R"), &threshold.given, unbounded: true,
      "R, the gradients in the model since its point from which a batch is too old, or inf",
      standard: "max{1, ⌈σ²/ε⌉}")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    threshold = try threshold.or(setup.batch(for: "threshold"))
    gamma = try setup.windowStepsize(threshold.value, counts: .same(Double(batch)), gamma)
    sum = setup.slot()
    window = try StepWindow(&setup, limit: threshold.value)
    try setup.takeBatches(of: batch)
  }

  public mutating func begin(_ server: inout Server) {
    window.reset()
    server.assignAll()
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let worker = arrival.worker
    if window.admits(worker) {
      server.accumulate(arrival, into: sum)
      server.step(along: sum, by: gamma)
      window.add(batch)
    }
    if let started = server.startNext(worker) { window.start(started) }
  }
}

extension AsyncBatch {
  /// K = ⌈4(R+M−1)LΔ/ε + 8σ²LΔ/ε²⌉ gradients, R of them in a row in at most 2T seconds, where T solves
  /// Σᵢ M(T/dᵢ − 1)₊ = R for jobs of dᵢ seconds.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .derived)
    try prediction.setWindow(&setup, threshold: threshold.value, counts: .same(Double(batch)))
    return prediction
  }
}
