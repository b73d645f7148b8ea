// SPDX-License-Identifier: Apache-2.0

/// Which real workers are there, what each has been given, and by which ticket it may hand in.
///
/// A ticket is made of the server's life, of how many the worker has had, and of the worker, so that it is
/// looked up in O(1) and is never used twice: of 64 bits 16 are for lives, and 17 or more for jobs.
@usableFromInline
struct Desks: Sendable {
  @usableFromInline
  struct Desk: BitwiseCopyable, Sendable {
    /// The order of the job that runs.
    @usableFromInline var order: WorkerOrder
    /// How many tickets there have been here.
    @usableFromInline var serial: UInt64
    /// Whether the last one is open.
    @usableFromInline var isOpen: Bool
    /// Whether there is a worker.
    @usableFromInline var isTaken: Bool
  }

  @usableFromInline let table: Table<Desk>
  @usableFromInline let outgoing: Table<JobOrder>
  /// How many bits of a ticket hold the worker.
  @usableFromInline let workerBits: UInt64
  /// Orders that the last event gave.
  @usableFromInline var outgoingCount = 0
  /// Tickets that are open.
  @usableFromInline var open = 0
  @usableFromInline var late = 0
  @usableFromInline var failed = 0
  @usableFromInline var life: UInt64 = 0

  /// Of `setup`'s workers the first `present` are there.
  init(_ setup: inout Setup, present: Int) throws(SetupError) {
    table = try setup.table(of: Desk.self)
    outgoing = try setup.table(of: JobOrder.self)
    workerBits = UInt64(Int.bitWidth - (setup.workers - 1).leadingZeroBitCount)
    for worker in table.indices where worker < present { table[worker].isTaken = true }
  }

  @inlinable static var bits: UInt64 { 48 }

  @inlinable
  func ticket(of worker: Int) -> UInt64 {
    let number = table[worker].serial &<< workerBits | UInt64(worker)
    return life &<< Self.bits | number & (1 &<< Self.bits &- 1)
  }

  /// The worker whose open ticket this is; nil where it is none.
  @inlinable
  func worker(of ticket: UInt64) -> Int? {
    let worker = Int(ticket & (1 &<< workerBits &- 1))
    return worker < table.count && table[worker].isOpen && self.ticket(of: worker) == ticket ? worker : nil
  }

  @inlinable
  mutating func close(_ worker: Int) {
    guard table[worker].isOpen else { return }
    table[worker].isOpen = false
    open -= 1
  }

  @inlinable
  mutating func send(_ order: JobOrder) {
    outgoing[outgoingCount] = order
    outgoingCount += 1
  }
}

// MARK: - Jobs that come to nothing

extension DrivenServer {
  /// The running job of `worker` has come to nothing and begins anew at `time`, at the same point and with
  /// the next numbers: the method notices nothing. Of open-ended work the complete steps stay counted, and
  /// are made again.
  @usableFromInline
  mutating func beginAnew(_ worker: Int, _ order: WorkerOrder, at time: Double) {
    face.now = time
    face.tally.assigned &+= 1
    face.tally.cancelled &+= 1
    face.tally.extra &+= face.gradientsOfJob(worker) - 1
    account(worker, seconds: time - face.jobs[worker].start)
    face.jobs[worker].start = time
    let work = face.jobs[worker].work
    guard work == .openEnded || work == .sum else {
      face.jobs[worker].number &+= order.gradients
      return
    }
    let table = face.local[0].open
    table[worker].first = face.jobs[worker].number + 1
    face.jobs[worker].number += table[worker].complete + (work == .sum ? 0 : 1)
  }

  /// The order of the running job of `worker` for a worker that knows nothing of it.
  @usableFromInline
  func order(_ worker: Int, _ order: WorkerOrder, ticket: UInt64, isKnown: Bool) -> JobOrder {
    let job = face.jobs[worker]
    // Where the point is older than the horizon, no gradient at it is used: any point will do.
    let isThere = face.points.versions[Int(job.point)] == job.version
    var number = job.number
    if job.work == .sum, !isKnown {
      // The step that was cut is not made again.
      let open = face.local[0].open[worker]
      number = open.first + open.complete - 1
    }
    return JobOrder(
      worker: worker, ticket: ticket, task: task(worker, order, isKnown: isKnown), number: number,
      version: job.version, allotted: order.allotted, keepsPoint: isKnown && order.keepsPoint,
      point: isThere ? job.point : face.points.newest)
  }

  /// What the running job of `worker` consists of.
  @inlinable
  func task(_ worker: Int, _ order: WorkerOrder, isKnown: Bool) -> JobTask {
    switch face.jobs[worker].work {
    case .gradient, .pair, .localGradient, .localPair, .message: .gradient
    case .batch: .batch(order.gradients)
    case .localSteps, .keptSteps: .local(steps: order.gradients, stepsize: order.stepsize)
    case .openEnded: .openEnded(stepsize: order.stepsize, made: face.local[0].open[worker].complete)
    case .sum:
      isKnown
        ? .sum(steps: face.local[0].open[worker].complete)
        : .local(steps: face.local[0].open[worker].complete, stepsize: face.local[0].stepsize)
    }
  }
}
