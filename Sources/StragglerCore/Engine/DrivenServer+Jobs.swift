// SPDX-License-Identifier: Apache-2.0

// How long jobs take in a simulation. None of it depends on the method, so that it is compiled once.

extension DrivenServer {
  /// Carries out the orders for workers, whatever they are.
  @usableFromInline
  mutating func carryOut(_ queue: EventQueue, _ downloads: Downloads, isPlain: Bool, seed: UInt64) {
    if let arrived = face.arrived {
      release(arrived)
      face.arrived = nil
      if face.orderOf[arrived] == 0 { queue.update(arrived, to: .infinity) }
    }
    guard face.orderCount > 0 else { return }
    // Replaying every game once beats replaying many paths.
    let isBulk = face.orderCount > workers / 8
    // On a network, orders arise in the order of the messages; the log sorts them by node.
    if isBulk, face.messages != nil { sortOrders() }
    for index in 0..<face.orderCount {
      let order = face.orders[index]
      let worker = Int(order.worker)
      face.orderOf[worker] = 0
      if face.jobs[worker].state != .idle, !order.endsSteps { stop(worker) }
      let time = start(order, downloads, isPlain: isPlain, seed: seed)
      if isBulk { queue.stage(worker, at: time) } else { queue.update(worker, to: time) }
    }
    face.orderCount = 0
    if isBulk { queue.rebuild() }
  }

  /// Starts the job that `order` asks for and returns when it will end; infinite if it asks for none.
  ///
  /// `isPlain` where no worker's speed changes, none waits for the model, and none works until it is stopped;
  /// `isNext` where the worker has just delivered.
  @inlinable @inline(__always)
  mutating func start(
    _ order: WorkerOrder, _ downloads: Downloads, isPlain: Bool, isNext: Bool = false, seed: UInt64
  ) -> Double {
    guard isPlain, !order.isCancellation else { return startInItsOwnTime(order, downloads, seed: seed) }
    start(order, isNext: isNext)
    return work(on: order, from: time, seed: seed)
  }

  /// When the job of `order`, which has been started, will end, if its work begins at `start` and speeds do
  /// not change.
  @inlinable @inline(__always)
  mutating func work(on order: WorkerOrder, from start: Double, seed: UInt64) -> Double {
    let worker = Int(order.worker)
    guard order.work == .gradient else { return end(of: order, from: start, seed: seed) }
    let (seconds, isClipped) = duration(
      of: face.fleet.workers[worker], worker, job: face.jobs[worker].number, allotted: order.quantity,
      start: start, seed: seed)
    if let table = face.readingSeconds { table[worker] = seconds }
    if isClipped {
      face.jobs[worker].state = .clipping
      return start + seconds
    }
    let end = start + seconds
    if end == .infinity { markEndless(worker) }
    return face.fleet.workers[worker].upload > 0 ? end + upload(of: face.fleet.workers[worker]) : end
  }

  /// When the job of `order`, which is not just a gradient, will end.
  @usableFromInline @inline(never)
  mutating func end(of order: WorkerOrder, from start: Double, seed: UInt64) -> Double {
    let worker = Int(order.worker)
    let job = face.jobs[worker].number
    var seconds = 0.0
    var number = job - order.gradients
    while number < job {
      number += 1
      seconds +=
        duration(
          of: face.fleet.workers[worker], worker, job: number, allotted: .infinity, start: start + seconds,
          seed: seed
        ).seconds
    }
    var end = start + seconds
    if order.work.isSent { end += upload(of: face.fleet.workers[worker]) }
    if end == .infinity { markEndless(worker) }
    return end
  }

  /// Seconds that a message takes.
  @inlinable @inline(__always)
  func upload(of worker: Worker) -> Double {
    face.messageLength == face.dimension
      ? worker.upload : worker.messageDuration(coordinates: face.messageLength)
  }

  /// τ + η of a job that starts at `start`, or τ + t where η > t.
  @inlinable @inline(__always)
  func duration(
    of worker: Worker, _ index: Int, job: Int, allotted: Double, start: Double, seed: UInt64
  ) -> (seconds: Double, isClipped: Bool) {
    let eta: Double
    if let constant = worker.law.constant {
      eta = constant
    } else {
      var stream = RandomStream(seed: seed, purpose: .delay, worker: index, job: job)
      eta = worker.law.sample(&stream, job: job, start: start, work: worker.tau)
    }
    return eta > allotted ? (worker.tau + allotted, true) : (worker.tau + eta, false)
  }
}

// MARK: - Changing speeds and downloads

extension DrivenServer {
  /// Starts the job that `order` asks for and returns when it will end; infinite if it asks for none.
  @usableFromInline
  mutating func startInItsOwnTime(
    _ order: WorkerOrder, _ downloads: Downloads, seed: UInt64
  ) -> Double {
    let worker = Int(order.worker)
    guard !order.isCancellation else {
      if !downloads.isEmpty { downloads.stop(worker, at: time) }
      return .infinity
    }
    guard !order.endsSteps else { return handIn(worker) }
    start(order)
    var begin = time
    if !downloads.isEmpty, order.work != .message, face.fleet.workers[worker].download > 0 {
      begin = downloads.beginning(
        worker, version: order.version, at: time, seconds: face.fleet.workers[worker].download)
      if begin == .infinity, order.work != .openEnded {
        markEndless(worker)
        return .infinity
      }
    }
    if order.work == .openEnded { return beginSteps(worker, at: begin, seed: seed) }
    let isNominal = face.fleet.speeds.isEmpty || face.fleet.speeds[worker].isNominal
    return isNominal
      ? work(on: order, from: begin, seed: seed) : workAtOwnSpeed(on: order, from: begin, seed: seed)
  }

  /// When the job of `order`, which has been started, will end, if its work begins at `start`.
  ///
  /// A trial is given up when its allotted time has passed after the seconds that τ takes at the worker's
  /// mean speed, wherever the work is then.
  private mutating func workAtOwnSpeed(
    on order: WorkerOrder, from start: Double, seed: UInt64
  ) -> Double {
    let worker = Int(order.worker)
    let job = face.jobs[worker].number
    var number = job - order.gradients
    var work = 0.0
    while number < job {
      number += 1
      work += self.work(worker, job: number, at: start + work, seed: seed)
    }
    let end = face.fleet.speeds[worker].endOfNextJob(
      work, from: start, worker: RandomStream(seed: seed, purpose: .delay, worker: worker, job: job))
    if let table = face.readingSeconds { table[worker] = end - start }
    if order.work == .gradient, order.allotted < .infinity {
      let limit = start + (face.fleet.workers[worker].tau + order.allotted)
      if end > limit {
        face.jobs[worker].state = .clipping
        return limit
      }
    }
    if end == .infinity { markEndless(worker) }
    return order.work.isSent ? end + upload(of: face.fleet.workers[worker]) : end
  }

  /// τ + η of a gradient, in seconds of work.
  func work(_ worker: Int, job: Int, at start: Double, seed: UInt64) -> Double {
    let (tau, delay) = (face.fleet.speeds[worker].tau, face.fleet.speeds[worker].delay)
    var stream = RandomStream(seed: seed, purpose: .delay, worker: worker, job: job)
    return tau + delay.sample(&stream, job: job, start: start, work: tau)
  }
}
