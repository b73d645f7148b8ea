import Straggler

/// Solo SGD: the fastest worker alone computes S gradients at x^k, and a step goes along their mean.
///
/// γ = (1/2L) min{1, εS/σ²} and K = ⌈8LΔ/ε + 8σ²LΔ/(Sε²)⌉ updates of Sτ₁ seconds. Source: the classical
/// theorem for nonconvex SGD (Ghadimi and Lan, 2013).
public struct Solo: Method {
  public static var name: StaticText { "solo" }
  public static var summary: StaticText { "Solo SGD: the fastest worker alone, S gradients a step" }
  public static var randomDurations: RandomDurations { .mean }
  public static var advised: AdvisedForms? { AdvisedForms(.shared, .batches("batch")) }

  /// γ; nil: from the theorem.
  public var stepsize: Double?
  /// S, the gradients of a step; nil: max{1, ⌈σ²/ε⌉}.
  public var batch: Int?

  public private(set) var gamma = 0.0
  private var size = 1
  private var worker = 0
  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.stepsize(&stepsize)
    try keys.count("batch", &batch, "S, the gradients of a step", standard: "max{1, ⌈σ²/ε⌉}")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    size = try batch.or(setup.batch(for: "batch"))
    gamma = try stepsize.or(setup.stepsize(batch: Double(size)))
    worker = setup.fleet.fastest
    sum = setup.slot()
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) { server.assign(worker, work: .localGradient) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    collected += 1
    if collected == size {
      server.step(along: sum, by: gamma / Double(size))
      collected = 0
    }
    server.assign(worker, work: .localGradient)
  }

  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .derived)
    prediction.iterations = setup.goal.iterations(batch: Double(size))
    prediction.time = Double(size) * setup.fleet[worker].computationMean * prediction.iterations
    try prediction.add("batch", Double(size))
    return prediction
  }
}
