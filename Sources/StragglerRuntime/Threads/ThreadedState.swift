// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// What the threads of a run share under its lock.
@usableFromInline
struct ThreadedState<M: Method, Scalar: StragglerCore.Scalar>: ~Copyable {
  @usableFromInline var server: ParameterServer<M, Scalar>
  /// Seconds of the last event. Events never happen at the same time.
  @usableFromInline var time = 0.0
  @usableFromInline var reason: StopReason?
  @usableFromInline var failure: WorkerFailure?
  /// When the run stops.
  @usableFromInline var stop = Stop()
  @usableFromInline var spending: Spending?
  /// Jobs that have ended.
  @usableFromInline var events = 0

  @usableFromInline var places: [Place]
  @usableFromInline let desks: [Desk]
  @usableFromInline let records: Bool
  @usableFromInline var jobs: [JobRecord] = []
  @usableFromInline var condition: (@Sendable (borrowing ParameterServer<M, Scalar>) -> Bool)?
  @usableFromInline var watch: Stopwatch?
  @usableFromInline let holder: LockHolder<ThreadedState<M, Scalar>>

  /// What is known of a worker.
  @usableFromInline
  struct Place {
    /// Whether it has a job.
    @usableFromInline var isOpen = false
    /// Whether its thread has not seen the job yet.
    @usableFromInline var isNew = false
    /// Whether the thread waits for a job.
    @usableFromInline var isWaiting = false
    @usableFromInline var ticket: UInt64 = 0
    @usableFromInline var number = 0
    @usableFromInline var version = 0
    @usableFromInline var allotted = Double.infinity
    @usableFromInline var count = 1
    @usableFromInline var stepsize = Double.nan
    @usableFromInline var start = 0.0
    /// The point of a job that its thread has not seen yet.
    @usableFromInline var point: [Scalar]
    @usableFromInline var hasPoint = false

    @inlinable init(point: [Scalar]) { self.point = point }
  }

  @inlinable
  init(
    _ server: consuming ParameterServer<M, Scalar>, desks: [Desk], records: Bool,
    holder: LockHolder<ThreadedState<M, Scalar>>
  ) {
    self.holder = holder
    let dimension = server.dimension
    self.server = server
    self.desks = desks
    self.records = records
    places = desks.map { _ in Place(point: [Scalar](repeating: 0, count: dimension)) }
    passOn()
  }
}

// MARK: - The run

extension ThreadedState {
  @inlinable
  mutating func begin(
    until stop: Stop, _ watch: Stopwatch,
    _ condition: (@Sendable (borrowing ParameterServer<M, Scalar>) -> Bool)?
  ) {
    (reason, failure) = (nil, nil)
    self.stop = stop
    spending = Spending(stop.budget)
    self.condition = condition
    self.watch = watch
    checkEnd()
  }

  /// The run is over: all threads leave.
  @inlinable
  mutating func end(because reason: StopReason) {
    guard !isOver else { return }
    self.reason = reason
    dismissAll()
  }

  @inlinable
  mutating func fail(_ failure: WorkerFailure) {
    guard !isOver else { return }
    self.failure = failure
    dismissAll()
  }

  /// The run is over if the clock says so, it is to stop, or with `polls` the condition holds; else the
  /// seconds that it has left.
  @inlinable
  mutating func left(by now: Double, isToStop: Bool, polls: Bool) -> Double? {
    guard !isOver else { return nil }
    if isToStop {
      end(because: .interrupted)
      return nil
    }
    if polls, meetsCondition {
      end(because: .condition)
      return nil
    }
    guard now >= endTime else { return endTime - now }
    time = max(time, now)
    end(because: .time)
    return nil
  }

  @inlinable var isOver: Bool { reason != nil || failure != nil }

  /// Why the run is over.
  @inlinable
  func result() throws(WorkerFailure) -> StopReason {
    if let failure { throw failure }
    return reason ?? .starved
  }

  /// Jobs that have ended, then those that run, in the order of the workers.
  @inlinable var log: JobLog {
    var log = JobLog(workers: places.count, jobs: jobs)
    for worker in places.indices where records && places[worker].isOpen {
      log.jobs.append(record(worker, .running))
    }
    return log
  }

  @inlinable
  mutating func dismissAll() {
    for worker in places.indices {
      desks[worker].withdraw()
      wake(worker)
    }
  }

  /// When the run stops by the clock.
  @inlinable var endTime: Double {
    guard let time = stop.time, !time.isNaN else { return .infinity }
    return time
  }

  /// Whether the condition, a program's code, holds.
  @inlinable var meetsCondition: Bool {
    guard let condition else { return false }
    holder.enter(self)
    defer { holder.leave() }
    return condition(server)
  }

  @inlinable
  mutating func checkEnd() {
    if server.iteration >= stop.updates ?? .max { return end(because: .updates) }
    if server.counts.arrivals >= stop.arrivals ?? .max { return end(because: .arrivals) }
    if let reason = server.isSpent(&spending) { return end(because: reason) }
    if !server.isFinite { return end(because: .diverged) }
    if server.counts.running == 0 { return end(because: .starved) }
    if meetsCondition { return end(because: .condition) }
    if events >= stop.events ?? .max { return end(because: .interrupted) }
    if time >= endTime { end(because: .time) }
  }
}

// MARK: - A worker's thread

extension ThreadedState {
  /// What a worker's thread does next.
  @usableFromInline
  enum Next: Sendable {
    case job(WorkerJob)
    /// It waits for a job.
    case wait
    case leave
  }

  /// The job of `worker`, whose point is put into `point`; returns what the thread does not need.
  @inlinable
  mutating func next(_ worker: Int, point: inout [Scalar]) -> Next {
    guard !isOver, let watch else { return .leave }
    guard places[worker].isNew else {
      places[worker].isWaiting = true
      return .wait
    }
    places[worker].isNew = false
    if places[worker].hasPoint {
      swap(&point, &places[worker].point)
      places[worker].hasPoint = false
    }
    return .job(
      WorkerJob(
        worker: worker, number: places[worker].number, version: places[worker].version,
        start: places[worker].start, allotted: places[worker].allotted,
        count: places[worker].count, stepsize: places[worker].stepsize, desk: desks[worker], watch: watch))
  }

  /// The thread of `worker` leaves; a job that it has begun begins anew in the next run.
  @inlinable
  mutating func leave(_ worker: Int, point: inout [Scalar]) {
    guard !places[worker].hasPoint else { return }
    // It holds the point that it was given last.
    swap(&point, &places[worker].point)
    places[worker].hasPoint = true
    places[worker].isNew = places[worker].isOpen
  }

  /// Notes that the thread waits during `job`; false where there is nothing to wait for any more.
  @inlinable
  mutating func wait(during job: WorkerJob) -> Bool {
    guard !job.isWithdrawn else { return false }
    places[job.worker].isWaiting = true
    return true
  }

  /// Notes that the thread does not wait any more; false where its bell has been rung in the meantime.
  @inlinable
  mutating func stopWaiting(_ worker: Int) -> Bool {
    defer { places[worker].isWaiting = false }
    return places[worker].isWaiting
  }

  /// `job` has ended, with a gradient or because its time was over. Does nothing if the job has been
  /// cancelled or the run has ended.
  @inlinable
  mutating func finish(_ job: WorkerJob, gradient: Span<Scalar>, isExpired: Bool) throws {
    guard !isOver, !job.isWithdrawn else { return }
    tick()
    events += 1
    close(job.worker, isExpired ? .expired : .delivered)
    if isExpired {
      try server.expire(ticket: places[job.worker].ticket, at: time)
    } else {
      try server.receive(gradient, ticket: places[job.worker].ticket, at: time)
    }
    passOn()
    checkEnd()
  }
}

// MARK: - Events

extension ThreadedState {
  /// Goes on from a checkpoint of the server; no run may be going on.
  @inlinable
  mutating func restore(_ bytes: Span<UInt8>, life: UInt16?) throws(ServerCheckpointError) {
    try server.restore(bytes, life: life)
    time = max(time, server.time)
    for worker in places.indices {
      if places[worker].isOpen { close(worker, .cancelled) }
      (places[worker].isNew, places[worker].hasPoint) = (false, false)
    }
    passOn()
  }

  @inlinable
  mutating func tick() {
    time = max(watch?.now() ?? 0, time + Stopwatch.tick)
  }

  /// Passes the server's orders on to the workers.
  @inlinable
  mutating func passOn() {
    for index in 0..<server.orderCount {
      let order = server.order(index)
      let worker = order.worker
      if places[worker].isOpen { close(worker, .cancelled) }
      desks[worker].withdraw()
      places[worker].isNew = !order.isCancellation
      if order.isCancellation {
        wake(worker)
        continue
      }
      places[worker].isOpen = true
      (places[worker].ticket, places[worker].number) = (order.ticket, order.number)
      (places[worker].count, places[worker].stepsize) = (order.gradients, order.stepsize)
      places[worker].version = order.version
      places[worker].allotted = order.allotted
      places[worker].start = time
      if !order.keepsPoint {
        var point = places[worker].point.mutableSpan
        server.copyPoint(for: order, to: &point)
        places[worker].hasPoint = true
      }
      wake(worker)
    }
  }

  @inlinable
  mutating func close(_ worker: Int, _ end: JobRecord.End) {
    places[worker].isOpen = false
    if records { jobs.append(record(worker, end)) }
  }

  @inlinable
  func record(_ worker: Int, _ end: JobRecord.End) -> JobRecord {
    JobRecord(
      worker: worker, number: places[worker].number, start: places[worker].start,
      duration: time - places[worker].start, end: end)
  }

  @inlinable
  mutating func wake(_ worker: Int) {
    guard places[worker].isWaiting else { return }
    places[worker].isWaiting = false
    desks[worker].bell.ring()
  }
}
