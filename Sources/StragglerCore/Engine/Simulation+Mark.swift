// Going back: what a run holds outside its arena. With the bytes of the arena put back too, the run is again where it
// was, in every bit.

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
  }

  @usableFromInline var mark: Mark {
    get {
      Mark(
        log: log, k: k, now: now, tally: tally, points: points, orderCount: orderCount,
        vectorCount: vectorCount, arrived: arrived, isUsed: isUsed, endless: endless, messages: messages)
    }
    set {
      (log, k, now, tally, points) = (newValue.log, newValue.k, newValue.now, newValue.tally, newValue.points)
      (orderCount, vectorCount, arrived) = (newValue.orderCount, newValue.vectorCount, newValue.arrived)
      (isUsed, endless, messages) = (newValue.isUsed, newValue.endless, newValue.messages)
    }
  }
}

extension Simulation {
  /// Where a simulation was, but for what stands in its arena: to be put back together with the arena's bytes.
  public struct Mark: Sendable {
    let method: M
    let server: Server.Mark
  }

  /// Where the simulation is; to be set to a mark of the same simulation.
  public var mark: Mark {
    get { Mark(method: method, server: server.mark) }
    set {
      method = newValue.method
      server.mark = newValue.server
    }
  }
}

/// Where a model was, but for what stands in its arena.
public struct ModelMark: BitwiseCopyable, Sendable {
  let newest: Int
  let reported: Int32
  let averaged: Slots
  let finite: Bool
}

extension Model {
  /// Where the model is; to be set to a mark of the same model, together with the arena's bytes.
  public var mark: ModelMark {
    get { ModelMark(newest: newest, reported: reported, averaged: averaged, finite: finite) }
    set {
      (newest, reported) = (newValue.newest, newValue.reported)
      (averaged, finite) = (newValue.averaged, newValue.finite)
    }
  }
}
