// SPDX-License-Identifier: Apache-2.0

// The interpreter of orders: what each of them does to the vectors.

extension Model {
  /// Inlined into `execute`, so that an order is neither copied nor a call.
  @inlinable @inline(__always)
  mutating func carryOut(_ order: VectorOrder) {
    switch order {
    case .accumulate(let slot, let weight, let place, let worker, let job):
      accumulate(weight, worker, job, at: point(Int(place)), into: slot)
    case .accumulateCompressed(let slot, let weight, let place, let worker, let job):
      accumulateCompressed(weight, worker, job, at: point(Int(place)), into: slot)
    case .accumulateBatch(let slot, let weight, let place, let worker, let count, let job):
      accumulateAll(weight, worker, job..<job + max(0, Int(count)), at: point(Int(place)), into: slot)
    case .accumulatePath(let slot, let weight, let stepsize, let place, let worker, let count, let job):
      accumulatePath(weight, stepsize, worker, Int(count), from: job, at: point(Int(place)), into: slot)
    case .accumulateShiftedPath(
      let slot, let shift, let stepsize, let place, let worker, let count, let job):
      accumulateShiftedPath(
        shift, stepsize, worker, Int(count), from: job, at: point(Int(place)), into: slot)
    case .accumulateAt(let slot, let weight, let point, let worker, let job):
      accumulateAll(weight, worker, job..<job + 1, at: self.slot(point), into: slot)
    case .accumulateSample(let slot, let weight, let place, let index):
      let x = unsafe point(Int(place)).buffer.span
      var g = unsafe self.slot(slot).buffer.mutableSpan
      problem.accumulate(weight, index: Int(index), at: x, into: &g)

    case .step(let slot, let stepsize, let source, let target):
      takeStep(along: self.slot(slot), by: P.Scalar(stepsize), from: Int(source), to: Int(target))
    case .stepKeeping(let slot, let stepsize, let source, let target):
      step(along: self.slot(slot), by: P.Scalar(stepsize), from: Int(source), to: Int(target))
    case .stepByRule(let slot, let length, let factor, let count, let keeps, let source, let target):
      stepByRule(self.slot(slot), length, factor, count, from: Int(source), to: Int(target))
      if !keeps { clear(slot) }
    case .lookAhead(let model, let other, let weight, let target):
      lookAhead(from: model, towards: other, by: weight, to: Int(target))

    case .clear(let slot): clear(slot)
    case .clearAll(let slots):
      for index in 0..<slots.count { clear(slots[index]) }
    case .load(let slot, let place):
      var g = unsafe self.slot(slot).buffer.mutableSpan
      unsafe P.Scalar.copy(point(Int(place)).buffer.span, to: &g)
    case .combine(let slot, let factor, let other, let weight):
      var g = unsafe self.slot(slot).buffer.mutableSpan
      unsafe P.Scalar.combine(P.Scalar(factor), &g, P.Scalar(weight), self.slot(other).buffer.span)
    case .gather(let slots, let weights, let target, let empties):
      gather(slots, weights, into: target, empties: empties)
    case .compress(let source, let target, let weight, let coordinates, let worker, let count, let job):
      compress(
        source, into: target, weight, to: Int(coordinates), times: Int(count),
        RandomStream(seed: seed, purpose: .message, worker: Int(worker), job: job))
      clear(source)

    case .follow(let source, let copy, let compression, let worker, let job):
      follow(source, copy, compression, worker, job)

    case .mix(let from, let into, let rows, let entries): mix(from, into, Int(rows), entries)
    case .report(let models): place = .mean(models)
    case .check(let models):
      for index in 0..<models.count where finite {
        finite = unsafe P.Scalar.squaredNorm(slot(models[index]).buffer.span).isFinite
      }
    case .read(let view, let reading, let worker, let job, let start, let seconds):
      take(
        reading, into: view, stream: RandomStream(seed: seed, purpose: .read, worker: Int(worker), job: job),
        start: start, seconds: seconds)
    }
  }

  /// slot += weight · ∇f(x; ξ), where ξ is the sample of the gradient `job` of `worker`.
  @inlinable
  mutating func accumulate(
    _ weight: Double, _ worker: Int32, _ job: Int, at x: Table<P.Scalar>, into slot: Slot
  ) {
    var g = unsafe self.slot(slot).buffer.mutableSpan
    unsafe problem.accumulate(
      weight, Sample(seed: seed, worker: Int(worker), job: job), at: x.buffer.span, into: &g)
  }

  // What few methods order stays outside the interpreter: inlined, it slows down the orders of every update.

  /// slot += weight · Σ ∇f(x; ξ) over the samples of the gradients `jobs` of `worker`.
  @inlinable @inline(never)
  mutating func accumulateAll(
    _ weight: Double, _ worker: Int32, _ jobs: Range<Int>, at x: Table<P.Scalar>, into slot: Slot
  ) {
    for job in jobs { accumulate(weight, worker, job, at: x, into: slot) }
  }

  @inlinable
  mutating func step(
    along direction: Table<P.Scalar>, by stepsize: P.Scalar, from source: Int, to target: Int
  ) {
    var z = unsafe point(target).buffer.mutableSpan
    if source == target {
      P.Scalar.add(-stepsize, unsafe direction.buffer.span, to: &z)
    } else {
      unsafe P.Scalar.step(
        from: point(source).buffer.span, along: direction.buffer.span, by: stepsize, into: &z)
    }
    newest = target
    finite = unsafe P.Scalar.squaredNorm(point(target).buffer.span).isFinite
  }

  /// As `step`, and empties `direction`: in one pass.
  @inlinable
  mutating func takeStep(
    along direction: Table<P.Scalar>, by stepsize: P.Scalar, from source: Int, to target: Int
  ) {
    var z = unsafe point(target).buffer.mutableSpan
    var g = unsafe direction.buffer.mutableSpan
    let norm =
      source == target
      ? P.Scalar.takeStep(along: &g, by: stepsize, in: &z)
      : unsafe P.Scalar.takeStep(from: point(source).buffer.span, along: &g, by: stepsize, into: &z)
    newest = target
    finite = norm.isFinite
  }

  @inlinable @inline(never)
  mutating func lookAhead(from model: Slot, towards other: Slot, by weight: Double, to target: Int) {
    var y = unsafe point(target).buffer.mutableSpan
    unsafe P.Scalar.combine(
      P.Scalar(1 - weight), slot(model).buffer.span, P.Scalar(weight), slot(other).buffer.span, into: &y)
    newest = target
    place = .slot(model)
    finite = unsafe P.Scalar.squaredNorm(point(target).buffer.span).isFinite
  }

  @inlinable
  func clear(_ slot: Slot) {
    var g = unsafe self.slot(slot).buffer.mutableSpan
    P.Scalar.fill(&g, with: 0)
  }

  @inlinable @inline(never)
  func gather(_ slots: Slots, _ weights: Table<Double>, into target: Slot, empties: Bool) {
    clear(target)
    var sum = unsafe slot(target).buffer.mutableSpan
    for index in 0..<slots.count {
      let weight = weights.isEmpty ? 1 : P.Scalar(weights[index])
      unsafe P.Scalar.add(weight, slot(slots[index]).buffer.span, to: &sum)
      if empties { clear(slots[index]) }
    }
  }

  /// target += weight · Σ C(source), `count` draws of RandK; O(count · K).
  @inlinable @inline(never)
  func compress(
    _ source: Slot, into target: Slot, _ weight: Double, to coordinates: Int, times count: Int,
    _ stream: RandomStream
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

  @inlinable @inline(never)
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

  /// view_j = what the model had when coordinate j was read, for the reads of `reading`. O(d log n).
  @usableFromInline
  func take(_ reading: Reading, into view: Slot, stream: RandomStream, start: Double, seconds: Double) {
    let view = slot(view)
    let from = reading.start
    var stream = stream
    for index in view.indices {
      let time = start + stream.uniform() * seconds
      if time < from || time >= reading.end { continue }
      view[index] = points[reading.place(at: time) * stride + index]
    }
  }
}
