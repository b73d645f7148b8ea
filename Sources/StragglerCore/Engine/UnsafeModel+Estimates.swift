// The orders of methods for finite sums and of methods with compressed messages.

extension Model {
  @inlinable
  mutating func carryOutOther(_ order: VectorOrder) {
    switch order {
    case .accumulate, .step: break
    case .accumulateSample(let slot, let weight, let place, let index):
      let x = unsafe point(Int(place)).buffer.span
      var g = unsafe self.slot(slot).buffer.mutableSpan
      problem.accumulate(weight, index: Int(index), at: x, into: &g)
    case .stepKeeping(let slot, let stepsize, let source, let target):
      step(slot, P.Scalar(stepsize), from: Int(source), to: Int(target))
    case .clear(let slot): clear(slot)
    case .accumulateBatch(let slot, let weight, let place, let worker, let count, let first):
      let x = unsafe point(Int(place)).buffer.span
      var g = unsafe self.slot(slot).buffer.mutableSpan
      for job in first..<first + max(0, Int(count)) {
        problem.accumulate(weight, Sample(seed: seed, worker: Int(worker), job: job), at: x, into: &g)
      }
    case .compress(let source, let target, let weight, let coordinates, let worker, let count, let job):
      compress(
        source, into: target, weight, to: Int(coordinates), times: Int(count),
        Stream(seed: seed, purpose: .message, worker: Int(worker), job: job))
      clear(source)
    default: carryOutForSlots(order)
    }
  }

  /// target += weight · Σ C(source), `count` draws of RandK; O(count · K).
  @inlinable
  func compress(
    _ source: Slot, into target: Slot, _ weight: Double, to coordinates: Int, times count: Int,
    _ stream: Stream
  ) {
    let (from, into) = (slot(source), slot(target))
    guard coordinates < dimension else {
      var g = unsafe into.buffer.mutableSpan
      return P.Scalar.add(P.Scalar(weight * Double(count)), unsafe from.buffer.span, to: &g)
    }
    let factor = P.Scalar(weight * (Double(dimension) / Double(coordinates)))
    var stream = stream
    for _ in 0..<max(0, count) {
      choice.draw(coordinates, from: &stream) { index in into[index] += factor * from[index] }
    }
  }
}
