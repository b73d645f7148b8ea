// SPDX-License-Identifier: Apache-2.0

/// Adaptive Shadowheart SGD: balances batches and messages without knowing the workers' times.
///
/// Every worker goes in rounds. In a round its batch at least doubles and takes at least as long to compute
/// as the last round took to send; then it sends compressions of the whole batch for as long as the batch
/// took to compute, at most ⌈d/K⌉ of them. From 2σ²/ε gradients on it only sends: a larger batch makes the
/// contribution at most (3ω + m)/(2ω) times as large, 3 at m = 3ω, where it is 1 already. All messages of a
/// round are about the same batch, and the best round of a worker counts. An iteration ends as soon as Σ
/// wᵢ(bᵢ, mᵢ)mᵢbᵢ ≥ 1, which bounds the estimator's variance by ‖∇f‖² + ε as in Shadowheart SGD; what runs
/// then is cancelled. The batches depend on times, never on gradients, so that the estimator is unbiased. All
/// gradients that are computed count as used.
struct ShadowheartRounds: BitwiseCopyable, Sendable {
  private struct Round: BitwiseCopyable, Sendable {
    /// The number of the worker's first gradient of the iteration.
    var first = 1
    /// Gradients done in the iteration of this round, and the least number that it needs.
    var computed: Int32 = 0
    var goal: Int32 = 1
    var sent: Int32 = 0
    var isSending = false
    /// Seconds of computation in the iteration, and when the round began to compute, or to send.
    var computation = 0.0
    var since = 0.0
    /// Seconds that the last round took to send.
    var sending = 0.0
  }

  private let rounds: Table<Round>
  private let best: Table<ShadowheartShare>
  private let omega: Double
  private let ratio: Double
  /// Σ wᵢmᵢbᵢ so far.
  private var sum = CompensatedSum(0)
  var total: Double { sum.value }
  /// Whether Σ wᵢmᵢbᵢ has reached 1. A contribution is accurate to a few units in its last place and the sum
  /// is nearly exact, so that a value that close to 1 differs from 1 only by rounding.
  private var isComplete: Bool { sum.value >= 1 - 0x1p-48 }

  /// Rounds that are never begun.
  init() {
    rounds = Table()
    best = Table()
    omega = 0
    ratio = 0
  }

  init(_ setup: inout Setup, omega: Double, ratio: Double) throws(SetupError) {
    rounds = try setup.table(of: Round.self)
    best = try setup.table(of: ShadowheartShare.self)
    self.omega = omega
    self.ratio = ratio
  }

  /// All workers start at the newest point. O(n).
  mutating func begin(_ server: inout Server) {
    sum = CompensatedSum(0)
    best.fill(ShadowheartShare(gradients: 0, messages: 0, omega: omega, ratio: ratio))
    for worker in 0..<server.workers {
      rounds[worker] = Round(first: server.gradientsBegun(by: worker) + 1, since: server.time)
      server.assign(worker, work: .localGradient)
    }
  }

  /// A worker's gradient is done, or its message has come; true if the iteration is complete.
  mutating func receive(_ arrival: Arrival, _ server: inout Server) -> Bool {
    let worker = arrival.worker
    var round = rounds[worker]
    if round.isSending {
      round.sent += 1
      improve(worker, round)
      if isComplete { return true }
      if !sendsMore(round, at: server.time) {
        round.goal = 2 * round.computed
        round.sending = server.time - round.since
        round.sent = 0
        round.isSending = false
        round.since = server.time
      }
    } else {
      server.use(arrival)
      round.computed += 1
      round.computation += server.time - round.since
      round.since = server.time
      round.isSending =
        round.computed >= round.goal && (round.computation >= round.sending || isEnough(round))
    }
    rounds[worker] = round
    server.assign(worker, work: round.isSending ? .message : .localGradient)
    return false
  }

  /// Counts the round of `worker` if it is the best so far.
  private mutating func improve(_ worker: Int, _ round: Round) {
    let share = ShadowheartShare(
      gradients: Int(round.computed), messages: Int(round.sent), omega: omega, ratio: ratio)
    guard share.contribution > best[worker].contribution else { return }
    sum.add(-best[worker].contribution)
    sum.add(share.contribution)
    best[worker] = share
  }

  private func sendsMore(_ round: Round, at time: Double) -> Bool {
    if isEnough(round) { return true }
    return time - round.since < round.computation && Double(round.sent) < 1 + omega
  }

  /// Whether the worker only sends from here on; 2³⁰ is the largest that can be doubled.
  private func isEnough(_ round: Round) -> Bool {
    Double(round.computed) >= min(2 * ratio, 0x1p30)
  }

  /// sum += Σᵢ wᵢ Σⱼ Cᵢⱼ(Σₗ ∇f(x^k; ξᵢₗ)) over the best rounds. O(n) orders.
  func collect(into sum: Slot, by batch: Slot, _ server: inout Server) {
    for worker in 0..<server.workers where best[worker].weight > 0 {
      server.accumulateMessages(best[worker], from: rounds[worker].first, of: worker, into: sum, by: batch)
    }
  }
}

extension Server {
  /// sum += w Σ_{j≤m} Cⱼ(Σ_{l≤b} ∇f(x^k; ξ_l)) over the last b gradients of `worker`, or the b from number
  /// `first` on; `batch` is empty before and after.
  mutating func accumulateMessages(
    _ share: ShadowheartShare, from first: Int? = nil, of worker: Int, into sum: Slot, by batch: Slot
  ) {
    let first = first ?? gradientsBegun(by: worker) - share.gradients + 1
    accumulate(gradients: share.gradients, from: first, of: worker, into: batch)
    compress(
      batch, into: sum, weight: share.weight, count: share.messages, by: worker,
      job: first + share.gradients - 1)
  }
}
