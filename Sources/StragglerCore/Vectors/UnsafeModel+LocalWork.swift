// SPDX-License-Identifier: Apache-2.0

// Sums of gradients along local steps.

extension Model {
  /// slot += weight · D with D = Σ ∇f(y^h; ξ_{job+h}) over `count` steps y^{h+1} = y^h − stepsize ·
  /// ∇f(y^h; ξ_{job+h}) from y⁰ = x, ξ being the samples of `worker`; compressed where gradients are. With a
  /// stepsize of 0, all are at x. The gradients, and O(d) a step.
  @inlinable @inline(never)
  mutating func accumulatePath(
    _ weight: Double, _ stepsize: Double, _ worker: Int32, _ count: Int, from job: Int,
    at x: Table<P.Scalar>, into slot: Slot
  ) {
    var sum = unsafe scratch.buffer.mutableSpan
    P.Scalar.fill(&sum, with: 0)
    for step in 0..<max(0, count) {
      let sample = Sample(seed: seed, worker: Int(worker), job: job + step)
      if step == 0 || stepsize == 0 {
        unsafe problem.accumulate(1, sample, at: x.buffer.span, into: &sum)
        continue
      }
      // y^h = x − γ (g⁰ + … + g^{h−1}).
      var y = unsafe path.buffer.mutableSpan
      unsafe P.Scalar.step(from: x.buffer.span, along: scratch.buffer.span, by: P.Scalar(stepsize), into: &y)
      unsafe problem.accumulate(1, sample, at: path.buffer.span, into: &sum)
    }
    guard compression == nil else {
      return accumulateCompressedScratch(weight, worker, job + count - 1, into: slot)
    }
    var target = unsafe self.slot(slot).buffer.mutableSpan
    P.Scalar.add(P.Scalar(weight), unsafe scratch.buffer.span, to: &target)
  }

  /// slot += Σ ∇f(y^h; ξ_{job+h}) over `count` steps y^{h+1} = y^h − stepsize · (∇f(y^h; ξ_{job+h}) +
  /// shift) from y⁰ = x, ξ being the samples of `worker`. The gradients, and O(d) a step.
  @inlinable @inline(never)
  mutating func accumulateShiftedPath(
    _ shift: Slot, _ stepsize: Double, _ worker: Int32, _ count: Int, from job: Int, at x: Table<P.Scalar>,
    into slot: Slot
  ) {
    var sum = unsafe scratch.buffer.mutableSpan
    P.Scalar.fill(&sum, with: 0)
    for step in 0..<max(0, count) {
      let sample = Sample(seed: seed, worker: Int(worker), job: job + step)
      if step == 0 {
        unsafe problem.accumulate(1, sample, at: x.buffer.span, into: &sum)
        continue
      }
      // y^h = x − γ (g⁰ + … + g^{h−1}) − γh · shift.
      var y = unsafe path.buffer.mutableSpan
      unsafe P.Scalar.step(from: x.buffer.span, along: scratch.buffer.span, by: P.Scalar(stepsize), into: &y)
      P.Scalar.add(P.Scalar(-stepsize * Double(step)), unsafe self.slot(shift).buffer.span, to: &y)
      unsafe problem.accumulate(1, sample, at: path.buffer.span, into: &sum)
    }
    var target = unsafe self.slot(slot).buffer.mutableSpan
    P.Scalar.add(1, unsafe scratch.buffer.span, to: &target)
  }
}
