// SPDX-License-Identifier: Apache-2.0

// Jobs of workers whose speeds change.

extension Simulation {
  /// When the job of `order`, which has been started, will end.
  ///
  /// A trial is given up when its allotted time has passed after the seconds that τ takes at the worker's
  /// mean speed, wherever the work is then.
  @usableFromInline
  mutating func startAtOwnSpeed(_ order: WorkerOrder) -> Double {
    let worker = Int(order.worker)
    let job = server.face.jobs[worker].number
    let speed = fleet.speeds[worker]
    var number = job - order.work.gradients
    var work = 0.0
    while number < job {
      number += 1
      work += self.work(of: speed, worker, job: number, after: work)
    }
    let stream = RandomStream(seed: seed, purpose: .delay, worker: worker, job: job)
    let end = speed.endOfJob(work, from: server.time, worker: stream)
    if let table = server.face.readingSeconds { table[worker] = end - server.time }
    if order.work == .gradient, order.allotted < .infinity {
      let limit = server.time + (fleet.workers[worker].tau + order.allotted)
      if end > limit {
        server.face.jobs[worker].state = .clipping
        return limit
      }
    }
    if end == .infinity { server.markEndless(worker) }
    return order.work.isSent ? end + upload(of: fleet.workers[worker]) : end
  }

  /// τ + η of a gradient, in seconds of work.
  private func work(of speed: Speed, _ worker: Int, job: Int, after seconds: Double) -> Double {
    var stream = RandomStream(seed: seed, purpose: .delay, worker: worker, job: job)
    return speed.tau + speed.delay.sample(&stream, job: job, start: server.time + seconds, work: speed.tau)
  }

  /// The share of the workers that are on now, from 0 to 1. O(n log pieces).
  public var available: Double {
    guard !fleet.speeds.isEmpty else { return 1 }
    var count = 0
    for worker in fleet.speeds.indices
    where fleet.speeds[worker].isOn(at: server.time, worker: stream(worker)) { count += 1 }
    return Double(count) / Double(fleet.speeds.count)
  }

  /// Any stream of the worker.
  private func stream(_ worker: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: .delay, worker: worker)
  }

  /// Shows `body` the times off of a worker between two times, in order.
  public func visitOff(
    of worker: Int, from start: Double, to end: Double, _ body: (_ start: Double, _ end: Double) -> Void
  ) {
    guard !fleet.speeds.isEmpty else { return }
    fleet.speeds[worker].visitOff(from: start, to: end, worker: stream(worker), body)
  }
}
