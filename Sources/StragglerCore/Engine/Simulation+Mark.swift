// Going back: what a run holds outside its arena. With the bytes of the arena put back too, the run is again
// where it was, in every bit.

extension Server {
  /// The values of a server that change and do not stand in the arena.
  @usableFromInline
  struct Mark: Sendable {
    let log: EventLog
    let k: Int
    let now: Double
    let tally: Counts
    let points: Points
    let orderCount: Int
    let vectorCount: Int
    let arrived: Int
    let isUsed: Bool
    let endless: Int
    let messages: Messages
    let noted: MethodFault?
  }

  @usableFromInline var mark: Mark {
    Mark(
      log: log, k: k, now: now, tally: tally, points: points, orderCount: orderCount,
      vectorCount: vectorCount, arrived: arrived, isUsed: isUsed, endless: endless, messages: messages,
      noted: noted)
  }

  // Not a setter: one that can be modified in place would allocate.
  @usableFromInline
  mutating func goBack(to mark: Mark) {
    (log, k, now, tally, points) = (mark.log, mark.k, mark.now, mark.tally, mark.points)
    (orderCount, vectorCount, arrived) = (mark.orderCount, mark.vectorCount, mark.arrived)
    (isUsed, endless, messages, noted) = (mark.isUsed, mark.endless, mark.messages, mark.noted)
  }
}

extension Simulation {
  /// Where a simulation was, but for what stands in its arena: to be put back together with the arena's
  /// bytes.
  public struct Mark: Sendable {
    let method: M
    let server: Server.Mark
  }

  /// Where the simulation is.
  public var mark: Mark { Mark(method: method, server: server.mark) }

  /// Goes back to `mark`, of the same simulation; the arena's bytes are the caller's to put back.
  public mutating func goBack(to mark: Mark) {
    method = mark.method
    server.goBack(to: mark.server)
  }
}
