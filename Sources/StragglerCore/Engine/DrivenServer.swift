// SPDX-License-Identifier: Apache-2.0

/// The bookkeeping of a run as its driver sees it: the pending orders, and the ends of jobs, which the driver
/// reports.
///
/// A method is shown the ``Server`` inside, which has none of this, and a driver gives no orders.
public struct DrivenServer: ~Copyable, Sendable {
  /// What the method sees.
  @usableFromInline var face: Server

  /// A server for `setup`'s fleet, after the method has prepared.
  init(_ setup: inout Setup, logging: Bool = false) throws(SetupError) {
    face = try Server(&setup, logging: logging)
    if !setup.arena.isMeasuring { reset() }
  }

  /// Back to iteration 0 and time 0.
  mutating func reset() {
    face.k = 0
    face.now = 0
    face.tally = Counts()
    face.log.removeAll()
    for worker in face.jobs.indices {
      face.jobs[worker] = Job(start: 0, version: 0, number: 0, point: 0, state: .idle)
    }
    face.points.reset()
    face.orderCount = 0
    face.orderOf.fill(0)
    face.vectorCount = 0
    face.noted = nil
    face.arrived = nil
    face.isUsed = false
    face.endless = 0
    face.outlook = .updates
    face.wakeTime = .infinity
    if !face.turns.isEmpty { face.turns[0].reset() }
    face.messages?.removeAll()
  }
}

// MARK: - What has happened

extension DrivenServer {
  /// n, the number of workers.
  @inlinable public var workers: Int { face.workers }
  /// k, the number of model updates so far.
  @inlinable public var iteration: Int { face.k }
  /// The time of the event at hand, in simulated seconds.
  @inlinable public var time: Double { face.now }
  /// The statistics so far.
  @inlinable public var counts: Counts { face.tally }
  /// What has happened since it was last emptied; without room it records nothing.
  @inlinable public var log: EventLog { face.log }

  /// Forgets what the log has recorded; to be called after every event.
  public mutating func emptyLog() { face.log.removeAll() }

  /// Seconds and energy that the jobs that run have cost so far. O(n).
  public var runningTotals: (seconds: Double, energy: Double) { runningTotals(at: time) }

  /// Seconds and energy that the jobs that run will have cost at `time`, if no event comes before it. O(n).
  public func runningTotals(at time: Double) -> (seconds: Double, energy: Double) {
    var totals = (seconds: 0.0, energy: 0.0)
    for worker in face.jobs.indices where face.jobs[worker].state != .idle {
      totals.seconds += time - face.jobs[worker].start
      totals.energy += face.fleet[worker].power * (time - face.jobs[worker].start)
    }
    return totals
  }

  /// Σ power over the workers: what all of them spend in a second. O(n).
  public var power: Double {
    var sum = 0.0
    for worker in face.jobs.indices { sum += face.fleet[worker].power }
    return sum
  }

  /// The first mistake that the method made, which ends the run; nil if there is none.
  @inlinable public var fault: MethodFault? { face.noted }

  /// What can still come of the run, as far as its method knows.
  @inlinable public var outlook: Outlook { face.outlook }
}

// MARK: - Orders

extension DrivenServer {
  /// Orders for vectors, in the order in which to carry them out.
  @inlinable public var vectorOrderCount: Int { face.vectorCount }
  /// Order number `index` for vectors, from 0 to `vectorOrderCount` − 1.
  @inlinable public func vectorOrder(_ index: Int) -> VectorOrder { face.vectors[index] }

  /// Forgets the orders for vectors, which have been carried out.
  @inlinable public mutating func vectorOrdersAreDone() { face.vectorCount = 0 }

  /// How many places for points the model's memory needs.
  public var pointCapacity: Int { face.points.capacity }
}

// MARK: - Jobs

extension DrivenServer {
  /// Ends the job of `worker` at `time` and makes the arrival that the method is shown.
  @inlinable @inline(__always)
  mutating func arrive(_ worker: Int, at time: Double) -> Arrival {
    face.now = time
    face.arrived = worker
    face.isUsed = false
    let job = face.jobs[worker]
    let isClipped = job.state == .clipping
    face.jobs[worker].state = .idle
    face.tally.end(job.work)
    if isClipped {
      face.tally.clipped &+= 1
      face.tally.cancelled &+= 1
    } else if job.work == .gradient {
      face.tally.arrivals &+= 1
      face.tally.messages &+= 1
      face.tally.coordinates &+= face.messageLength
    } else {
      arrive(job.work, of: worker)
    }
    account(worker, seconds: time - job.start)
    let arrival = Arrival(
      worker: worker, delay: face.k - job.version, isClipped: isClipped, duration: time - job.start)
    if face.log.isRecording {
      face.record(isClipped ? .clip : .arrive, worker: worker, delay: Double(arrival.delay))
    }
    return arrival
  }

  /// Counts the end of a job that is not just a gradient.
  @usableFromInline
  mutating func arrive(_ work: Work, of worker: Int) {
    if work != .message {
      face.tally.arrivals &+= 1
      face.tally.extra &+= face.gradientsOfJob(worker) - 1
    }
    if work.isSent {
      face.tally.messages &+= 1
      face.tally.coordinates &+= face.messageLength
    }
  }

  /// The work left to do once the method has handled the arrival of `worker`.
  @inlinable @inline(__always)
  mutating func conclude(_ arrival: Arrival) {
    let isUseful = face.isUsed || face.jobs[arrival.worker].work == .message
    if isUseful { face.tally.useful += arrival.duration }
    // On a network, whether a gradient is used is known later, and the method reports it.
    if face.log.isRecording, !arrival.isClipped, face.isUsed || face.messages == nil {
      face.record(isUseful ? .use : .discard, worker: arrival.worker, delay: Double(arrival.delay))
    }
  }

  /// Gives back the point of the job of `worker` that has ended or is being cancelled.
  @inlinable @inline(__always)
  mutating func release(_ worker: Int) {
    let job = face.jobs[worker]
    face.points.release(job.point, version: job.version)
  }

  /// Stops the running job of `worker`.
  @inlinable
  mutating func stop(_ worker: Int) {
    if face.log.isRecording {
      face.record(.cancel, worker: worker, delay: Double(face.k - face.jobs[worker].version))
    }
    if face.jobs[worker].state == .endless { face.endless -= 1 }
    face.jobs[worker].state = .idle
    let work = face.jobs[worker].work
    if work != .message {
      if work == .openEnded { face.takeBackStep(worker) }
      face.tally.cancelled &+= 1
      face.tally.extra &+= face.gradientsOfJob(worker) - 1
    }
    face.tally.end(work)
    account(worker, seconds: face.now - face.jobs[worker].start)
    release(worker)
  }

  /// Notes that the running job of `worker` will never end.
  @usableFromInline
  mutating func markEndless(_ worker: Int) {
    face.jobs[worker].state = .endless
    face.endless += 1
  }

  /// Makes `order` the job of its idle worker; at once after the last one where `isNext`.
  @inlinable @inline(__always)
  mutating func start(_ order: WorkerOrder, isNext: Bool = false) {
    let worker = Int(order.worker)
    let jobs = face.jobs
    jobs[worker] = Job(
      start: face.now, version: order.version, number: jobs[worker].number &+ order.gradients,
      point: order.point,
      state: .running, work: order.work)
    face.tally.begin(order.work, isNext: isNext)
    if face.log.isRecording { face.record(.assign, worker: worker, delay: .nan) }
  }

  @inlinable @inline(__always)
  mutating func account(_ worker: Int, seconds: Double) {
    face.tally.busy += seconds
    face.tally.energy += face.fleet[worker].power * seconds
  }

  /// Turns the pending orders into the workers' jobs and returns how many there were; they stay readable.
  @inlinable
  mutating func carryOut() -> Int {
    if let arrived = face.arrived { release(arrived) }
    face.arrived = nil
    let count = face.orderCount
    for index in 0..<count {
      let order = face.orders[index]
      face.orderOf[Int(order.worker)] = 0
      if order.endsSteps {
        _ = handIn(Int(order.worker))
        continue
      }
      if face.jobs[Int(order.worker)].state != .idle { stop(Int(order.worker)) }
      guard !order.isCancellation else { continue }
      start(order)
      if order.work == .openEnded { openWork(Int(order.worker)) }
    }
    face.orderCount = 0
    return count
  }

  /// Marks the running job of `worker` as given up.
  @inlinable
  mutating func clip(_ worker: Int) { face.jobs[worker].state = .clipping }

  /// Sorts the pending orders for workers by worker. O(n).
  @usableFromInline
  mutating func sortOrders() {
    var index = 0
    for worker in 0..<face.workers where face.orderOf[worker] != 0 {
      let position = Int(face.orderOf[worker]) - 1
      let (here, there) = (face.orders[index], face.orders[position])
      face.orders[index] = there
      face.orders[position] = here
      face.orderOf[Int(here.worker)] = Int32(truncatingIfNeeded: position + 1)
      face.orderOf[worker] = Int32(truncatingIfNeeded: index + 1)
      index += 1
    }
  }
}
