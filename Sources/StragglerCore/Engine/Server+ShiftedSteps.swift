// SPDX-License-Identifier: Apache-2.0

// Local steps that the server corrects by a vector, as methods with control variates do.

extension Server {
  /// slot += Σ ∇f(y^h; ξ) over the job that has just arrived, whose local steps are y^{h+1} = y^h −
  /// γ(∇f(y^h; ξ) + shift) from its point; it counts as used. Of a plain gradient it is that.
  ///
  /// For methods that have called `Setup.takeLocalSteps(_:by:)` and set `Setup.shiftsLocalSteps`. The shift
  /// is read when the order is carried out.
  public mutating func accumulate(_ arrival: Arrival, into slot: Slot, shiftedBy shift: Slot) {
    let count = gradientsOfJob(arrival.worker)
    guard count > 1 else { return accumulate(arrival, into: slot) }
    guard use(arrival) else { return }
    let job = jobs[arrival.worker]
    give(
      .accumulateShiftedPath(
        slot: slot, shift: shift, stepsize: local[0].stepsize, point: job.point,
        worker: Int32(truncatingIfNeeded: arrival.worker), count: Int32(truncatingIfNeeded: count),
        job: job.number - count + 1))
  }

  /// Has every job that is given from now on consist of `count` local steps, at most 2³¹ − 1; none may run.
  /// For methods that have called `Setup.takeLocalSteps(_:by:)` with more than one. O(n).
  public mutating func setLocalSteps(_ count: Int) {
    guard !local.isEmpty else { return }
    local[0].counts.fill(Int32(clamping: max(1, count)))
  }
}
