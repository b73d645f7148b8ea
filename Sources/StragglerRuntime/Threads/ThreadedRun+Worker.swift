// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

extension ThreadedRun {
  /// The loop of a worker's thread.
  @inlinable
  func work(as worker: Int, _ code: WorkerCode<Scalar>, _ watch: Stopwatch) {
    var point = [Scalar](repeating: 0, count: dimension)
    var gradient = point
    // A point of local steps and a gradient at it, once there are any.
    var (y, g): ([Scalar], [Scalar]) = ([], [])
    var next = locked { $0.next(worker, point: &point) }
    while true {
      switch next {
      case .job(let job):
        next = carryOut(job, code, watch, point: &point, gradient: &gradient, y: &y, g: &g)
      case .wait:
        desks[worker].bell.wait()
        next = locked { $0.next(worker, point: &point) }
      case .leave:
        return locked { $0.leave(worker, point: &point) }
      }
    }
  }

  @inlinable
  func carryOut(
    _ job: WorkerJob, _ code: WorkerCode<Scalar>, _ watch: Stopwatch, point: inout [Scalar],
    gradient: inout [Scalar], y: inout [Scalar], g: inout [Scalar]
  ) -> ThreadedState<M, Scalar>.Next {
    var failure: (any Error)?
    // Code that gives up because its job is cancelled may throw whatever it likes.
    do {
      if job.count > 1 {
        try computeSum(job, code, watch, point: point, sum: &gradient, y: &y, g: &g)
      } else {
        try compute(job, code, watch, at: point, into: &gradient)
      }
    } catch  where !job.isCancelled { failure = error } catch {}
    let isLate = job.isLate
    return locked { state in
      if failure == nil {
        do { try state.finish(job, gradient: gradient.span, isExpired: isLate) } catch { failure = error }
      }
      if let failure { state.fail(WorkerFailure(worker: job.worker, job: job.number, error: failure)) }
      if state.isOver { bell.ring() }
      return state.next(job.worker, point: &point)
    }
  }

  /// Waits for the delay and computes one gradient; does nothing where the job is cancelled by then.
  @inlinable
  func compute(
    _ job: WorkerJob, _ code: WorkerCode<Scalar>, _ watch: Stopwatch, at point: [Scalar],
    into gradient: inout [Scalar]
  ) throws {
    if let delay = code.delay { pause(job, for: delay(job), watch) }
    guard !job.isCancelled else { return }
    var g = gradient.mutableSpan
    Scalar.fill(&g, with: 0)
    try code.gradient(job, point.span, &g)
  }

  /// `sum` = Σ of the gradients of a job of several; `y` and `g` are scratch space.
  @inlinable
  func computeSum(
    _ job: WorkerJob, _ code: WorkerCode<Scalar>, _ watch: Stopwatch, point: [Scalar], sum: inout [Scalar],
    y: inout [Scalar], g: inout [Scalar]
  ) throws {
    if y.isEmpty { (y, g) = (sum, sum) }
    for index in y.indices {
      y[index] = point[index]
      sum[index] = 0
    }
    for index in 0..<job.count where !job.isCancelled {
      try compute(job.gradient(index), code, watch, at: y, into: &g)
      var total = sum.mutableSpan
      Scalar.add(1, g.span, to: &total)
      guard !job.stepsize.isNaN else { continue }
      var next = y.mutableSpan
      Scalar.add(Scalar(-job.stepsize), g.span, to: &next)
    }
  }

  /// Waits for `seconds`, or until the job is withdrawn or its time over.
  @inlinable
  func pause(_ job: WorkerJob, for seconds: Double, _ watch: Stopwatch) {
    guard seconds > 0 else { return }
    let end = min(watch.now() + seconds, job.deadline)
    let bell = desks[job.worker].bell
    while true {
      let left = end - watch.now()
      guard left > 0, locked({ $0.wait(during: job) }) else { return }
      if !bell.wait(seconds: left), !locked({ $0.stopWaiting(job.worker) }) {
        // Rung after the time was over: the signal is there to be taken.
        bell.wait()
      }
    }
  }
}
