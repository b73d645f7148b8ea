// SPDX-License-Identifier: Apache-2.0

// Further operations of methods for finite sums: samples by index, differences between two points, an
// estimate that outlives a step.

/// A point that a method keeps for later; it gives it back with `release`.
public struct HeldPoint: BitwiseCopyable, Sendable {
  @usableFromInline let place: Int32
  @usableFromInline let version: Int

  @inlinable
  init(place: Int32, version: Int) {
    self.place = place
    self.version = version
  }

  /// No point.
  public init() { self.init(place: -1, version: -1) }
}

extension Server {
  /// The newest point, kept until it is released or older than the method's horizon.
  ///
  /// A method that holds more than one point at a time counts them in `Setup.heldPoints`.
  @inlinable
  public mutating func hold() -> HeldPoint {
    points.isHolding = true
    points.retain(points.newest)
    return HeldPoint(place: points.newest, version: k)
  }

  /// The point `point`, held once more.
  @inlinable
  public func hold(_ point: HeldPoint) -> HeldPoint {
    if point.place >= 0, points.versions[Int(point.place)] == point.version { points.retain(point.place) }
    return point
  }

  /// Gives a held point back.
  @inlinable
  public mutating func release(_ point: HeldPoint) {
    if point.place >= 0 { points.release(point.place, version: point.version) }
  }

  /// slot += weight · ∇fⱼ at the point of the job that has just arrived, where j = `index`; counts it as
  /// used.
  @inlinable
  public mutating func accumulate(
    _ arrival: Arrival, index: Int, into slot: Slot, weight: Double
  ) {
    guard use(arrival) else { return }
    give(
      .accumulateSample(
        slot: slot, weight: weight, point: jobs[arrival.worker].point,
        index: Int32(truncatingIfNeeded: index)))
  }

  /// slot += weight · (∇fⱼ at the point of the job that has just arrived − ∇fⱼ at `previous`), where j =
  /// `index`.
  @inlinable
  public mutating func accumulateDifference(
    _ arrival: Arrival, index: Int, since previous: HeldPoint, into slot: Slot, weight: Double
  ) {
    guard !arrival.isClipped else { return }
    guard previous.place >= 0, points.versions[Int(previous.place)] == previous.version else {
      return note(.pointIsGone)
    }
    accumulate(arrival, index: index, into: slot, weight: weight)
    give(
      .accumulateSample(
        slot: slot, weight: -weight, point: previous.place, index: Int32(truncatingIfNeeded: index)))
  }

  /// slot += weight · ∇f(point; ξ), where ξ is the sample of the job that has just arrived and `point` is one
  /// that the method holds.
  ///
  /// A method that does so sets `Setup.evaluatesPairs`.
  @inlinable
  public mutating func accumulate(
    _ arrival: Arrival, at point: HeldPoint, into slot: Slot, weight: Double
  ) {
    guard !arrival.isClipped else { return }
    guard point.place >= 0, points.versions[Int(point.place)] == point.version else {
      return note(.pointIsGone)
    }
    give(
      .accumulate(
        slot: slot, weight: weight, point: point.place, worker: Int32(truncatingIfNeeded: arrival.worker),
        job: jobs[arrival.worker].number))
  }

  /// How many gradients the job that has just arrived computed.
  @inlinable
  public func gradients(of arrival: Arrival) -> Int { max(1, gradientsOfJob(arrival.worker)) }

  /// j of the sample that the job which has just arrived draws, uniform on 0..<`count`.
  @inlinable
  public func sampleIndex(of arrival: Arrival, below count: Int, seed: UInt64) -> Int {
    Sample(seed: seed, worker: arrival.worker, job: jobs[arrival.worker].number).index(below: count)
  }

  /// slot = 0.
  @inlinable
  public mutating func clear(_ slot: Slot) { give(.clear(slot: slot)) }

  /// x^{k+1} = x^k − (stepsize/count) · slot, as `step(along:by:over:times:)`, but the slot keeps its value.
  @inlinable
  public mutating func step(keeping slot: Slot, by stepsize: Double, over count: Double = 1) {
    let (source, target) = advance()
    give(
      hasStepRule
        ? .stepByRule(
          slot: slot, length: stepsize, factor: 1, count: count, keeps: true, source: source, target: target)
        : .stepKeeping(slot: slot, stepsize: stepsize / count, source: source, target: target))
  }

  /// As `step(along:by:over:)`, but the slot keeps its value.
  @inlinable
  public mutating func step(keeping slot: Slot, by gamma: Parameter<Double>, over count: Double = 1) {
    step(keeping: slot, by: stepsize(gamma), over: count)
  }
}
