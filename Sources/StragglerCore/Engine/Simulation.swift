// SPDX-License-Identifier: Apache-2.0

/// The clock of a run: a method, a fleet, and the events to come, in exact order.
///
/// Events are the ends of jobs, ordered by (time, worker), and on a network messages, which come before jobs
/// that end at the same time; a message that takes no time belongs to the event that sends it. A job that is
/// assigned at time s and takes τ + η ends at ((s + download) + (τ + η)) + upload in IEEE double arithmetic,
/// where a worker downloads the points that it does not hold. The server's own work takes no time. One event
/// takes O(log n) plus what the method does, and allocates nothing.
///
///     while simulation.next() {
///       model.execute(&simulation.server)
///     }
public struct Simulation<M: Method>: ~Copyable, Sendable {
  /// The method with its state.
  public var method: M
  /// The bookkeeping of the run, with the orders for vectors that the last event left.
  public var server: DrivenServer
  /// The workers; the table that the set-up holds must outlive the simulation.
  public let fleet: Fleet
  /// The seed of every duration: of (seed, worker, job) alone, whatever the method.
  public let seed: UInt64
  @usableFromInline let queue: EventQueue
  @usableFromInline let downloads: Downloads
  /// Whether no worker's speed changes, none waits for the model, none works until it is stopped, and none
  /// sends messages to others.
  @usableFromInline let isPlain: Bool
  /// Whether workers may work until they are stopped.
  @usableFromInline let hasOpenWork: Bool
  private let initial: M
  #if STRAGGLER_INVARIANTS
    /// Events handled, and after which of them the rules of the bookkeeping are looked at next.
    @usableFromInline var (events, due) = (0, 0)
  #endif

  /// Prepares `method`, takes all memory from `setup`, and gives the method's first orders.
  ///
  /// With an arena that measures this takes nothing and only counts.
  public init(
    _ method: M, setup: inout Setup, seed: UInt64, logging: Bool = false
  ) throws(SetupError) {
    guard setup.workers > 0, setup.workers <= Int32.max / 2 else {
      throw .impossible("a fleet without workers", remedy: "give at least one worker")
    }
    try setup.fleet.checkOutages()
    var method = method
    setup.seed = seed
    try setup.prepare(&method)
    try setup.modify(M.modifiers, gamma: method.gamma)
    try setup.checkStepsTakeTime()
    let queue = try EventQueue(workers: setup.workers, arena: &setup.arena)
    let downloads = try Downloads(&setup)
    server = try DrivenServer(&setup, logging: logging)
    self.downloads = downloads
    hasOpenWork = server.hasOpenWork
    isPlain =
      setup.fleet.speeds.isEmpty && downloads.isEmpty && !hasOpenWork && server.face.messages == nil
    initial = method
    self.method = method
    self.queue = queue
    fleet = setup.fleet
    self.seed = seed
    if !setup.arena.isMeasuring { begin() }
  }

  private mutating func begin() {
    method.begin(&server.face)
    deliverAtOnce()
  }

  /// Back to iteration 0 with the same configuration; the model is the caller's to reset. O(n).
  public mutating func reset() {
    method = initial
    server.reset()
    queue.removeAll()
    downloads.reset()
    begin()
  }

  /// What `next(by:)` has found.
  public enum Outcome: Sendable {
    /// An event, which has been handled.
    case handled
    /// The next event is later.
    case later
    /// No event can ever come.
    case never
  }

  /// Handles the next event and leaves the orders for vectors in `server`. False if no event can ever come.
  @inlinable
  public mutating func next() -> Bool { next(by: .infinity) == .handled }

  /// Handles the next event, if it comes by `limit`, and leaves the orders for vectors in `server`. The
  /// pending orders for workers are carried out in any case.
  ///
  /// One piece of code with what an event of most runs needs; all that few runs have is behind calls.
  @inlinable @inline(__always)
  public mutating func next(by limit: Double) -> Outcome {
    carryOut()
    let time = queue.time
    guard isPlain, time < server.face.wakeTime else { return nextOfMany(by: limit) }
    guard time <= limit else { return .later }
    handleArrival()
    return .handled
  }

  /// When the next event comes, once the pending orders have been carried out; infinite where none can.
  @inlinable public var nextTime: Double {
    // Of three, `min` would make an array.
    min(min(queue.time, server.face.messages?.time ?? .infinity), server.face.wakeTime)
  }

  @inlinable @inline(__always)
  mutating func handleArrival() {
    let arrival = server.arrive(queue.worker, at: queue.time)
    method.receive(arrival, &server.face)
    if !isPlain, server.face.messages != nil { deliverAtOnce() }
    server.conclude(arrival)
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
  }

  /// As `next(by:)`, where events can be more than ends of jobs.
  @inlinable @inline(never)
  mutating func nextOfMany(by limit: Double) -> Outcome {
    let (time, message) = (nextTime, server.face.messages?.time ?? .infinity)
    guard time < .infinity else { return .never }
    guard time <= limit else { return .later }
    if message == time {
      nextMessage()
    } else if server.face.wakeTime == time {
      wake()
    } else if hasOpenWork, server.isStep(queue.worker) {
      nextStep()
    } else {
      handleArrival()
    }
    return .handled
  }

  /// Calls the method at the time that it asked for.
  @inlinable
  mutating func wake() {
    server.face.now = server.face.wakeTime
    server.face.wakeTime = .infinity
    server.face.isUsed = false
    method.wake(&server.face)
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
  }

  /// Shows the method the step of open-ended work that comes next; its worker goes on unless it is ordered
  /// otherwise.
  @inlinable
  mutating func nextStep() {
    let worker = queue.worker
    server.endStep(worker, at: queue.time)
    method.completeStep(worker, &server.face)
    if server.face.orderOf[worker] == 0 { queue.update(worker, to: server.goOn(worker, seed: seed)) }
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
  }

  /// Shows the method the message that comes next, and those that follow from it in no time.
  @inlinable
  mutating func nextMessage() {
    guard let time = server.face.messages?.time, let channel = server.face.messages?.takeNext() else {
      return
    }
    server.face.now = time
    server.face.isUsed = false
    method.deliver(channel, &server.face)
    deliverAtOnce()
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
  }

  /// Shows the method the messages that take no time.
  @inlinable
  mutating func deliverAtOnce() {
    while let channel = server.face.messages?.takeImmediate() {
      method.deliver(channel, &server.face)
    }
  }

  /// Carries out the orders for workers.
  @inlinable @inline(__always)
  mutating func carryOut() {
    if let arrived = server.face.arrived, server.face.orderCount == 1,
      Int(server.face.orders[0].worker) == arrived
    {
      // Almost every event: the worker that delivered gets its next job.
      server.release(arrived)
      server.face.arrived = nil
      let end = server.start(
        server.face.orders[0], downloads, isPlain: isPlain, isNext: true, seed: seed)
      queue.update(arrived, to: end)
      server.face.orderOf[arrived] = 0
      server.face.orderCount = 0
    } else {
      server.carryOut(queue, downloads, isPlain: isPlain, seed: seed)
    }
  }
}
