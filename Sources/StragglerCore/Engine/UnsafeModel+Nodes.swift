// The orders of methods whose workers have models or views of the model of their own.

extension Model {
  @inlinable
  mutating func carryOutForNodes(_ order: VectorOrder) {
    switch order {
    case .accumulateAt(let slot, let weight, let point, let worker, let job):
      let x = unsafe self.slot(point).buffer.span
      var g = unsafe self.slot(slot).buffer.mutableSpan
      problem.accumulate(weight, Sample(seed: seed, worker: Int(worker), job: job), at: x, into: &g)
    case .read(let view, let reading, let worker, let job, let start, let seconds):
      take(
        reading, into: view, stream: Stream(seed: seed, purpose: .read, worker: Int(worker), job: job),
        start: start, seconds: seconds)
    case .mix(let from, let into, let rows, let entries):
      mix(from, into, Int(rows), entries)
    case .report(let models): averaged = models
    case .check(let models):
      for index in 0..<models.count where finite {
        finite = unsafe P.Scalar.squaredNorm(slot(models[index]).buffer.span).isFinite
      }
    default: break
    }
  }

  @inlinable
  func mix(_ from: Slot, _ into: Slot, _ rows: Int, _ entries: Table<MixingWeight>) {
    let (source, target) = (Slots(first: from.index, count: rows), Slots(first: into.index, count: rows))
    for row in 0..<rows { clear(target[row]) }
    for index in entries.indices {
      let entry = entries[index]
      var sum = unsafe slot(target[Int(entry.row)]).buffer.mutableSpan
      unsafe P.Scalar.add(
        P.Scalar(entry.weight), slot(source[Int(entry.column)]).buffer.span, to: &sum)
    }
  }

  /// x̄, the mean of the nodes' models. O(nd).
  @inlinable
  func average() -> Table<P.Scalar> {
    var sum = unsafe mean.buffer.mutableSpan
    P.Scalar.fill(&sum, with: 0)
    let weight = P.Scalar(1 / Double(averaged.count))
    for index in 0..<averaged.count {
      unsafe P.Scalar.add(weight, slot(averaged[index]).buffer.span, to: &sum)
    }
    return mean
  }

  /// (1/n) Σ ‖xᵢ − x̄‖², how far the nodes' models are from their mean; nan where there is but one model.
  /// O(nd).
  public func consensus() -> Double {
    guard averaged.count > 0 else { return .nan }
    let center = average()
    var total = 0.0
    for index in 0..<averaged.count {
      total += unsafe P.Scalar.squaredDistance(slot(averaged[index]).buffer.span, center.buffer.span)
    }
    return total / Double(averaged.count)
  }
}
