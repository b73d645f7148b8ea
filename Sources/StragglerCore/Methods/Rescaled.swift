// SPDX-License-Identifier: Apache-2.0

/// Where Rescaled ASGD has the times of the workers' jobs from.
public enum JobTimes: Int, BitwiseCopyable, Sendable {
  /// The fleet: the mean duration, with its messages.
  case fleet
  /// The jobs so far: their mean duration, of those workers that have delivered.
  case measured
}

/// Rescaled ASGD: Asynchronous SGD where a gradient of worker i makes a step of γ·tᵢ/t̄, tᵢ being the time of
/// its jobs, for each gradient of them, and t̄ the mean of the tᵢ.
///
/// So every worker has the same total stepsize a second, and data that differ have equal weights in the
/// point that it goes to; Asynchronous SGD goes to the point where Σ ∇fᵢ/tᵢ = 0. Where all tᵢ are equal the
/// factor is exactly 1. The theorem's γ is not verified: it has to be given. Source: Mahran, Maranjyan,
/// Richtárik, "Rescaled asynchronous SGD", arXiv 2605.13434; the normalisation by t̄ is derived.
public struct Rescaled: Method {
  public static var name: StaticText { "rescaled" }
  public static var summary: StaticText {
    "Rescaled ASGD: stepsizes in proportion to the time of a worker's job"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var advised: AdvisedForms? { AdvisedForms(.own, hasTheorem: false) }
  public static var modifiers: Modifiers.Kinds { .all.withTurns }

  /// γ; it has to be given.
  public var gamma = Parameter<Double>.theory
  /// Where tᵢ is from.
  public var times = JobTimes.fleet

  private var sum = Slot()
  /// tᵢ; where it is measured, 0 without a delivery.
  private var mean = Table<Double>()
  /// How many jobs of each worker were measured.
  private var count = Table<Int>()
  /// How many workers have a tᵢ, and t̄ as what it is above `origin`, one of the tᵢ: where all are equal, no
  /// rounding makes it another number.
  private var known = 0
  private var origin = 0.0
  private var excess = 0.0
  /// Deliveries since the excess was last added up anew, which keeps its rounding errors small.
  private var measured = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma, standard: "none: give it, or tune")
    try keys.choice(
      "times", &times, of: "fleet measured", "whether the times of jobs are the fleet's means or measured",
      standard: "fleet")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    gamma = try setup.given(gamma)
    sum = setup.slot()
    mean = try setup.table(of: Double.self)
    if times == .measured {
      count = try setup.table(of: Int.self)
    } else {
      try takeTimes(setup)
    }
  }

  /// tᵢ of the fleet, which fills its table where the arena does not measure.
  private mutating func takeTimes(_ setup: borrowing Setup) throws(SetupError) {
    var isKnown = true
    var largest = 0.0
    for worker in mean.indices {
      mean[worker] = setup.fleet[worker].meanGradient(
        of: Int(setup.modifiers.localSteps?[worker] ?? 1),
        coordinates: setup.modifiers.compression?.coordinates(dimension: setup.conditions.dimension))
      isKnown = isKnown && mean[worker] < .infinity
      largest = max(largest, mean[worker])
    }
    try setup.require(
      isKnown,
      .impossible(
        "rescaled with times of the fleet where jobs have no mean duration", remedy: "take times=measured"))
    try setup.require(
      largest > 0,
      .impossible("rescaled with times of a fleet that are not known", remedy: "take times=measured"))
    known = mean.count
    origin = mean.isEmpty ? 0 : mean[0]
    addUp()
  }

  private mutating func addUp() {
    var total = CompensatedSum(0)
    for worker in mean.indices where times == .fleet || count[worker] > 0 { total.add(mean[worker] - origin) }
    excess = total.value
    measured = 0
  }

  public mutating func begin(_ server: inout Server) {
    if times == .measured {
      mean.fill(0)
      count.fill(0)
      (known, origin, excess, measured) = (0, 0, 0, 0)
    }
    server.assignAll()
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    if times == .measured { measure(arrival, server) }
    server.accumulate(arrival, into: sum)
    let t = mean[arrival.worker]
    let average = origin + excess / Double(known)
    let gamma = server.stepsize(gamma)
    server.step(along: sum, by: t == average ? gamma : gamma * (t / average))
    server.assign(arrival.worker)
  }

  private mutating func measure(_ arrival: Arrival, _ server: borrowing Server) {
    let worker = arrival.worker
    let seconds = arrival.duration / Double(server.gradients(of: arrival))
    if known == 0 { origin = seconds }
    if count[worker] == 0 {
      known += 1
    } else {
      excess -= mean[worker] - origin
    }
    count[worker] += 1
    mean[worker] += (seconds - mean[worker]) / Double(count[worker])
    excess += mean[worker] - origin
    measured += 1
    if measured == mean.count { addUp() }
  }
}
