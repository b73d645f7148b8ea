// SPDX-License-Identifier: Apache-2.0

// Going back: what a run holds outside its arena. With the bytes of the arena put back too, the run is again
// where it was, in every bit.

extension DrivenServer {
  /// The values of a server that change and are not in the arena.
  @usableFromInline
  struct Mark: Sendable {
    let log: EventLog
    let k: Int
    let now: Double
    let tally: Counts
    let points: Points
    let orderCount: Int
    let vectorCount: Int
    let arrived: Int?
    let isUsed: Bool
    let endless: Int
    let outlook: Outlook
    let messages: Messages?
    let noted: MethodFault?
  }

  @usableFromInline var mark: Mark {
    Mark(
      log: face.log, k: face.k, now: face.now, tally: face.tally, points: face.points,
      orderCount: face.orderCount, vectorCount: face.vectorCount, arrived: face.arrived, isUsed: face.isUsed,
      endless: face.endless, outlook: face.outlook, messages: face.messages, noted: face.noted)
  }

  // Not a setter: one that can be modified in place would allocate.
  @usableFromInline
  mutating func goBack(to mark: Mark) {
    (face.log, face.k, face.now, face.tally, face.points) = (
      mark.log, mark.k, mark.now, mark.tally, mark.points
    )
    (face.orderCount, face.vectorCount, face.arrived) = (mark.orderCount, mark.vectorCount, mark.arrived)
    (face.isUsed, face.endless, face.messages) = (mark.isUsed, mark.endless, mark.messages)
    (face.noted, face.outlook) = (mark.noted, mark.outlook)
  }
}

extension Simulation {
  /// The state of a simulation, except for the contents of its arena: it is restored together with the
  /// arena's bytes.
  public struct Mark: Sendable {
    let method: M
    let server: DrivenServer.Mark
  }

  /// Where the simulation is.
  public var mark: Mark { Mark(method: method, server: server.mark) }

  /// Goes back to `mark`, of the same simulation; the arena's bytes are the caller's to put back.
  public mutating func goBack(to mark: Mark) {
    method = mark.method
    server.goBack(to: mark.server)
  }
}
