// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

extension ThreadedRun {
  /// The loop of a worker's thread.
  @inlinable
  func work(as worker: Int, _ code: WorkerCode<Scalar>, _ watch: Stopwatch) {
    var point = [Scalar](repeating: 0, count: dimension)
    var gradient = point
    var next = locked { $0.next(worker, point: &point) }
    while true {
      switch next {
      case .job(let job):
        next = carryOut(job, code, watch, point: &point, gradient: &gradient)
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
    gradient: inout [Scalar]
  ) -> ThreadedState<M, Scalar>.Next {
    if let delay = code.delay { pause(job, for: delay(job), watch) }
    var failure: (any Error)?
    if !job.isCancelled {
      var g = gradient.mutableSpan
      Scalar.fill(&g, with: 0)
      // Code that gives up because its job is cancelled may throw whatever it likes.
      do { try code.gradient(job, point.span, &g) } catch  where !job.isCancelled { failure = error } catch {}
    }
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
