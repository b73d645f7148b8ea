// SPDX-License-Identifier: Apache-2.0

// Operations on slots other than accumulating and stepping: sums of sums, and points made of slots.

extension Server {
  /// slot = factor · slot + weight · other.
  @inlinable
  public mutating func combine(
    _ slot: Slot, scaledBy factor: Double = 1, with other: Slot, times weight: Double
  ) {
    give(.combine(slot: slot, factor: factor, other: other, weight: weight))
  }

  /// slot = Σᵢ weightᵢ · slotsᵢ, or Σᵢ slotsᵢ without weights; with `empties`, the slotsᵢ are empty
  /// afterwards.
  ///
  /// The weights are read when the order is carried out, at the end of the event. O(nd).
  @inlinable
  public mutating func gather(
    _ slots: Slots, weights: Table<Double> = Table(), into slot: Slot, empties: Bool = false
  ) {
    give(.gather(slots: slots, weights: weights, target: slot, empties: empties))
  }

  /// slotsᵢ = 0 for every i. O(nd).
  @inlinable
  public mutating func clear(_ slots: Slots) { give(.clearAll(slots: slots)) }

  /// slot = the newest point.
  @inlinable
  public mutating func load(_ slot: Slot) { give(.load(slot: slot, point: points.newest)) }

  /// slot = the point of the job that has just arrived; counts its gradient as used.
  ///
  /// A method that does so sets `Setup.assignsHeldPoints`: the points of jobs are kept.
  @inlinable
  public mutating func load(_ slot: Slot, pointOf arrival: Arrival) {
    guard use(arrival) else { return }
    give(.load(slot: slot, point: jobs[arrival.worker].point))
  }

  /// Updates the model where gradients are wanted at another point than the model's: the slot `model` is
  /// x^{k+1} from now on, and the newest point is (1 − weight) · model + weight · other. k grows by one.
  @inlinable
  public mutating func step(to model: Slot, aheadTowards other: Slot, by weight: Double) {
    let (_, target) = advance()
    give(.lookAhead(model: model, other: other, weight: weight, target: target))
  }
}

// MARK: - Jobs at older points

extension Server {
  /// Gives `worker`, whose job has just ended, a job at the point of that job.
  @inlinable
  public mutating func assignAgain(_ worker: Int) {
    let job = jobs[worker]
    if points.versions[Int(job.point)] == job.version { points.retain(job.point) }
    order(worker, jobOrder(worker, point: job.point, version: job.version, kind: .goOn))
  }

  /// Gives `worker` a job at `point`, which is held for it: the job gives it back. A job that it has is
  /// cancelled.
  ///
  /// A method that does so sets `Setup.assignsHeldPoints`.
  @inlinable
  public mutating func assign(_ worker: Int, at point: HeldPoint) {
    order(worker, jobOrder(worker, point: point.place, version: point.version))
  }
}
