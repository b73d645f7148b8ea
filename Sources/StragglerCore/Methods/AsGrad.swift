// SPDX-License-Identifier: Apache-2.0

/// The AsGrad family: asynchronous SGD in which the worker of the next job may differ from the one that has
/// just delivered. Every gradient is used when it arrives, x_{t+1} = x_t − γ∇f_{iₜ}(x_{πₜ}), and one new job
/// is assigned, at x_α with α = ⌊(t + 1)/b⌋b: with `waiting` b > 1, workers get a new point every b updates
/// only.
///
/// `pure` is Asynchronous SGD; `random` and `shuffled` give all workers the same weight, so that they
/// converge on data that differ between workers. Jobs of a busy worker queue, first in, first out. `active`
/// jobs exist at any time. pure: γ = min{1/(6L), 1/(20L√(τ_max τ_C))}; else γ = min{1/(6L), 1/(30L max{τ_max,
/// τ_C})}; both no more than ε/(4Lσ²). L is the largest Lᵢ of the workers' objectives, and where data differ
/// ζ² has to be known. τ_max is the largest delay that the fleet's mean durations give, τ_C = active. Rates
/// for T updates, constants left out: pure √(τ_max τ_C)/T + σ/√T + ζ²; random τ_C/T + (σ + ζ)/√T + (τ_C
/// G/T)^{2/3}; shuffled n/T + σ/√T + (√n ζ/T)^{2/3} + (nG/T)^{2/3}, where ‖∇fᵢ − ∇f‖ ≤ ζ and ‖∇fᵢ‖ ≤ G.
/// Source: Islamov, Safaryan, Alistarh, "AsGrad" (2024), Algorithm 1.
public struct AsGrad: Method {
  public static var name: StaticText { "asgrad" }
  public static var summary: StaticText {
    "AsGrad: asynchronous SGD that assigns jobs in pure, random or shuffled order"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds { .all }

  /// γ.
  public var gamma = Parameter<Double>.theory
  /// Which worker gets the next job.
  public var order = AssignmentOrder.pure
  /// b, the number of updates for which new jobs get the same point.
  public var waiting = 1
  /// τ_C, the number of jobs that exist at any time; nil: n.
  public var active: Int?

  private var seed: UInt64 = 0
  private var jobs = 0
  private var sum = Slot()
  /// x_α.
  private var point = HeldPoint()
  private var queues = JobQueues()
  private var permutation = Permutation()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.choice(
      "order", &order, of: "pure random shuffled",
      "which worker gets the next job: the one that has delivered, any, all in turn",
      standard: "pure")
    try keysOfJobs(&keys, standard: "1")
  }

  /// The keys that do not choose the order.
  mutating func keysOfJobs(_ keys: inout Keys, standard: StaticText) throws(SetupError) {
    try keys.count(
      "waiting", &waiting, limit: Int(whole: 0x1p53), "b: new jobs get a new point every b updates",
      standard: standard, expected: "a positive integer")
    try keys.count("active", &active, "how many jobs there are at any time", standard: "n")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    jobs = active ?? setup.workers
    guard jobs >= 1, jobs <= setup.workers else {
      throw .invalid(key: "active", expected: "an integer from 1 to n, the number of workers")
    }
    guard waiting >= 1 else { throw .invalid(key: "waiting", expected: "a positive integer") }
    gamma = try gamma.or(
      Theory.asGrad(setup.fleet, order: order, active: jobs, waiting: waiting)
        .stepsizeForSimilarWorkers(setup.conditions))
    seed = setup.seed
    sum = setup.slot()
    queues = try JobQueues(&setup, capacity: jobs)
    permutation = try Permutation(&setup)
    setup.heldPoints = 1
    setup.assignsHeldPoints = true
  }

  public mutating func begin(_ server: inout Server) {
    point = server.hold()
    queues.removeAll()
    permutation.reset()
    if order != .pure { shuffle(epoch: 0) }
    for position in 0..<jobs { server.assign(permutation[position]) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    server.accumulate(arrival, into: sum)
    server.step(along: sum, by: gamma)
    if server.iteration % waiting == 0 {
      server.release(point)
      point = server.hold()
    }
    let next = next(after: arrival.worker, server.iteration)
    queues.append(server.hold(point), for: next)
    if !queues.isEmpty(arrival.worker) {
      server.assign(arrival.worker, at: queues.removeFirst(arrival.worker))
    }
    if next != arrival.worker, !server.isRunning(next) {
      server.assign(next, at: queues.removeFirst(next))
    }
  }

  /// Which worker gets the job that follows update t.
  private func next(after worker: Int, _ t: Int) -> Int {
    switch order {
    case .pure: return worker
    case .random:
      var stream = RandomStream(seed: seed, purpose: .method, job: t)
      return stream.integer(below: permutation.count)
    case .shuffled:
      // The jobs of the start have taken the first places of the first permutation.
      let (epoch, position) = (jobs + t - 1).quotientAndRemainder(dividingBy: permutation.count)
      if position == 0 { shuffle(epoch: epoch) }
      return permutation[position]
    }
  }

  private func shuffle(epoch: Int) {
    var stream = RandomStream(seed: seed, purpose: .method, worker: 1, job: epoch)
    permutation.shuffle(first: permutation.count, &stream)
  }
}

extension AsGrad {
  /// Only the parameters: the rates have no constants, so that no time follows from them.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(order == .pure ? .shared : .any, .unverified)
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    try prediction.add("waiting", Double(waiting))
    try prediction.add("active", Double(jobs))
    let delay = Theory.asGradDelay(setup.fleet, order: order, active: jobs, waiting: waiting)
    if order == .pure { try setup.remarkUnboundedDelay(delay) }
    try prediction.add("delay_max", delay < .infinity ? delay : .nan)
    return prediction
  }
}
