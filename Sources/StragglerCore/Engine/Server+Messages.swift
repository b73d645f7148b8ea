// SPDX-License-Identifier: Apache-2.0

// Further operations of methods with compressed messages.

extension Server {
  /// How many gradients `worker` has begun so far: the number of its last one.
  @inlinable
  public func gradientsBegun(by worker: Int) -> Int { jobs[worker].number }

  /// slot += weight · Σ of the gradients number `first` to `first` + `count` − 1 of `worker`, at the newest
  /// point.
  ///
  /// They have been counted as used when they arrived.
  @inlinable
  public mutating func accumulate(
    gradients count: Int, from first: Int, of worker: Int, into slot: Slot, weight: Double = 1
  ) {
    give(
      .accumulateBatch(
        slot: slot, weight: weight, point: points.newest, worker: Int32(truncatingIfNeeded: worker),
        count: Int32(truncatingIfNeeded: count), job: first))
  }

  /// target += weight · Σ C(source) over `count` independent compressions by `worker`, whose random numbers
  /// belong to its gradient number `job`; then source = 0.
  ///
  /// C is RandK: K coordinates drawn without replacement, times d/K, with the K of `Setup.compress(to:)`.
  @inlinable
  public mutating func compress(
    _ source: Slot, into target: Slot, weight: Double, count: Int, by worker: Int, job: Int
  ) {
    give(
      .compress(
        source: source, target: target, weight: weight,
        coordinates: Int32(truncatingIfNeeded: messageLength), worker: Int32(truncatingIfNeeded: worker),
        count: Int32(truncatingIfNeeded: count), job: job))
  }

  /// target += weight · C(∇f(x; ξ)), the compressed gradient that has just arrived, which counts as used;
  /// `way` is empty before and after.
  @inlinable
  public mutating func accumulateCompressed(
    _ arrival: Arrival, into target: Slot, by way: Slot, weight: Double = 1
  ) {
    if messageLength >= dimension { return accumulate(arrival, into: target, weight: weight) }
    accumulate(arrival, into: way)
    compress(
      way, into: target, weight: weight, count: 1, by: arrival.worker, job: jobs[arrival.worker].number)
  }
}
