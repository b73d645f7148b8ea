// SPDX-License-Identifier: Apache-2.0

/// What has happened in a run so far.
///
/// Jobs are those that compute: a worker that only sends a message about what it has computed has none. Every
/// job arrives, is cancelled or runs: `assigned` = `arrivals` + `cancelled` + `running`.
public struct Counts: BitwiseCopyable, Sendable {
  /// Jobs started.
  public var assigned = 0
  /// Gradients delivered to the server.
  public var arrivals = 0
  /// Gradients delivered and used.
  public var used = 0
  /// Jobs stopped before their end: cancelled by the server, or clipped when their allotted time was over.
  public var cancelled = 0
  /// Jobs clipped, a part of `cancelled`.
  public var clipped = 0
  /// Σδ over the used gradients.
  public var delaySum = 0
  /// max δ over the used gradients.
  public var delayMax = 0
  /// Stochastic gradients of the jobs that have ended beyond one for each: a pair has one more.
  public var extra = 0
  /// Messages that have come from workers.
  public var messages = 0
  /// Coordinates in these messages.
  public var coordinates = 0
  /// Jobs running now.
  public var running = 0
  /// Workers that only send a message now.
  public var sending = 0
  /// The most workers that were busy at the same time.
  public var concurrencyMax = 0
  /// Seconds that workers worked on jobs that have ended.
  public var busy = 0.0
  /// The part of `busy` whose gradient was used.
  public var useful = 0.0
  /// Σ power · seconds over the jobs that have ended.
  public var energy = 0.0

  /// Nothing has happened yet: all zero.
  public init() {}

  /// Counts a worker that begins `work`; where that `isNext` to what it has just ended, no more workers are
  /// busy than before.
  @inlinable @inline(__always)
  mutating func begin(_ work: Work, isNext: Bool) {
    if work == .message {
      sending &+= 1
    } else {
      assigned &+= 1
      running &+= 1
    }
    if !isNext { concurrencyMax = max(concurrencyMax, running &+ sending) }
  }

  /// Counts a worker that has ended `work`, whatever the outcome.
  @inlinable @inline(__always)
  mutating func end(_ work: Work) {
    if work == .message { sending &-= 1 } else { running &-= 1 }
  }

  /// Gradients delivered and not used.
  public var discarded: Int { arrivals - used }
  /// The stochastic gradients on which workers have spent time: delivered, clipped and cancelled.
  public var gradients: Int { arrivals + cancelled + extra }
  /// The mean δ of the used gradients; NaN if none was used.
  public var delayMean: Double { used == 0 ? .nan : Double(delaySum) / Double(used) }
}
