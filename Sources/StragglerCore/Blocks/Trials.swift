// SPDX-License-Identifier: Apache-2.0

/// Trials of every worker at one point: worker i makes Bᵢ jobs one after another, each given up when its
/// random part η has taken tᵢ seconds. An update waits until all of them have ended.
struct Trials: BitwiseCopyable, Sendable {
  /// tᵢ, the seconds allotted to η.
  private(set) var times = Table<Double>()
  /// pᵢ = P(η ≤ tᵢ).
  private(set) var successes = Table<Double>()
  /// Bᵢ.
  private(set) var budgets = Table<Int32>()
  private var remaining = Table<Int32>()
  /// How many workers have trials to make, and how many of this round's have made theirs.
  private var busy = 0
  private var done = 0

  init() {}

  /// Takes the memory; `times` and `successes` are the method's to fill.
  init(_ setup: inout Setup) throws(SetupError) {
    times = try setup.table(of: Double.self)
    budgets = try setup.table(of: Int32.self)
    remaining = try setup.table(of: Int32.self)
    successes = try setup.table(of: Double.self)
  }

  /// Sets every Bᵢ to what `given` says or else to `theory` of worker i, and corrects pᵢ for it.
  mutating func share(
    _ given: PerWorker?, atLeast minimum: Double, _ fleet: Fleet, theory: (Int) -> Double
  ) throws(SetupError) {
    busy = 0
    for worker in budgets.indices {
      let budget = given.map { $0[worker] } ?? theory(worker)
      guard budget >= minimum, budget <= 1e9, budget.rounded(.down) == budget else {
        guard given != nil else { throw .excessive(key: "trials", limit: "1e9") }
        throw .invalid(
          key: "trials",
          expected: minimum > 0
            ? "an integer from 1 to 1e9 for every worker" : "an integer from 0 to 1e9 for every worker")
      }
      budgets[worker] = Int32(budget)
      if budget > 0 { busy += 1 }
    }
    fleet.refine(successes, times: times, budgets: budgets)
  }

  /// cᵢ = τᵢ + tᵢ, the longest that a trial of `worker` lasts.
  func cost(of worker: Int, _ fleet: Fleet) -> Double { fleet[worker].sureDuration + times[worker] }

  /// Starts the trials of every worker at the newest point.
  mutating func begin(_ server: inout Server) {
    done = 0
    for worker in 0..<server.workers where budgets[worker] > 0 { start(worker, &server) }
  }

  /// Starts the trials of those that take part in a round, all of which have some to make.
  mutating func begin(_ participation: Participation, _ server: inout Server) {
    guard participation.isDrawn else { return begin(&server) }
    done = 0
    participation.stopOthers(&server)
    for position in 0..<participation.size { start(participation[position], &server) }
  }

  private mutating func start(_ worker: Int, _ server: inout Server) {
    remaining[worker] = budgets[worker]
    server.assign(worker, allotted: times[worker])
  }

  /// A trial of `worker` has ended: starts its next one. True if it was the last one of all workers, or with
  /// `quorum` of so many.
  mutating func end(_ worker: Int, quorum: Int = .max, _ server: inout Server) -> Bool {
    remaining[worker] -= 1
    if remaining[worker] > 0 { server.assign(worker, allotted: times[worker]) } else { done += 1 }
    return done == min(busy, quorum)
  }

  /// The trials of `worker` that have ended in this round.
  func ended(_ worker: Int) -> Int { Int(budgets[worker] - remaining[worker]) }
}

extension Trials {
  /// max Bᵢ(τᵢ + tᵢ), the longest that an update takes.
  func longest(_ fleet: Fleet) -> Double {
    var longest = 0.0
    for worker in budgets.indices where budgets[worker] > 0 {
      longest = max(longest, Double(budgets[worker]) * cost(of: worker, fleet))
    }
    return longest
  }

  /// The Bᵢ, for the list of a prediction; empty while the arena measures.
  func shares(_ setup: inout Setup) throws(SetupError) -> Table<Double> {
    let shares = try setup.table(of: Double.self)
    for worker in shares.indices { shares[worker] = Double(budgets[worker]) }
    return shares
  }

  /// Adds the time of the `longest` update, that of `updates` of them, and the numbers of every worker.
  func addParameters(
    to prediction: inout Prediction, longest: Double, updates: Double, shares: Table<Double>
  ) throws(SetupError) {
    try prediction.add("iteration_time", longest)
    try prediction.add("time_trials", longest * max(updates, min(1, prediction.iterations)))
    try prediction.add("trials", shares)
    try prediction.add("clip", times)
    try prediction.add("p", successes)
  }
}
