/// m-synchronous SGD: every worker starts at x^k; the first m gradients make a step along their mean, and the
/// other n − m jobs are cancelled.
///
/// m minimises τ_m(1 + σ²/(mε)) over the workers in order of speed; γ = (1/2L) min{1, εm/σ²}.
/// K ≥ 8LΔ/ε + 8σ²LΔ/(mε²) updates of τ_m seconds. Source: arXiv 2602.03802.
public struct MSynchronous: Method {
  public static var name: StaticText { "msync" }
  public static var summary: StaticText {
    "m-synchronous SGD: the first m of n gradients make a step, the rest is cancelled"
  }

  /// γ; nil: from the theorem.
  public var stepsize: Double?
  /// m, how many gradients make a step; nil: from the theorem.
  public var m: Int?

  public private(set) var gamma = 0.0
  private var size = 0
  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.stepsize(&stepsize)
    try keys.count("m", &m, "how many gradients make a step", standard: "argmin of τ_m(1 + σ²/(mε))")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    if let m, m > setup.workers {
      throw .invalid(key: "m", expected: "an integer from 1 to n, the number of workers")
    }
    if m == nil { try setup.remarkMeanSpeeds() }
    size = try m.or(
      Theory.synchronousSize(
        setup.conditions, setup.fleet, order: setup.fleet.workersBySpeed(in: &setup.arena)))
    gamma = try stepsize.or(setup.stepsize(batch: Double(size)))
    sum = setup.slot()
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) { server.assignAll() }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    collected += 1
    if collected == size {
      server.step(along: sum, by: gamma / Double(size))
      collected = 0
      server.assignAll()
    }
  }
}

extension MSynchronous {
  public static var randomDurations: RandomDurations { .rank(of: "m") }
  public static var advised: AdvisedForms? {
    AdvisedForms(.shared, .fewerWorkers("m"), survivesFailures: true)
  }

  /// K = ⌈8LΔ/ε + 8σ²LΔ/(mε²)⌉ updates of τ_m seconds.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    let (goal, m) = (setup.goal, Double(size))
    let times = try setup.fleet.sortedTimes(in: &setup.arena)
    guard size <= times.count else { return nil }
    var prediction = Prediction(.shared, .derived)
    prediction.iterations = goal.iterations(batch: m)
    prediction.time = times[size - 1] * prediction.iterations
    prediction.setTable(goal, seconds: times[size - 1], batch: m)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("m", m)
    try prediction.add("iteration_time", times[size - 1])
    return prediction
  }
}
