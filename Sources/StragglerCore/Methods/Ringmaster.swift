// SPDX-License-Identifier: Apache-2.0

/// Ringmaster ASGD: Asynchronous SGD that uses a gradient only if its delay is below R.
///
/// Without `stops`, a gradient with δ ≥ R is discarded on arrival; with it, a job whose delay reaches R is
/// cancelled and restarted at the newest point right after the update. R = 1 is Hero-like, R = ∞ Asynchronous
/// SGD. R = max{1, ⌈σ²/ε⌉}, γ = min{1/(2RL), ε/(4Lσ²)}; any R updates in a row take at most 2 min_m (1/m
/// Σ_{i≤m} 1/τᵢ)⁻¹(1 + R/m) seconds, which makes it optimal. Source: Maranjyan, Tyurin, Richtárik,
/// "Ringmaster ASGD" (2025).
public struct Ringmaster: Method {
  public static var name: StaticText { "ringmaster" }
  public static var summary: StaticText {
    "Ringmaster ASGD: Asynchronous SGD that ignores gradients with delay R or more"
  }
  public static var modifiers: Modifiers.Kinds { .all.withTurns }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// R, the delay from which gradients are ignored.
  public var threshold = Parameter<Int>.theory
  /// Whether jobs are cancelled and restarted as soon as their delay reaches R.
  public var stops = false

  private var sum = Slot()
  /// With `stops`: the workers by the age of their jobs' points, the oldest first.
  private var jobs = WorkerList()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count(
      KeyName("threshold", formerly: "R"), &threshold.given, unbounded: true,
      "R, the delay from which gradients are ignored, or inf",
      standard: "max{1, ⌈σ²/ε⌉}")
    try keys.flag("stops", &stops, "whether jobs are cancelled and restarted when their delay reaches R")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    threshold = try threshold.or(setup.batch(for: "threshold"))
    gamma = try gamma.or(
      Theory.ringmaster(setup.fleet, threshold: threshold.value).stepsize(setup.conditions))
    sum = setup.slot()
    setup.horizon = threshold.value - 1
    if stops { jobs = try WorkerList(&setup) }
  }

  public mutating func begin(_ server: inout Server) {
    if stops { jobs.removeAll() }
    for worker in 0..<server.workers { assign(worker, &server) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if arrival.delay < threshold.value {
      server.accumulate(arrival, into: sum)
      server.step(along: sum, by: gamma)
      if stops { restartLateJobs(&server) }
    }
    assign(arrival.worker, &server)
  }

  private mutating func restartLateJobs(_ server: inout Server) {
    while jobs.first >= 0, server.delay(of: Int(jobs.first)) >= threshold.value {
      assign(Int(jobs.first), &server)
    }
  }

  @inline(__always)
  private mutating func assign(_ worker: Int, _ server: inout Server) {
    let started = server.startNext(worker)
    guard stops else { return }
    if started != worker { jobs.remove(worker) }
    if let started { jobs.moveToBack(started) }
  }
}

extension Ringmaster {
  public static var advised: AdvisedForms? { AdvisedForms(.shared, .batches("threshold"), hasStops: true) }

  /// K = ⌈8RLΔ/ε + 16σ²LΔ/ε²⌉ updates; R of them in a row take at most t(R) = 2 min_m (1/m Σ_{i≤m} 1/τᵢ)⁻¹(1
  /// + R/m) seconds, and all of them t(R)⌈K/R⌉ (constants not verified).
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let goal = setup.goal
    let sgd = Theory.ringmaster(setup.fleet, threshold: threshold.value)
    let R = sgd.delay / 2
    let seconds = 2 * setup.fleet.collectingTime(R)
    var prediction = Prediction(.shared, .unverified)
    if threshold.value == .max { try setup.remarkUnboundedDelay(Theory.largestDelay(setup.fleet)) }
    prediction.iterations = sgd.iterations(goal)
    prediction.time = seconds * Theory.ceiling(prediction.iterations / R)
    prediction.table = goal.progress * setup.fleet.collectingTime(goal.noise)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("R", threshold.value == .max ? .infinity : R)
    try prediction.add("round_time", seconds)
    return prediction
  }
}
