// SPDX-License-Identifier: Apache-2.0

/// How PIAG's stepsize γ_k depends on τ_k, the delay of the oldest entry of its table. γ' bounds the sum of
/// the stepsizes since that entry's point: Σ_{t=k−τ_k}^{k} γ_t ≤ γ'. Source: Wu, Magnússon, Feyzmahdavian,
/// Johansson (2022).
public enum AggregationRule: Int, BitwiseCopyable, Sendable {
  /// γ_k = γ.
  case constant
  /// γ_k = α max{γ' − Σ_{t=k−τ_k}^{k−1} γ_t, 0}.
  case adaptive1
  /// γ_k = γ'/(τ_k + 1) if that is at most γ' − Σ_{t=k−τ_k}^{k−1} γ_t, else 0.
  case adaptive2

  /// γ_k, where `spent` is Σ_{t=k−τ_k}^{k−1} γ_t and `gamma` stands for γ or γ'.
  public func stepsize(_ gamma: Double, delay: Int, spent: Double, alpha: Double) -> Double {
    switch self {
    case .constant: return gamma
    case .adaptive1: return alpha * max(gamma - spent, 0)
    case .adaptive2:
      let share = gamma / (Double(delay) + 1)
      // Rounding of the sum must not make a share that just fits too large.
      return share <= gamma - spent + 1e-12 * gamma ? share : 0
    }
  }
}

/// PIAG, the incremental aggregated gradient method: a table holds the last gradient Gᵢ of every worker. When
/// all have reported once, at x⁰, every arrival from i replaces Gᵢ and makes a step along the mean of the
/// table: x^{k+1} = x^k − γ_k (1/n) Σ Gⱼ; worker i goes on at x^{k+1}.
///
/// For workers with objectives fᵢ of their own and exact gradients (σ = 0). constant: γ = 1/(L̂(τ_max + 1)),
/// τ_max being the largest delay of an entry that the fleet's mean durations give; adaptive: γ' = h/L̂ with h
/// = 0.99, α = 0.9 (theory, constants not verified); `gamma` is γ'. O(τ_n L̂Δ/ε) seconds with L̂ = √((1/n) Σ
/// Lᵢ²), the slowest worker's time; the MindFlayer paper prints L̂ without 1/n. Source: Gürbüzbalaban,
/// Ozdaglar, Parrilo (2017); delay-adaptive: Wu et al. (2022).
public struct PIAG: Method {
  public static var name: StaticText { "piag" }
  public static var summary: StaticText {
    "PIAG: steps along the mean of every worker's last gradient"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var modifiers: Modifiers.Kinds {
    Modifiers.Kinds(stepsize: true, compression: true)
  }

  /// γ or γ'; nil: from the theorem.
  public var gamma = Parameter<Double>.theory
  /// How γ_k depends on the delays in the table.
  public var rule = AggregationRule.constant
  /// α of adaptive1, above 0 and at most 1.
  public var alpha = 0.9

  /// Gᵢ, and their sum.
  private var table = Slots()
  private var sum = Slot()
  /// Who has reported, and how many these are.
  private var hasReported = Table<Bool>()
  private var reported = 0
  /// Replacements since the sum was last added up anew, which keeps its rounding errors small.
  private var replaced = 0
  /// For adaptive rules: the versions of the entries' points, the smallest on top.
  private var versions = EventQueue()
  /// Σ_{t<k} γ_t, and what it was at the version of every worker's entry and of its job.
  private var total = 0.0
  private var totalOfEntry = Table<Double>()
  private var totalOfJob = Table<Double>()

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma)
    try keys.choice(
      "rule", &rule, of: "constant adaptive1 adaptive2",
      "γ always, or less of it while the oldest gradient of the table is old", standard: "constant")
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    guard alpha > 0, alpha <= 1 else {
      throw .impossible("piag with an alpha out of range", remedy: "give one above 0 and at most 1")
    }
    if rule != .constant, setup.modifiers.stepsize != nil {
      throw .invalid(key: "gamma", expected: "a number where rule= makes the stepsizes from it")
    }
    if rule != .constant, setup.modifiers.step != nil || setup.modifiers.maxNorm != nil {
      throw .invalid(key: "rule", expected: "constant beside step= or max_norm=: its steps are added up")
    }
    gamma = try gamma.or(
      rule == .constant
        ? Theory.aggregatedStepsize(setup.conditions, setup.fleet)
        : 0.99 / setup.conditions.rootMeanSquareSmoothness(for: "gamma"))
    table = setup.slotsForWorkers()
    sum = setup.slot()
    hasReported = try setup.table(of: Bool.self)
    guard rule != .constant else { return }
    versions = try EventQueue(workers: setup.workers, arena: &setup.arena)
    totalOfEntry = try setup.table(of: Double.self)
    totalOfJob = try setup.table(of: Double.self)
  }

  public mutating func begin(_ server: inout Server) {
    hasReported.fill(false)
    (reported, replaced, total) = (0, 0, 0)
    if rule != .constant {
      for worker in 0..<server.workers { versions.stage(worker, at: 0) }
      versions.rebuild()
      totalOfEntry.fill(0)
      totalOfJob.fill(0)
    }
    server.assignAll()
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    let worker = arrival.worker
    if reported < server.workers {
      report(arrival, &server)
      guard reported == server.workers else {
        if server.mayBeHopeless, isHopeless(server) { server.expectOnly(.arrivals) }
        return server.assign(worker)
      }
      server.gather(table, into: sum)
    } else {
      replace(arrival, &server)
    }
    if rule == .constant {
      server.step(keeping: sum, by: gamma, over: Double(server.workers))
    } else {
      let gamma = nextStepsize(arrival, server.iteration)
      server.step(keeping: sum, by: gamma / Double(server.workers))
      total += gamma
      totalOfJob[worker] = total
    }
    server.assign(worker)
  }

  /// Whether a worker that has not reported never will.
  private func isHopeless(_ server: borrowing Server) -> Bool {
    for worker in hasReported.indices where server.isEndless(worker) && !hasReported[worker] { return true }
    return false
  }

  /// Fills the table, at x⁰; a later gradient replaces an earlier one.
  private mutating func report(_ arrival: Arrival, _ server: inout Server) {
    if hasReported[arrival.worker] {
      server.clear(table[arrival.worker])
    } else {
      hasReported[arrival.worker] = true
      reported += 1
    }
    server.accumulate(arrival, into: table[arrival.worker])
  }

  private mutating func replace(_ arrival: Arrival, _ server: inout Server) {
    let entry = table[arrival.worker]
    replaced += 1
    guard replaced < server.workers else {
      replaced = 0
      server.clear(entry)
      server.accumulate(arrival, into: entry)
      return server.gather(table, into: sum)
    }
    server.combine(sum, with: entry, times: -1)
    server.clear(entry)
    server.accumulate(arrival, into: entry)
    server.combine(sum, with: entry, times: 1)
  }

  /// γ_k of an adaptive rule, with the entry of the arrival in the table.
  private mutating func nextStepsize(_ arrival: Arrival, _ k: Int) -> Double {
    versions.update(arrival.worker, to: Double(k - arrival.delay))
    totalOfEntry[arrival.worker] = totalOfJob[arrival.worker]
    let oldest = versions.worker
    return rule.stepsize(
      gamma.value, delay: k - Int(versions.time), spent: total - totalOfEntry[oldest], alpha: alpha)
  }
}

extension PIAG {
  /// The table's τₙL̂Δ/ε, for exact gradients.
  public func predict(_ setup: inout Setup) throws(SetupError) -> Prediction? {
    var prediction = Prediction(.any, .unverified)
    let goal = Goal(setup.conditions, smoothness: setup.conditions.rootMeanSquareSmoothness)
    if goal.noise == 0 { prediction.table = setup.fleet.slowestTime * goal.progress }
    prediction.setLowerBounds(setup.conditions, setup.fleet)
    if setup.conditions.isHeterogeneous { try prediction.add("L_rms", goal.smoothness) }
    let delay = Theory.largestDelay(setup.fleet, jobs: 2)
    if rule == .constant { try setup.remarkUnboundedDelay(delay) }
    try prediction.add("delay_max", delay < .infinity ? delay : .nan)
    return prediction
  }
}
