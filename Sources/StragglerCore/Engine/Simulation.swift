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
  /// Whether no worker's speed changes, none waits for the model, and none works until it is stopped.
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
    isPlain = setup.fleet.speeds.isEmpty && downloads.isEmpty && !hasOpenWork
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

  /// The time of the next event, infinite if there can be none. Carries out the pending orders.
  @inlinable
  public mutating func peek() -> Double {
    carryOut()
    // Of three, `min` would make an array.
    let time = Swift.min(queue.time, server.face.messages?.time ?? .infinity)
    return Swift.min(time, server.face.wakeTime)
  }

  /// Handles the next event and leaves the orders for vectors in `server`. False if no event can ever come.
  @inlinable
  public mutating func next() -> Bool {
    carryOut()
    let time = queue.time
    if let message = server.face.messages?.time, message <= time { return nextMessage() }
    guard time < server.face.wakeTime else { return wake() }
    if hasOpenWork, server.isStep(queue.worker) { return nextStep() }
    let arrival = server.arrive(queue.worker, at: time)
    method.receive(arrival, &server.face)
    if server.face.messages != nil { deliverAtOnce() }
    server.conclude(arrival)
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
    return true
  }

  /// Calls the method at the time that it asked for. False if it asked for none.
  @usableFromInline
  mutating func wake() -> Bool {
    let time = server.face.wakeTime
    guard time < .infinity else { return false }
    server.face.wakeTime = .infinity
    server.face.now = time
    server.face.isUsed = false
    method.wake(&server.face)
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
    return true
  }

  /// Shows the method the step of open-ended work that comes next; its worker goes on unless it is ordered
  /// otherwise.
  @usableFromInline
  mutating func nextStep() -> Bool {
    let worker = queue.worker
    server.endStep(worker, at: queue.time)
    method.completeStep(worker, &server.face)
    if server.face.orderOf[worker] == 0 { queue.update(worker, to: server.goOn(worker, seed: seed)) }
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
    return true
  }

  /// Shows the method the message that comes next, and those that follow from it in no time. False if there
  /// is none.
  @usableFromInline
  mutating func nextMessage() -> Bool {
    guard let time = server.face.messages?.time, time < .infinity,
      let channel = server.face.messages?.takeNext()
    else { return false }
    server.face.now = time
    server.face.isUsed = false
    method.deliver(channel, &server.face)
    deliverAtOnce()
    #if STRAGGLER_INVARIANTS
      checkRules()
    #endif
    return true
  }

  /// Shows the method the messages that take no time.
  @usableFromInline
  mutating func deliverAtOnce() {
    while let channel = server.face.messages?.takeImmediate() {
      method.deliver(channel, &server.face)
    }
  }

  /// Carries out the orders for workers.
  @inlinable
  mutating func carryOut() {
    if let arrived = server.face.arrived, server.face.orderCount == 1,
      Int(server.face.orders[0].worker) == arrived
    {
      // Almost every event: the worker that delivered gets its next job.
      server.release(arrived)
      server.face.arrived = nil
      queue.update(arrived, to: start(server.face.orders[0]))
      server.face.orderOf[arrived] = 0
      server.face.orderCount = 0
    } else {
      carryOutAll()
    }
  }

  @inlinable
  mutating func carryOutAll() {
    if let arrived = server.face.arrived {
      server.release(arrived)
      server.face.arrived = nil
      if server.face.orderOf[arrived] == 0 { queue.update(arrived, to: .infinity) }
    }
    guard server.face.orderCount > 0 else { return }
    // Replaying every game once beats replaying many paths.
    let isBulk = server.face.orderCount > server.workers / 8
    // On a network, orders arise in the order of the messages; the log sorts them by node.
    if isBulk, server.face.messages != nil { server.sortOrders() }
    for index in 0..<server.face.orderCount {
      let order = server.face.orders[index]
      let worker = Int(order.worker)
      server.face.orderOf[worker] = 0
      if server.face.jobs[worker].state != .idle, !order.endsSteps { server.stop(worker) }
      let time = start(order)
      if isBulk { queue.stage(worker, at: time) } else { queue.update(worker, to: time) }
    }
    server.face.orderCount = 0
    if isBulk { queue.rebuild() }
  }

  /// Starts the job that `order` asks for and returns when it will end; infinite if it asks for none.
  @inlinable
  mutating func start(_ order: WorkerOrder) -> Double {
    guard isPlain else { return server.startInItsOwnTime(order, downloads, seed: seed) }
    guard !order.isCancellation else { return .infinity }
    server.start(order)
    return server.work(on: order, from: server.time, seed: seed)
  }
}
