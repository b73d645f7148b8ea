// SPDX-License-Identifier: Apache-2.0

/// The bookkeeping of a run as a method sees it, with everything that a method may do.
///
/// It knows the workers' jobs, the points in flight and the statistics, but neither vectors nor clock: what
/// a method orders goes into two lists, which a driver carries out (``DrivenServer``). Orders for workers
/// are carried out when the next event is asked for, orders for vectors before that.
///
/// A copy shares its tables with the original and must not be used. That copies are possible has a technical
/// reason: where they are not, Embedded Swift makes accessors for `DrivenServer` that allocate.
public struct Server: Sendable {
  /// n, the number of workers.
  public let workers: Int
  @usableFromInline let fleet: Fleet
  /// What has happened since it was last emptied; without room it records nothing.
  @usableFromInline var log: EventLog

  @usableFromInline var k = 0
  @usableFromInline var now = 0.0
  @usableFromInline var tally = Counts()

  @usableFromInline let jobs: Table<Job>
  @usableFromInline var points: Points
  @usableFromInline let orders: Table<WorkerOrder>
  @usableFromInline var orderCount = 0
  /// Where each worker's order is in `orders`, counted from 1; 0 without one.
  @usableFromInline let orderOf: Table<Int32>
  @usableFromInline let vectors: Table<VectorOrder>
  @usableFromInline var vectorCount = 0
  /// The first mistake that the method made; nil while there is none.
  @usableFromInline var noted: MethodFault?
  /// The worker whose job has just ended, until the orders that follow are carried out.
  @usableFromInline var arrived: Int?
  @usableFromInline var isUsed = false
  @usableFromInline var endless = 0
  @usableFromInline var outlook = Outlook.updates
  /// When the method is called although no job ends; infinite where it is not.
  @usableFromInline var wakeTime = Double.infinity
  /// Whether points are kept for gradients to be evaluated at; real workers keep their own, and so do nodes.
  @usableFromInline var keepsPoints = true
  /// What is on its way between nodes; nil for methods without channels.
  @usableFromInline var messages: Messages?
  /// Seconds that each worker's job computes, where workers read the model while it changes.
  @usableFromInline let readingSeconds: Table<Double>?
  /// d; 0 where it is not known.
  @usableFromInline let dimension: Int
  /// K, the coordinates of a message from a worker; without compression d.
  @usableFromInline let messageLength: Int
  /// Whether gradients come compressed.
  @usableFromInline let compresses: Bool
  /// Whether an update makes something else of the vector that it steps along than SGD does.
  @usableFromInline let hasStepRule: Bool
  /// Who waits where only some workers are at work at a time; empty where none does. In the arena like
  /// `schedule`.
  @usableFromInline let turns: Table<Turns>
  /// γ as it changes; empty where it does not. In the arena, so that the server stays small.
  @usableFromInline let schedule: Table<StepsizeSchedule>
  /// What jobs consist of where that is more than a gradient; else empty. In the arena like `schedule`.
  @usableFromInline let local: Table<LocalWork>
  /// Whether what workers send is a gradient, or handed in as if it were one.
  @usableFromInline var isPlain: Bool

  /// A server for `setup`'s fleet, after the method has prepared.
  init(_ setup: inout Setup, logging: Bool = false) throws(SetupError) {
    let jobs = try setup.table(of: Job.self)
    let points = try Points(
      workers: setup.workers, horizon: setup.horizon, held: setup.heldPoints, arena: &setup.arena)
    let orders = try setup.table(of: WorkerOrder.self)
    let orderOf = try setup.table(of: Int32.self)
    let vectors = try setup.arena.table(of: VectorOrder.self, count: setup.vectorOrderCapacity)
    // On a network a message can carry gradients of all nodes, and an update can reach all.
    let entries = (setup.channels > 0 ? 5 : 2) * setup.workers + 8
    let log = try EventLog(capacity: logging ? entries : 0, arena: &setup.arena)
    let messages =
      setup.channels > 0 ? try Messages(channels: setup.channels, arena: &setup.arena) : nil
    readingSeconds = setup.readsPiecewise ? try setup.table(of: Double.self) : nil
    workers = setup.workers
    fleet = setup.fleet
    dimension = setup.conditions.dimension
    messageLength = setup.messageLength ?? setup.conditions.dimension
    compresses = setup.modifiers.compression != nil
    hasStepRule = setup.hasStepRule
    turns = try setup.turns()
    let stepsize = setup.modifiers.stepsize
    schedule = try setup.arena.table(of: StepsizeSchedule.self, count: stepsize == nil ? 0 : 1)
    if let stepsize, !schedule.isEmpty { schedule[0] = stepsize }
    local = try setup.arena.table(of: LocalWork.self, count: setup.hasLocalSteps ? 1 : 0)
    if !local.isEmpty { local[0] = setup.local }
    isPlain = setup.modifiers.compression == nil && !setup.hasLocalSteps
    self.jobs = jobs
    self.points = points
    self.orders = orders
    self.orderOf = orderOf
    self.vectors = vectors
    self.log = log
    self.messages = messages
    keepsPoints = !setup.averages && !setup.readsPiecewise
  }
}

// MARK: - What a method may do

extension Server {
  /// k, the number of model updates so far.
  @inlinable public var iteration: Int { k }
  /// The time of the event at hand, in simulated seconds.
  @inlinable public var time: Double { now }
  /// The statistics so far.
  @inlinable public var counts: Counts { tally }

  /// Gives `worker` a job at the newest point: one stochastic gradient, or what the run has in its place. A
  /// job that it has is cancelled.
  @inlinable @inline(__always)
  public mutating func assign(_ worker: Int) { _ = startNext(worker) }

  /// As `assign`, and returns who has got the job: where only some workers are at work at a time, and
  /// `worker` is not, the one whose turn it is, or nil where `worker` waits for its own.
  @inlinable @inline(__always)
  public mutating func startNext(_ worker: Int) -> Int? {
    var worker = worker
    if !turns.isEmpty {
      guard let next = turn(of: worker) else { return nil }
      worker = next
    }
    points.retain(points.newest)
    order(worker, jobOrder(worker, point: points.newest, version: k))
    return worker
  }

  /// Gives `worker` a trial at the newest point: a gradient that is clipped when the random part η of its
  /// duration takes longer than `allotted`. A job that it has is cancelled.
  @inlinable
  public mutating func assign(_ worker: Int, allotted: Double) {
    points.retain(points.newest)
    order(worker, WorkerOrder(worker: worker, point: points.newest, version: k, allotted: allotted))
  }

  /// Gives `worker` other `work` at the newest point. A job that it has is cancelled.
  @inlinable
  public mutating func assign(_ worker: Int, work: Work) {
    points.retain(points.newest)
    order(
      worker,
      WorkerOrder(worker: worker, point: points.newest, version: k, allotted: .infinity, work: work))
  }

  /// Gives every worker a job at the newest point, cancelling the jobs that they have. O(n).
  @inlinable
  public mutating func assignAll() {
    for worker in 0..<workers { assign(worker) }
  }

  /// Stops the job of `worker`, which then waits.
  @inlinable
  public mutating func cancel(_ worker: Int) {
    order(worker, WorkerOrder(worker: worker, point: 0, version: k, allotted: 0, kind: .stop))
  }

  /// Stops every running job. O(n).
  @inlinable
  public mutating func cancelAll() {
    for worker in 0..<workers where jobs[worker].state != .idle { cancel(worker) }
  }

  /// Whether `worker` has a job that runs, orders of this event apart.
  @inlinable @inline(__always)
  public func isRunning(_ worker: Int) -> Bool { jobs[worker].state != .idle }

  /// Whether `worker` has a job that will never end. A simulation knows; a method that waits for such a
  /// worker while others work says so (`expectOnly`), or a run for updates would never end.
  @inlinable
  public func isEndless(_ worker: Int) -> Bool { jobs[worker].state == .endless }

  /// k − s for the job that `worker` was last given, even if the order is still pending.
  @inlinable @inline(__always)
  public func delay(of worker: Int) -> Int {
    let position = Int(orderOf[worker])
    return k - (position == 0 ? jobs[worker].version : orders[position - 1].version)
  }

  /// Adds `weight` times the gradient that has just arrived, or the sum of gradients of a job with more than
  /// one, to `slot`, and counts it as used. Does nothing where the job was clipped: there is no gradient.
  @inlinable
  public mutating func accumulate(_ arrival: Arrival, into slot: Slot, weight: Double = 1) {
    guard use(arrival) else { return }
    guard isPlain else { return accumulateOther(arrival.worker, into: slot, weight: weight) }
    let job = jobs[arrival.worker]
    let worker = Int32(truncatingIfNeeded: arrival.worker)
    give(.accumulate(slot: slot, weight: weight, point: job.point, worker: worker, job: job.number))
  }

  /// Counts the gradient that has just arrived as used. False where the job was clipped, so that there is
  /// none; false, and a fault of the method, where its point is older than the method's horizon.
  @inlinable
  @discardableResult
  public mutating func use(_ arrival: Arrival) -> Bool {
    guard !arrival.isClipped else { return false }
    let job = jobs[arrival.worker]
    guard !keepsPoints || points.versions[Int(job.point)] == job.version else {
      note(.pointIsGone)
      return false
    }
    guard !isUsed else { return true }
    isUsed = true
    tally.used &+= 1
    tally.delaySum &+= arrival.delay
    if arrival.delay > tally.delayMax { tally.delayMax = arrival.delay }
    return true
  }

  /// Updates the model by a step along the mean of what is in `slot`, a sum over `count`: x^{k+1} = x^k −
  /// (stepsize/count) · slot; k grows by one and the slot is empty again.
  ///
  /// With a rule of the step, x^{k+1} is what the rule makes of (factor/count) · slot and of `stepsize`, the
  /// length of the step; without one, x^k − (stepsize · factor/count) · slot.
  @inlinable
  public mutating func step(
    along slot: Slot, by stepsize: Double, over count: Double = 1, times factor: Double = 1
  ) {
    let (source, target) = advance()
    give(
      hasStepRule
        ? .stepByRule(
          slot: slot, length: stepsize, factor: factor, count: count, keeps: false, source: source,
          target: target)
        : .step(slot: slot, stepsize: stepsize * factor / count, source: source, target: target))
  }

  /// Updates the model by a step of γ along the mean of what is in `slot`, a sum over `count`, as
  /// `step(along:by:over:times:)`. γ is `gamma`, or what the run's schedule has for this update.
  @inlinable
  public mutating func step(along slot: Slot, by gamma: Parameter<Double>, over count: Double = 1) {
    step(along: slot, by: stepsize(gamma), over: count)
  }

  /// γ of the update that comes next: `gamma`, or what the run's schedule has for it.
  @inlinable @inline(__always)
  mutating func stepsize(_ gamma: Parameter<Double>) -> Double {
    schedule.isEmpty ? gamma.value : scheduledStepsize()
  }

  /// What the schedule has for the update that comes next; a negative number, or none, is a fault.
  ///
  /// Not inlined, so that methods whose stepsize is constant do not have it on their way.
  @usableFromInline @inline(never)
  mutating func scheduledStepsize() -> Double {
    let delay = arrived.map { k - jobs[$0].version } ?? 0
    let value = schedule[0].value(updates: k, delay: delay, time: now)
    guard value >= 0, value < .infinity else {
      note(.badStepsize)
      return 0
    }
    return value
  }

  /// Makes room for x^{k+1} and counts the update. Returns the places of x^k and x^{k+1}, which may be the
  /// same.
  @inlinable
  mutating func advance() -> (source: Int32, target: Int32) {
    let source = points.newest
    k += 1
    let target = points.advance(to: k)
    if log.isRecording { record(.update, worker: arrived ?? messages?.home ?? -1, delay: .nan) }
    return (source, target)
  }
}

// MARK: - What the driver reads

extension Server {
  /// The place of x^k among the points.
  @inlinable var newestPoint: Int32 { points.newest }

  @inlinable @inline(__always)
  mutating func order(_ worker: Int, _ order: WorkerOrder) {
    let position = orderOf[worker]
    guard position == 0 else { return replace(Int(position) - 1, by: order) }
    orders[orderCount] = order
    orderCount &+= 1
    orderOf[worker] = Int32(truncatingIfNeeded: orderCount)
  }

  @usableFromInline @inline(never)
  mutating func replace(_ position: Int, by order: WorkerOrder) {
    let old = orders[position]
    if old.holdsPoint { points.release(old.point, version: old.version) }
    orders[position] = order
  }

  @usableFromInline
  mutating func note(_ fault: MethodFault) { if noted == nil { noted = fault } }

  @inlinable @inline(__always)
  mutating func give(_ order: VectorOrder) {
    guard vectorCount < vectors.count else { return note(.tooManyOrders) }
    vectors[vectorCount] = order
    vectorCount += 1
  }

  @usableFromInline
  mutating func record(_ kind: LogEntry.Kind, worker: Int, delay: Double) {
    let job = worker >= 0 ? jobs[worker] : Job(start: 0, version: 0, number: 0, point: 0, state: .idle)
    log.append(
      LogEntry(
        time: now, kind: kind, worker: worker, job: job.number, version: job.version, delay: delay,
        iteration: k))
  }
}
