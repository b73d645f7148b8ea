import StragglerCore

/// Solo SGD: the fastest worker alone computes S gradients at x^k, and a step goes along their mean.
///
/// γ = (1/2L) min{1, εS/σ²} and K = ⌈8LΔ/ε + 8σ²LΔ/(Sε²)⌉ updates of Sτ₁ seconds. Source: the classical
/// theorem for nonconvex SGD (Ghadimi and Lan, 2013).
public struct Solo: Method {
  public static var name: StaticText { "solo" }
  public static var summary: StaticText { "Solo SGD: the fastest worker alone, S gradients a step" }
  public static var randomDurations: RandomDurations { .mean }
  public static var advised: AdvisedForms? { AdvisedForms(.shared, .batches("batch")) }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// S, the gradients of a step.
  public var batch = Parameter<Int>.theory

  private var worker = 0
  private var sum = Slot()
  private var collected = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.count("batch", &batch.given, "S, the gradients of a step", standard: "max{1, ⌈σ²/ε⌉}")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    batch = try batch.or(setup.batch(for: "batch"))
    gamma = try gamma.or(setup.stepsize(batch: Double(batch.value)))
    worker = setup.fleet.fastest
    sum = setup.slot()
    setup.horizon = 0
  }

  public mutating func begin(_ server: inout Server) { server.assign(worker, work: .localGradient) }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    collected += 1
    if collected == batch.value {
      server.step(along: sum, by: gamma.value / Double(batch.value))
      collected = 0
    }
    server.assign(worker, work: .localGradient)
  }

  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .derived)
    let S = Double(batch.value)
    prediction.iterations = setup.goal.iterations(batch: S)
    prediction.time = S * setup.fleet[worker].computationMean * prediction.iterations
    try prediction.add("batch", S)
    return prediction
  }
}
