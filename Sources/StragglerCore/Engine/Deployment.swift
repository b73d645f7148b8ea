// SPDX-License-Identifier: Apache-2.0

/// A method whose workers are real: events are handed in, and orders are handed out at once.
///
/// The counterpart of `Simulation`: it has no clock, and time is what the caller says it is.
public struct Deployment<M: Method>: ~Copyable, Sendable {
  /// The method with its state.
  public var method: M
  /// The bookkeeping of the run, with the orders for vectors that the last event left.
  public var server: DrivenServer
  @usableFromInline var given = 0

  /// Prepares `method`, takes all memory from `setup`, and gives the method's first orders.
  ///
  /// Workers keep the points that they compute at, so that no place for older ones is needed,
  /// unless the method gives jobs at points that it holds.
  public init(_ method: M, setup: inout Setup) throws(SetupError) {
    guard setup.workers > 0, setup.workers <= Int32.max / 2 else {
      throw .impossible("a fleet without workers", remedy: "give at least one worker")
    }
    var method = method
    try setup.prepare(&method)
    try setup.modify(M.modifiers, gamma: method.gamma)
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
    if !setup.assignsHeldPoints { setup.horizon = 0 }
    var server = try DrivenServer(&setup)
    server.face.keepsPoints = setup.assignsHeldPoints
    // Workers hand in sums in place of gradients.
    server.face.isPlain = true
    self.method = method
    self.server = server
    guard !setup.arena.isMeasuring else { return }
    self.method.begin(&self.server.face)
    given = self.server.carryOut()
  }

  /// How many orders the last event gave.
  @inlinable public var orderCount: Int { given }

  /// Order number `index` of the last event.
  @inlinable public func order(_ index: Int) -> WorkerOrder { server.face.orders[index] }

  /// Whether `worker` has a job that it may deliver.
  @inlinable
  public func isRunning(_ worker: Int) -> Bool {
    worker >= 0 && worker < server.workers && server.face.isRunning(worker)
  }

  /// The job of `worker`, which runs, has ended: with a gradient, or because its allotted time is over.
  ///
  /// Leaves the orders for vectors in `server`; carry them out before `settle()`.
  @inlinable
  public mutating func receive(_ worker: Int, isClipped: Bool, at time: Double) {
    if isClipped { server.clip(worker) }
    let arrival = server.arrive(worker, at: max(time, server.time))
    method.receive(arrival, &server.face)
    server.conclude(arrival)
  }

  /// A step of the open-ended work of `worker` is complete, and it has begun the next one.
  @inlinable
  public mutating func completeStep(_ worker: Int, at time: Double) {
    server.endStep(worker, at: max(time, server.time))
    method.completeStep(worker, &server.face)
    if server.face.orderOf[worker] == 0 { server.face.jobs[worker].number &+= 1 }
  }

  /// Whether `worker` has open-ended work, whose steps may be complete.
  @inlinable
  public func makesSteps(_ worker: Int) -> Bool { isRunning(worker) && server.isStep(worker) }

  /// Ends the event: the caller reads its orders and passes them on to the workers.
  @inlinable
  public mutating func settle() {
    given = server.carryOut()
    #if STRAGGLER_INVARIANTS
      server.face.checkRules()
    #endif
  }
}
