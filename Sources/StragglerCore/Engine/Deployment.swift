// SPDX-License-Identifier: Apache-2.0

/// A method whose workers are real: events are handed in, and orders are handed out at once.
///
/// The counterpart of `Simulation`: it has no clock, and time is what the caller says it is. Workers come and
/// go, and jobs fail, without the method's knowledge: it sees the ends of jobs that were handed in by an open
/// ticket, and the ends of its trials.
public struct Deployment<M: Method>: ~Copyable, Sendable {
  /// The method with its state.
  public var method: M
  /// The bookkeeping of the run, with the orders for vectors that the last event left.
  public var server: DrivenServer
  @usableFromInline var desks: Desks

  /// Prepares `method`, takes all memory from `setup`, and gives the method's first orders; `kinds` are the
  /// modifiers that it takes, and `seed` is that of its own choices. With `logging` the server's log records
  /// what happens, and the caller empties it after every event.
  ///
  /// Of the workers the first `present` are there, all by default; the orders of the others wait for them.
  /// The points that jobs are at are kept, so that work can be given again.
  public init(
    _ method: M, setup: inout Setup, present: Int? = nil, kinds: Modifiers.Kinds = M.modifiers,
    seed: UInt64 = 0, logging: Bool = false
  ) throws(SetupError) {
    guard setup.workers > 0 else {
      throw .impossible("a fleet without workers", remedy: "give at least one worker")
    }
    guard setup.workers <= Int32.max / 2 else {
      throw .impossible("more than 1,073,741,823 workers", remedy: "give fewer workers")
    }
    let present = present ?? setup.workers
    guard present >= 0, present <= setup.workers else {
      throw .impossible(
        "more workers that are there than there can be, or fewer than none",
        remedy: "give from 0 to as many as there are workers")
    }
    var method = method
    setup.seed = seed
    try setup.prepare(&method)
    try setup.modify(kinds, gamma: method.gamma)
    guard setup.messageLength == nil else {
      throw .impossible(
        "compressed messages from real workers", remedy: "take a method that sends whole gradients")
    }
    guard !setup.evaluatesPairs else {
      throw .impossible(
        "pairs of gradients from real workers", remedy: "take a method that uses each gradient by itself")
    }
    guard setup.channels == 0, !setup.averages else {
      throw .impossible(
        "a decentralised method with real workers", remedy: "take a method that has a server")
    }
    guard !setup.shiftsLocalSteps else {
      throw .impossible(
        "local steps with control variates by real workers", remedy: "take a method without them")
    }
    guard !setup.readsPiecewise else {
      throw .impossible(
        "simulated reads by real workers", remedy: "take reads=consistent, or share a model in a HogwildRun")
    }
    var server = try DrivenServer(&setup, logging: logging)
    // Workers hand in sums in place of gradients.
    server.face.isPlain = true
    desks = try Desks(&setup, present: present)
    self.method = method
    self.server = server
    guard !setup.arena.isMeasuring else { return }
    self.method.begin(&self.server.face)
    settle()
  }
}

// MARK: - Orders

extension Deployment {
  /// How many orders the last event gave.
  @inlinable public var orderCount: Int { desks.outgoingCount }

  /// Order number `index` of the last event.
  @inlinable public func order(_ index: Int) -> JobOrder { desks.outgoing[index] }

  /// Ends the event: the caller reads its orders and passes them on to the workers.
  @inlinable
  public mutating func settle() {
    desks.outgoingCount = 0
    let count = server.carryOut()
    for index in 0..<count { issue(server.face.orders[index]) }
    #if STRAGGLER_INVARIANTS
      server.face.checkRules()
    #endif
  }

  /// Passes an order of the method on, which has been carried out in the books; that for a worker who is not
  /// there waits.
  @inlinable
  mutating func issue(_ order: WorkerOrder) {
    let worker = Int(order.worker)
    let isTaken = desks.table[worker].isTaken
    if order.isCancellation {
      guard desks.table[worker].isOpen else { return }
      desks.close(worker)
      return desks.send(
        JobOrder(
          worker: worker, ticket: desks.ticket(of: worker), task: .stop,
          number: server.face.jobs[worker].number, version: order.version, allotted: .infinity,
          keepsPoint: false, point: server.face.newestPoint))
    }
    guard !order.endsSteps else {
      if isTaken {
        desks.send(server.order(worker, order, ticket: desks.ticket(of: worker), isKnown: true))
      }
      return
    }
    desks.close(worker)
    desks.table[worker].order = order
    if isTaken { open(worker, isKnown: true) }
  }

  /// Gives the worker at a desk the job that the books have for it, with a new ticket.
  @inlinable
  mutating func open(_ worker: Int, isKnown: Bool) {
    desks.table[worker].serial &+= 1
    desks.table[worker].isOpen = true
    desks.open += 1
    desks.send(
      server.order(worker, desks.table[worker].order, ticket: desks.ticket(of: worker), isKnown: isKnown))
  }
}

// MARK: - Ends of jobs

extension Deployment {
  /// Whether `worker` is the number of one.
  @inlinable
  public func hasWorker(_ worker: Int) -> Bool { worker >= 0 && worker < server.workers }

  /// The worker that has the open ticket `ticket`; nil where it is late: cancelled, delivered, replaced, of
  /// an earlier life, or never given.
  @inlinable
  public func worker(of ticket: UInt64) -> Int? { desks.worker(of: ticket) }

  /// Something has come by a ticket that is late: it is counted, and nothing else happens.
  @inlinable
  public mutating func countLate() {
    desks.outgoingCount = 0
    desks.late &+= 1
  }

  /// What has come by tickets that were late.
  @inlinable public var late: Int { desks.late }
  /// Jobs that came to nothing and were given again.
  @inlinable public var failed: Int { desks.failed }
  /// Tickets that are open.
  @inlinable public var open: Int { desks.open }

  /// The job of `worker`, whose ticket is open, has ended: with a gradient, or as a trial whose time is over.
  ///
  /// Leaves the orders for vectors in `server`; carry them out before `settle()`.
  @inlinable
  public mutating func receive(_ worker: Int, isClipped: Bool, at time: Double) {
    desks.close(worker)
    if isClipped { server.clip(worker) }
    let arrival = server.arrive(worker, at: time)
    method.receive(arrival, &server.face)
    server.conclude(arrival)
  }

  /// Whether the job of `worker` is a trial, of which the method is to see that it came to nothing.
  @inlinable
  public func isTrial(_ worker: Int) -> Bool { desks.table[worker].order.allotted < .infinity }

  /// The job of `worker`, whose ticket is open and which is no trial, will not deliver: it is given again.
  @inlinable
  public mutating func fail(_ worker: Int, at time: Double) {
    desks.outgoingCount = 0
    desks.failed &+= 1
    desks.close(worker)
    server.beginAnew(worker, desks.table[worker].order, at: time)
    open(worker, isKnown: false)
  }

  /// A step of the open-ended work of `worker` is complete, and it has begun the next one.
  @inlinable
  public mutating func completeStep(_ worker: Int, at time: Double) {
    server.endStep(worker, at: time)
    method.completeStep(worker, &server.face)
    if server.face.orderOf[worker] == 0 { server.face.jobs[worker].number &+= 1 }
  }

  /// Whether workers may make local steps until they are stopped.
  public var hasOpenEndedWork: Bool { server.hasOpenWork }

  /// Whether `worker` has open-ended work, whose steps may be complete.
  @inlinable
  public func makesSteps(_ worker: Int) -> Bool { server.face.isRunning(worker) && server.isStep(worker) }
}

extension Deployment {
  /// Whether the open-ended work of `worker` has been asked for its sum.
  @inlinable
  public func isSum(_ worker: Int) -> Bool { server.face.isRunning(worker) && server.isSum(worker) }
}

// MARK: - Workers that come and go

extension Deployment {
  /// Whether there is a worker at the desk of `worker`.
  @inlinable
  public func isTaken(_ worker: Int) -> Bool { desks.table[worker].isTaken }

  /// Whether the method waits for a job of `worker`.
  @inlinable
  public func isRunning(_ worker: Int) -> Bool { server.face.isRunning(worker) }

  /// `worker`, who is there, has gone. Its job has failed, and waits for its successor.
  @inlinable
  public mutating func remove(_ worker: Int, at time: Double) {
    desks.outgoingCount = 0
    desks.table[worker].isTaken = false
    guard desks.table[worker].isOpen else { return }
    desks.failed &+= 1
    desks.close(worker)
    server.beginAnew(worker, desks.table[worker].order, at: time)
  }

  /// There is a worker at the desk of `worker` now, which was empty. Returns the order for the job that waits
  /// there; nil where there is none.
  @inlinable
  public mutating func replace(_ worker: Int) -> JobOrder? {
    desks.outgoingCount = 0
    desks.table[worker].isTaken = true
    guard server.face.isRunning(worker) else { return nil }
    open(worker, isKnown: false)
    return desks.outgoing[0]
  }

  /// Begins another life: every ticket is late, and all work of workers that are there is ordered again.
  public mutating func beginLife(_ life: UInt16) {
    desks.life = UInt64(life)
    desks.outgoingCount = 0
    for worker in 0..<server.workers {
      desks.close(worker)
      if desks.table[worker].isTaken, server.face.isRunning(worker) { open(worker, isKnown: false) }
    }
  }

  /// Which of the server's lives this is, from 0.
  public var life: UInt16 { UInt16(truncatingIfNeeded: desks.life) }
}
