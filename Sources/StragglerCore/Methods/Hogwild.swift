// SPDX-License-Identifier: Apache-2.0

/// How a worker of `Hogwild` reads the shared model.
public enum SharedReading: Int, BitwiseCopyable, Sendable {
  /// All of it when its job begins.
  case consistent
  /// Coordinate by coordinate while others change it: a mixture of versions.
  case inconsistent
}

/// HOGWILD!: a simulation of Asynchronous SGD on processors that share memory without locks.
///
/// x^{k+1} = x^k − γ∇f(x̂; ξ) as soon as a gradient is computed; then the worker starts its next job. With
/// `reads=consistent` x̂ = x^{k−δ}, and it is Asynchronous SGD event for event. With `reads=inconsistent`
/// coordinate j of x̂ is what the model had at time a + u_j·w·D, for a job that began at a and computes for D
/// seconds, with independent u_j uniform on (0, 1) and `window` w: see `PiecewiseReads`. `HogwildRun` of the
/// module StragglerRuntime runs it on real threads.
///
/// γ is Asynchronous SGD's (theory, constant not verified); the paper's own assumes f to be strongly convex
/// and gradients to be sparse. Where data differ it needs what Asynchronous SGD needs. Source: Niu, Recht,
/// Ré, Wright, "HOGWILD!" (2011).
public struct Hogwild: Method {
  public static var name: StaticText { "hogwild" }
  public static var summary: StaticText {
    "HOGWILD!: Asynchronous SGD in shared memory, without locks"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .stepsize }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// How a worker reads the model.
  public var reads = SharedReading.consistent
  /// w, the part of a job's duration in which it reads.
  public var window = 1.0

  private var sum = Slot()
  private var views = PiecewiseReads()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.choice(
      "reads", &reads, of: "consistent inconsistent",
      "whether a worker reads the model at once, or piece by piece while others change it",
      standard: "consistent")
    try keys.probability(
      "window", &window, "the part of a job's duration in which inconsistent reads happen", standard: "1")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    gamma = try gamma.or(Theory.asynchronous(setup.fleet).stepsizeForSimilarWorkers(setup.conditions))
    sum = setup.slot()
    if reads == .inconsistent { views = try PiecewiseReads(&setup, window: window) }
  }

  public mutating func begin(_ server: inout Server) {
    if reads == .inconsistent { views.noteVersion(&server) }
    server.assignAll()
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    switch reads {
    case .consistent:
      server.accumulate(arrival, into: sum)
      server.step(along: sum, by: gamma)
    case .inconsistent:
      let view = views.complete(arrival, &server)
      server.use(arrival)
      server.accumulate(arrival.worker, at: view, into: sum)
      server.step(along: sum, by: gamma)
      views.noteVersion(&server)
    }
    server.assign(arrival.worker)
  }
}

extension Hogwild {
  /// Asynchronous SGD's K, whichever way the model is read.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.shared, .unverified)
    prediction.setAsynchronous(setup, Theory.asynchronous(setup.fleet))
    let delay = Theory.largestDelay(setup.fleet)
    try setup.remarkUnboundedDelay(delay)
    try prediction.add("delay_max", delay < .infinity ? delay : .nan)
    return prediction
  }
}
