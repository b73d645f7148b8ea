/// The bookkeeping of a run, and everything that a method may do.
///
/// It knows the workers' jobs, the points in flight and the statistics, but neither vectors nor clock: what a
/// method wants done goes into two lists of orders, which a driver carries out. Orders for workers are
/// carried out when the next event is asked for, orders for vectors before that.
public struct Server: ~Copyable, Sendable {
  /// n, the number of workers.
  public let workers: Int
  /// What has happened since it was last emptied; without room it records nothing.
  public internal(set) var log: EventLog

  @usableFromInline var k = 0
  @usableFromInline var now = 0.0
  @usableFromInline var tally = Counts()

  @usableFromInline let power: Table<Worker>
  @usableFromInline let jobs: Table<Job>
  @usableFromInline var points: Points
  @usableFromInline let orders: Table<WorkerOrder>
  @usableFromInline var orderCount = 0
  /// Where each worker's order stands in `orders`, counted from 1; 0 without one.
  @usableFromInline let orderOf: Table<Int32>
  @usableFromInline let vectors: Table<VectorOrder>
  @usableFromInline var vectorCount = 0
  /// The first mistake that the method made; nil while there is none.
  @usableFromInline var noted: MethodFault?
  /// The worker whose job has just ended; −1 before the first event.
  @usableFromInline var arrived = -1
  @usableFromInline var isUsed = false
  @usableFromInline var endless = 0
  /// Whether points are kept for gradients to be evaluated at; real workers keep their own, and so do nodes.
  @usableFromInline var keepsPoints = true
  /// What is on its way between nodes.
  @usableFromInline var messages: Messages
  /// Seconds that each worker's job computes, where workers read the model while it changes; else empty.
  @usableFromInline let durations: Table<Double>
  /// The node at which the model is updated, for the log; −1 where that is whoever has delivered.
  @usableFromInline var home = -1
  /// d; 0 where it is not known.
  @usableFromInline let dimension: Int
  /// K, the coordinates of a message from a worker; without compression d.
  @usableFromInline let messageLength: Int

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
    let messages = try Messages(channels: setup.channels, arena: &setup.arena)
    durations = try setup.arena.table(of: Double.self, count: setup.readsPiecewise ? setup.workers : 0)
    workers = setup.workers
    dimension = setup.conditions.dimension
    messageLength = setup.messageLength ?? setup.conditions.dimension
    power = setup.fleet.workers
    self.jobs = jobs
    self.points = points
    self.orders = orders
    self.orderOf = orderOf
    self.vectors = vectors
    self.log = log
    self.messages = messages
    keepsPoints = !setup.averages && !setup.readsPiecewise
    if !setup.arena.isMeasuring { reset() }
  }

  /// Back to iteration 0 and time 0.
  mutating func reset() {
    k = 0
    now = 0
    tally = Counts()
    log.removeAll()
    for worker in jobs.indices { jobs[worker] = Job(start: 0, version: 0, number: 0, point: 0, state: .idle) }
    points.reset()
    orderCount = 0
    orderOf.fill(0)
    vectorCount = 0
    noted = nil
    arrived = -1
    isUsed = false
    endless = 0
    messages.removeAll()
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

  /// Gives `worker` a job at the newest point: one stochastic gradient, or other `work`. A job that it has is
  /// cancelled.
  ///
  /// With `allotted`, the job is a trial: it is clipped when its random part η takes longer than that.
  @inlinable
  public mutating func assign(_ worker: Int, allotted: Double = .infinity, work: Work = .gradient) {
    points.retain(points.newest)
    order(
      worker,
      WorkerOrder(worker: worker, point: points.newest, version: k, allotted: allotted, work: work))
  }

  /// Gives every worker a job at the newest point, cancelling the jobs that they have. O(n).
  @inlinable
  public mutating func assignAll() {
    for worker in 0..<workers { assign(worker) }
  }

  /// Stops the job of `worker`, which then waits.
  @inlinable
  public mutating func cancel(_ worker: Int) {
    order(worker, WorkerOrder(worker: worker, point: -1, version: k, allotted: 0))
  }

  /// Stops every running job. O(n).
  @inlinable
  public mutating func cancelAll() {
    for worker in 0..<workers where jobs[worker].state != .idle { cancel(worker) }
  }

  /// Whether `worker` has a job that runs, orders of this event apart.
  @inlinable
  public func isRunning(_ worker: Int) -> Bool { jobs[worker].state != .idle }

  /// How many jobs run that will never end.
  @inlinable public var endlessJobs: Int { endless }

  /// Whether `worker` has a job that will never end. A simulation knows; a method that waits for every worker
  /// looks, so that it does not keep the others at work for ever.
  @inlinable
  public func isEndless(_ worker: Int) -> Bool { jobs[worker].state == .endless }

  /// k − s for the job that `worker` was last given, also where the order still stands.
  @inlinable
  public func delay(of worker: Int) -> Int {
    let position = Int(orderOf[worker])
    return k - (position == 0 ? jobs[worker].version : orders[position - 1].version)
  }

  /// Adds `weight` times the gradient that has just arrived to `slot`, and counts it as used.
  @inlinable
  public mutating func accumulate(_ arrival: Arrival, into slot: Slot, weight: Double = 1) {
    guard use(arrival) else { return }
    let job = jobs[arrival.worker]
    give(
      .accumulate(
        slot: slot, weight: weight, point: job.point, worker: Int32(truncatingIfNeeded: arrival.worker),
        job: job.number))
  }

  /// Counts the gradient that has just arrived as used. False, and a fault of the method, where its point
  /// is older than the method's horizon.
  @inlinable
  @discardableResult
  public mutating func use(_ arrival: Arrival) -> Bool {
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

  /// Updates the model: x^{k+1} = x^k − stepsize · slot; k grows by one and the slot is empty again.
  @inlinable
  public mutating func step(along slot: Slot, by stepsize: Double) {
    let (source, target) = advance()
    give(.step(slot: slot, stepsize: stepsize, source: source, target: target))
  }

  /// Makes room for x^{k+1} and counts the update. Returns the places of x^k and x^{k+1}, which may be the
  /// same.
  @inlinable
  mutating func advance() -> (source: Int32, target: Int32) {
    let source = points.newest
    k += 1
    let target = points.advance(to: k)
    if log.isRecording { record(.update, worker: arrived < 0 ? home : arrived, delay: .nan) }
    return (source, target)
  }
}

// MARK: - What a driver does

extension Server {
  /// Orders for vectors, in the order in which to carry them out.
  @inlinable public var vectorOrderCount: Int { vectorCount }
  /// Order number `index` for vectors, from 0 to `vectorOrderCount` − 1.
  @inlinable public func vectorOrder(_ index: Int) -> VectorOrder { vectors[index] }

  /// Forgets the orders for vectors, which have been carried out.
  @inlinable public mutating func vectorOrdersAreDone() { vectorCount = 0 }

  /// Orders for workers that stand.
  @inlinable public var workerOrderCount: Int { orderCount }
  /// Order number `index` for workers, from 0 to `workerOrderCount` − 1; at most one a worker.
  @inlinable public func workerOrder(_ index: Int) -> WorkerOrder { orders[index] }

  /// The place of x^k among the points.
  @inlinable public var newestPoint: Int32 { points.newest }
  /// How many places for points the model's memory needs.
  public var pointCapacity: Int { points.capacity }

  /// Forgets what the log has recorded; whoever drives the server calls it after every event.
  public mutating func emptyLog() { log.removeAll() }

  /// Seconds and energy that the jobs that run have cost so far. O(n).
  public var runningTotals: (seconds: Double, energy: Double) {
    var totals = (seconds: 0.0, energy: 0.0)
    for worker in jobs.indices where jobs[worker].state != .idle {
      totals.seconds += now - jobs[worker].start
      totals.energy += power[worker].power * (now - jobs[worker].start)
    }
    return totals
  }

  @inlinable
  mutating func order(_ worker: Int, _ order: WorkerOrder) {
    let position = orderOf[worker]
    if position == 0 {
      orders[orderCount] = order
      orderCount += 1
      orderOf[worker] = Int32(truncatingIfNeeded: orderCount)
    } else {
      let old = orders[Int(position) - 1]
      if !old.isCancellation { points.release(old.point, version: old.version) }
      orders[Int(position) - 1] = order
    }
  }

  /// The first mistake that the method made, which ends the run; nil while there is none.
  @inlinable public var fault: MethodFault? { noted }

  @usableFromInline
  mutating func note(_ fault: MethodFault) { if noted == nil { noted = fault } }

  @inlinable
  mutating func give(_ order: VectorOrder) {
    guard vectorCount < vectors.count else { return note(.tooManyOrders) }
    vectors[vectorCount] = order
    vectorCount += 1
  }

  /// Ends the job of `worker` at `time` and makes the arrival that the method is shown.
  @inlinable
  mutating func arrive(_ worker: Int, at time: Double) -> Arrival {
    now = time
    arrived = worker
    isUsed = false
    let job = jobs[worker]
    let isClipped = job.state == .clipping
    jobs[worker].state = .idle
    tally.end(job.work)
    if isClipped {
      tally.clipped &+= 1
      tally.cancelled &+= 1
    } else if job.work == .gradient {
      tally.arrivals &+= 1
      tally.messages &+= 1
      tally.coordinates &+= messageLength
    } else {
      arrive(job.work)
    }
    account(worker, seconds: time - job.start)
    let arrival = Arrival(
      worker: worker, delay: k - job.version, isClipped: isClipped, duration: time - job.start)
    if log.isRecording { record(isClipped ? .clip : .arrive, worker: worker, delay: Double(arrival.delay)) }
    return arrival
  }

  /// Counts the end of a job that is not just a gradient.
  @usableFromInline
  mutating func arrive(_ work: Work) {
    if work != .message {
      tally.arrivals &+= 1
      tally.extra &+= work.gradients - 1
    }
    if work.isSent {
      tally.messages &+= 1
      tally.coordinates &+= messageLength
    }
  }

  /// What is to be done when the method has seen the arrival of `worker`.
  @inlinable
  mutating func conclude(_ arrival: Arrival) {
    let job = jobs[arrival.worker]
    let isUseful = isUsed || job.work == .message
    if isUseful { tally.useful += now - job.start }
    // On a network the fate of a gradient shows later, and the method tells it.
    if log.isRecording, !arrival.isClipped, isUsed || messages.isEmpty {
      record(isUseful ? .use : .discard, worker: arrival.worker, delay: Double(arrival.delay))
    }
  }

  /// Gives back the point of the job of `worker` that has ended or is being cancelled.
  @inlinable
  mutating func release(_ worker: Int) {
    let job = jobs[worker]
    points.release(job.point, version: job.version)
  }

  /// Stops the running job of `worker`.
  @inlinable
  mutating func stop(_ worker: Int) {
    if log.isRecording { record(.cancel, worker: worker, delay: Double(k - jobs[worker].version)) }
    if jobs[worker].state == .endless { endless -= 1 }
    jobs[worker].state = .idle
    let work = jobs[worker].work
    if work != .message {
      tally.cancelled &+= 1
      tally.extra &+= work.gradients - 1
    }
    tally.end(work)
    account(worker, seconds: now - jobs[worker].start)
    release(worker)
  }

  /// Notes that the running job of `worker` will never end.
  @usableFromInline
  mutating func markEndless(_ worker: Int) {
    jobs[worker].state = .endless
    endless += 1
  }

  /// Makes `order` the job of its idle worker, and returns the job's number.
  @inlinable
  mutating func start(_ order: WorkerOrder) {
    let worker = Int(order.worker)
    jobs[worker] = Job(
      start: now, version: order.version, number: jobs[worker].number &+ order.work.gradients,
      point: order.point,
      state: .running, work: order.work)
    tally.begin(order.work)
    if log.isRecording { record(.assign, worker: worker, delay: .nan) }
  }

  @inlinable
  mutating func account(_ worker: Int, seconds: Double) {
    tally.busy += seconds
    tally.energy += power[worker].power * seconds
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
