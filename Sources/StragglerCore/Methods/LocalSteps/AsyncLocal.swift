// SPDX-License-Identifier: Apache-2.0

/// Asynchronous Local SGD: every worker always works, Hᵢ local steps from the newest point; the sum D of
/// their gradients makes a step, x^{k+1} = x^k − γD, if fewer than R local steps have gone into the model
/// since its point, and is discarded otherwise. The worker starts anew.
///
/// R = max{1, ⌈σ²/ε⌉}; the tree distance is at most R + H − 2, so that γ = min{1/(2(R+H−1)L), ε/(4Lσ²)}
/// and K = ⌈4(R+H−1)LΔ/ε + 8σ²LΔ/ε²⌉ local steps. With H = 1 it is Ringmaster ASGD. Source: Tyurin,
/// Sivtsov, "Birch SGD", arXiv 2505.09218; the threshold for sums is derived here.
public struct AsyncLocal: Method {
  public static var name: StaticText { "async-local" }
  public static var summary: StaticText {
    "Asynchronous Local SGD: sums along local steps that are new enough make a step when they arrive"
  }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .gradientsPerMessage("local"), addsUp: true)
  }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(compression: true, step: true).withTurns
  }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// Hᵢ; nil: 1.
  public var local: PerWorker?
  /// R, how many local steps in the model since its point make a sum too old.
  public var threshold = Parameter<Int>.theory

  private var sum = Slot()
  private var steps = PerWorker.same(1)
  private var window = StepWindow()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.localSteps(&local)
    try keys.count(
      KeyName("threshold", formerly: "R"), &threshold.given, unbounded: true,
      "R, the local steps in the model since its point from which a sum is too old, or inf",
      standard: "max{1, ⌈σ²/ε⌉}")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    steps = local ?? .same(1)
    threshold = try threshold.or(setup.batch(for: "threshold"))
    gamma = try setup.windowStepsize(threshold.value, counts: steps, gamma)
    sum = setup.slot()
    window = try StepWindow(&setup, limit: threshold.value)
    try setup.takeLocalSteps(steps, by: gamma.value)
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
      window.add(Int(steps[worker]))
    }
    if let started = server.startNext(worker) { window.start(started) }
  }
}

extension AsyncLocal {
  /// K = ⌈4(R+H−1)LΔ/ε + 8σ²LΔ/ε²⌉ local steps, R of them in a row in at most 2T seconds, where T solves
  /// Σᵢ Hᵢ(T/dᵢ − 1)₊ = R for jobs of dᵢ seconds.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .derived)
    try prediction.setWindow(&setup, threshold: threshold.value, counts: steps)
    return prediction
  }
}
