// SPDX-License-Identifier: Apache-2.0

/// One instruction for the vectors of a run: points x, slots g, and the problem's gradients.
///
/// A method leaves instructions in a ``Server`` by calling its functions; a ``Model`` carries them out in
/// the order given. To add one: a case here with a line that says what it does, and its code in the
/// model's `carryOut(_:)`, whose `switch` has no default.
public enum VectorOrder: BitwiseCopyable, Sendable {
  // Gradients

  /// slot += weight · ∇f(point; ξ), where ξ is the sample of job `job` of `worker`.
  case accumulate(slot: Slot, weight: Double, point: Int32, worker: Int32, job: Int)
  /// slot += weight · C(∇f(point; ξ)), where C compresses and ξ is the sample of job `job` of `worker`.
  case accumulateCompressed(slot: Slot, weight: Double, point: Int32, worker: Int32, job: Int)
  /// slot += weight · Σ ∇f(point; ξ) over the samples of gradients `job` to `job` + `count` − 1 of `worker`.
  case accumulateBatch(slot: Slot, weight: Double, point: Int32, worker: Int32, count: Int32, job: Int)
  /// slot += weight · D, where D sums the gradients `job` to `job` + `count` − 1 of `worker` along local
  /// steps of `stepsize` from the point, or all at it where that is 0; compressed where gradients are.
  case accumulatePath(
    slot: Slot, weight: Double, stepsize: Double, point: Int32, worker: Int32, count: Int32, job: Int)
  /// slot += Σ of the gradients `job` to `job` + `count` − 1 of `worker` along local steps from the point,
  /// each by `stepsize` along its gradient and the shift.
  case accumulateShiftedPath(
    slot: Slot, shift: Slot, stepsize: Double, point: Int32, worker: Int32, count: Int32, job: Int)
  /// slot += weight · ∇f(point; ξ), where the point is in a slot and ξ is the sample of job `job` of
  /// `worker`.
  case accumulateAt(slot: Slot, weight: Double, point: Slot, worker: Int32, job: Int)
  /// slot += weight · ∇fⱼ(point), where j = `index`.
  case accumulateSample(slot: Slot, weight: Double, point: Int32, index: Int32)

  // Points

  /// target = source − stepsize · slot, then slot = 0. Source and target may be the same point.
  case step(slot: Slot, stepsize: Double, source: Int32, target: Int32)
  /// target = source − stepsize · slot. Source and target may be the same point.
  case stepKeeping(slot: Slot, stepsize: Double, source: Int32, target: Int32)
  /// target = source less what the rule of the step makes of G = (factor/count) · slot and of `length`, that
  /// of the step; then slot = 0 unless it `keeps` it. Source and target may be the same point.
  case stepByRule(
    slot: Slot, length: Double, factor: Double, count: Double, keeps: Bool, source: Int32, target: Int32)
  /// The slot `model` is the model, and target = (1 − weight) · model + weight · other the newest point.
  case lookAhead(model: Slot, other: Slot, weight: Double, target: Int32)

  // Slots

  /// slot = 0.
  case clear(slot: Slot)
  /// slotsᵢ = 0.
  case clearAll(slots: Slots)
  /// slot = point.
  case load(slot: Slot, point: Int32)
  /// slot = factor · slot + weight · other.
  case combine(slot: Slot, factor: Double, other: Slot, weight: Double)
  /// target = Σ weightᵢ · slotsᵢ, or the plain sum without weights; then the slotsᵢ = 0 where it `empties`
  /// them.
  case gather(slots: Slots, weights: Table<Double>, target: Slot, empties: Bool)
  /// target += weight · Σ C(source) over `count` independent draws of RandK, then source = 0.
  case compress(
    source: Slot, target: Slot, weight: Double, coordinates: Int32, worker: Int32, count: Int32, job: Int)

  /// copy += Q(source − copy), Q being `compression`, divided by 1 + ω where it is unbiased.
  case follow(source: Slot, copy: Slot, compression: Compression, worker: Int32, job: Int)

  // A model for every node, or a view of it for every worker

  /// intoᵢ = Σⱼ Wᵢⱼ fromⱼ over `rows` slots each, given the first.
  case mix(from: Slot, into: Slot, rows: Int32, entries: Table<MixingWeight>)
  /// The model is the mean of `models` from now on.
  case report(models: Slots)
  /// Looks whether `models` are finite.
  case check(models: Slots)
  /// viewⱼ = what the model had when job `job` of `worker` read coordinate j, for the reads of `reading`.
  case read(view: Slot, reading: Reading, worker: Int32, job: Int, start: Double, seconds: Double)
}
