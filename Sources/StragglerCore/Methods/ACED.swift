// SPDX-License-Identifier: Apache-2.0

/// ACED: a table holds the newest gradient Gᵢ of every worker, as PIAG's does. When all have reported once,
/// at x⁰, every arrival replaces its worker's entry and makes a step along the mean of those entries whose
/// points are at most `limit` updates old: x^{k+1} = x^k − γ(1/|K|) Σ_{i∈K} Gᵢ.
///
/// An arrival that is too old itself is discarded; where no entry is left, there is no update. Without a
/// limit it is ACE, whose update is that of DuDe-ASGD. It allows data that differ, and gradients with
/// noise. The theorem's γ is not verified: it has to be given. Source: Chang et al., "Mitigating
/// participation imbalance bias in asynchronous federated learning", arXiv 2511.19066.
public struct ACED: Method {
  public static var name: StaticText { "aced" }
  public static var summary: StaticText {
    "ACED: steps along the mean of every worker's newest gradient, the old ones left out"
  }
  public static var allowsHeterogeneousData: Bool { true }
  public static var advised: AdvisedForms? { AdvisedForms(.own, hasTheorem: false) }
  public static var modifiers: Modifiers.Kinds { .all.withTurns }

  /// γ; it has to be given.
  public var gamma = Parameter<Double>.theory
  /// The largest age of an entry, in updates; `Int.max` for none.
  public var limit = Int.max

  /// Gᵢ, and the sum of those that are not too old.
  private var table = Slots()
  private var sum = Slot()
  /// Who has reported, and how many these are.
  private var hasReported = Table<Bool>()
  private var reported = 0
  /// 1 for entries that are in the sum, 0 for others, and how many are in it.
  private var isKept = Table<Double>()
  private var kept = 0
  /// The versions of the points of the entries that are in the sum.
  private var versions = EventQueue()
  /// Replacements since the sum was last added up anew, which keeps its rounding errors small.
  private var replaced = 0

  public init() {}

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {
    try keys.gamma(&gamma, standard: "none: give it, or tune")
    if let setting = try keys.setting(
      "limit", .integer, "the largest age of a gradient in the mean, in updates", standard: "inf")
    {
      let number = setting.asNumber
      guard number >= 0, number == .infinity || (number <= 0x1p53 && number.rounded(.down) == number) else {
        throw .invalid(key: "limit", expected: "0, a positive integer, or inf")
      }
      limit = number == .infinity ? .max : Int(number)
    }
  }

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    guard limit >= 0 else {
      throw .impossible("aced with a limit below 0", remedy: "give the updates that an entry may be old")
    }
    gamma = try setup.given(gamma)
    table = setup.slotsForWorkers()
    sum = setup.slot()
    hasReported = try setup.table(of: Bool.self)
    isKept = try setup.table(of: Double.self)
    versions = try EventQueue(workers: setup.workers, arena: &setup.arena)
    setup.horizon = limit
  }

  public mutating func begin(_ server: inout Server) {
    hasReported.fill(false)
    isKept.fill(0)
    versions.removeAll()
    (reported, kept, replaced) = (0, 0, 0)
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
      kept = reported
      isKept.fill(1)
      for index in isKept.indices { versions.stage(index, at: 0) }
      versions.rebuild()
      server.gather(table, into: sum)
    } else {
      dropOld(&server)
      if arrival.delay <= limit { replace(arrival, &server) }
    }
    if kept > 0 { server.step(keeping: sum, by: gamma, over: Double(kept)) }
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

  /// Takes entries out of the sum that have become too old.
  private mutating func dropOld(_ server: inout Server) {
    guard limit < .max else { return }
    let oldest = Double(server.iteration - limit)
    while versions.time < oldest {
      let worker = versions.worker
      versions.update(worker, to: .infinity)
      isKept[worker] = 0
      kept -= 1
      replaced += 1
      if kept > 0 { server.combine(sum, with: table[worker], times: -1) } else { server.clear(sum) }
    }
  }

  private mutating func replace(_ arrival: Arrival, _ server: inout Server) {
    let worker = arrival.worker
    let entry = table[worker]
    let wasKept = isKept[worker] == 1
    isKept[worker] = 1
    versions.update(worker, to: Double(server.iteration - arrival.delay))
    if !wasKept { kept += 1 }
    replaced += 1
    guard replaced < server.workers else {
      replaced = 0
      server.clear(entry)
      server.accumulate(arrival, into: entry)
      return server.gather(table, weights: isKept, into: sum)
    }
    if wasKept { server.combine(sum, with: entry, times: -1) }
    server.clear(entry)
    server.accumulate(arrival, into: entry)
    server.combine(sum, with: entry, times: 1)
  }
}
