// SPDX-License-Identifier: Apache-2.0

// Jobs of more than one gradient: local steps, batches at a point, and steps until the server stops them.

extension Server {
  /// The order for a job of `worker` at a point: a gradient, or what the run has in its place.
  @inlinable
  mutating func jobOrder(
    _ worker: Int, point: Int32, version: Int, kind: WorkerOrder.Kind = .start
  ) -> WorkerOrder {
    local.isEmpty
      ? WorkerOrder(worker: worker, point: point, version: version, allotted: .infinity, kind: kind)
      : localOrder(worker, point: point, version: version, kind: kind, work: .localSteps)
  }

  @usableFromInline @inline(never)
  mutating func localOrder(
    _ worker: Int, point: Int32, version: Int, kind: WorkerOrder.Kind, work: Work
  ) -> WorkerOrder {
    let local = local[0]
    let isOpen = work == .openEnded
    guard isOpen || !local.counts.isEmpty else {
      return WorkerOrder(worker: worker, point: point, version: version, allotted: .infinity, kind: kind)
    }
    return WorkerOrder(
      worker: worker, point: point, version: version,
      quantity: local.isBatch ? .infinity : local.stepsize, work: local.isBatch ? .batch : work,
      count: isOpen ? 1 : local.counts[worker], kind: kind)
  }

  /// Gives `worker` local steps at the newest point, until it is to `handIn`. A job that it has is cancelled.
  ///
  /// For methods that have called `Setup.takeOpenEndedWork(by:)`. Each step that is complete is shown to
  /// `Method.completeStep`.
  public mutating func assignSteps(_ worker: Int) {
    points.retain(points.newest)
    order(
      worker, localOrder(worker, point: points.newest, version: k, kind: .start, work: .openEnded))
  }

  /// How many steps of the open-ended work that `worker` makes are complete; 0 where it makes none.
  public func completeSteps(of worker: Int) -> Int {
    isRunning(worker) && jobs[worker].work == .openEnded ? local[0].open[worker].complete : 0
  }

  /// Has `worker` stop its open-ended work and send the sum of the gradients of its complete steps; what it
  /// has begun is cut. Without a complete step its job is cancelled. False where it sends nothing.
  @discardableResult
  public mutating func handIn(_ worker: Int) -> Bool {
    guard isRunning(worker), jobs[worker].work == .openEnded else { return false }
    guard local[0].open[worker].complete > 0 else {
      cancel(worker)
      return false
    }
    order(
      worker,
      WorkerOrder(
        worker: worker, point: 0, version: k, quantity: local[0].stepsize, work: .sum, count: 0, kind: .handIn
      ))
    return true
  }

  /// How many gradients the job of `worker`, which runs or has just ended, has begun.
  @usableFromInline
  func gradientsOfJob(_ worker: Int) -> Int {
    switch jobs[worker].work {
    case .localSteps, .keptSteps, .batch: Int(local[0].counts[worker])
    case .openEnded, .sum: jobs[worker].number - local[0].open[worker].first + 1
    case let work: work.gradients
    }
  }

  /// A step that has not begun, because the model is still on its way, has used up no number.
  @usableFromInline
  mutating func takeBackStep(_ worker: Int) {
    if local[0].open[worker].start > now { jobs[worker].number -= 1 }
  }

  /// As `accumulate`, for jobs that may be more than a plain gradient.
  @usableFromInline @inline(never)
  mutating func accumulateOther(_ worker: Int, into slot: Slot, weight: Double) {
    let job = jobs[worker]
    let worker = Int32(truncatingIfNeeded: worker)
    var (first, count, stepsize) = (job.number, 1, 0.0)
    switch job.work {
    case .localSteps, .keptSteps, .batch:
      count = gradientsOfJob(Int(worker))
      first = job.number - count + 1
      stepsize = local[0].stepsize
    case .sum:
      count = local[0].open[Int(worker)].complete
      first = local[0].open[Int(worker)].first
      stepsize = local[0].stepsize
    case .gradient, .pair, .localGradient, .localPair, .message, .openEnded: break
    }
    if count > 1 {
      give(
        .accumulatePath(
          slot: slot, weight: weight, stepsize: job.work == .batch ? 0 : stepsize, point: job.point,
          worker: worker, count: Int32(truncatingIfNeeded: count), job: first))
    } else if compresses {
      give(
        .accumulateCompressed(slot: slot, weight: weight, point: job.point, worker: worker, job: first))
    } else {
      give(.accumulate(slot: slot, weight: weight, point: job.point, worker: worker, job: first))
    }
  }
}
