// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A simulation behind closures, so that a `Run` does not depend on the method's type.
///
/// Closures, and not a generic class or a protocol: they are compiled where the method's type is known, in
/// the module that names it, and so run as fast for your own method as for a built-in one.
@usableFromInline
struct Engine {
  /// Where the loop over events pauses.
  @usableFromInline
  enum Pause {
    case again, lookIsDue
    /// The instant that was asked for has come; nothing happens before the given time, which is later.
    case instant(next: Double)
    case stopped(StopReason)
  }

  /// The values that the loop over events checks; without optionals.
  @usableFromInline
  struct Limits {
    @usableFromInline let events: Int
    @usableFromInline let updates: Int
    @usableFromInline let arrivals: Int
    @usableFromInline let time: Double
    @usableFromInline let spending: Spending?
    /// When the loop pauses to look at the model.
    @usableFromInline let due: Due
    /// What must be in prospect, or the run is starved.
    @usableFromInline let outlook: Outlook

    init(events: Int, _ stop: Stop = Stop(), due: Due = Due(), outlook: Outlook = .time) {
      self.events = events
      updates = stop.updates ?? .max
      arrivals = stop.arrivals ?? .max
      time = stop.time ?? .infinity
      spending = Spending(stop.budget)
      self.due = due
      self.outlook = outlook
    }
  }

  @usableFromInline
  struct State {
    @usableFromInline let time: Double
    @usableFromInline let iteration: Int
    @usableFromInline let counts: Counts
    @usableFromInline let fault: MethodFault?

    @inlinable
    init(_ server: borrowing DrivenServer) {
      time = server.time
      iteration = server.iteration
      counts = server.counts
      fault = server.fault
    }
  }

  /// n.
  let workers: Int
  /// γ, as given or from the theorem; NaN where it changes.
  let gamma: Double
  let state: () -> State
  /// The cost of the jobs that are running at a time, before the next event.
  let runningTotals: (Double) -> (seconds: Double, energy: Double)
  /// The share of the workers that are on at a time.
  let available: (Double) -> Double
  /// The times off of a worker between two times.
  let timesOff: (Int, Double, Double) -> [Range<Double>]
  let restart: () -> Void
  /// Saves the state of the simulation, except for its arena, and returns a closure that restores it.
  let mark: () -> () -> Void
  /// Handles events until the run has something to do, and returns how many events and what.
  let advance: (Limits, Vectors, ((LogEntry) -> Void)?) -> (events: Int, Pause)

  @usableFromInline
  init(
    workers: Int, gamma: Double, state: @escaping () -> State,
    runningTotals: @escaping (Double) -> (seconds: Double, energy: Double),
    available: @escaping (Double) -> Double,
    timesOff: @escaping (Int, Double, Double) -> [Range<Double>], restart: @escaping () -> Void,
    mark: @escaping () -> () -> Void,
    advance: @escaping (Limits, Vectors, ((LogEntry) -> Void)?) -> (events: Int, Pause)
  ) {
    self.workers = workers
    self.gamma = gamma
    self.state = state
    self.runningTotals = runningTotals
    (self.available, self.timesOff) = (available, timesOff)
    self.restart = restart
    self.mark = mark
    self.advance = advance
  }

  @inlinable
  init<M: Method>(_ simulation: consuming Simulation<M>, hasSchedule: Bool = false) {
    let box = Shared(simulation)
    self.init(
      workers: box.value.server.workers,
      gamma: hasSchedule ? .nan : box.value.method.gamma.value,
      state: { State(box.value.server) },
      runningTotals: { box.value.server.runningTotals(at: $0) },
      available: { box.value.available(at: $0) },
      timesOff: { worker, start, end in
        var times: [Range<Double>] = []
        box.value.visitOff(of: worker, from: start, to: end) { times.append($0..<$1) }
        return times
      },
      restart: { box.value.reset() },
      mark: {
        let mark = box.value.mark
        return { box.value.goBack(to: mark) }
      },
      advance: { limits, vectors, onLog in Engine.advance(&box.value, limits, vectors, onLog) })
  }

  @inlinable
  static func advance<M: Method>(
    _ simulation: inout Simulation<M>, _ limits: Limits, _ vectors: Vectors, _ onLog: ((LogEntry) -> Void)?
  ) -> (events: Int, Pause) {
    if simulation.server.fault != nil { return (0, .stopped(.failed)) }
    var spending = limits.spending
    let end = min(limits.time, limits.due.instant)
    for event in 0..<limits.events {
      let iteration = simulation.server.iteration
      if iteration >= limits.updates { return (event, .stopped(.updates)) }
      if simulation.server.counts.arrivals >= limits.arrivals { return (event, .stopped(.arrivals)) }
      if let reason = spending?.isSpent(simulation.server) { return (event, .stopped(reason)) }
      switch simulation.next(by: end) {
      case .handled: break
      case .later:
        // The jobs that have just begun.
        report(&simulation.server, onLog)
        guard end < limits.time else { return (event, .stopped(.time)) }
        return (event, .instant(next: simulation.nextTime))
      case .never:
        report(&simulation.server, onLog)
        return (event, .stopped(.starved))
      }
      let isFinite = simulation.server.vectorOrderCount == 0 || vectors.execute(&simulation.server)
      report(&simulation.server, onLog)
      if simulation.server.fault != nil { return (event + 1, .stopped(.failed)) }
      guard isFinite else { return (event + 1, .stopped(.diverged)) }
      if simulation.server.outlook < limits.outlook { return (event + 1, .stopped(.starved)) }
      let now = simulation.server.iteration
      if now != iteration,
        limits.due.isMet(
          iteration: now, time: simulation.server.time, used: simulation.server.counts.used)
      {
        return (event + 1, .lookIsDue)
      }
    }
    return (limits.events, .again)
  }

  /// Shows what the log holds, and empties it.
  @inlinable
  static func report(_ server: inout DrivenServer, _ onLog: ((LogEntry) -> Void)?) {
    guard server.log.isRecording else { return }
    for index in 0..<server.log.count {
      let entry = server.log[index]
      for job in 0..<entry.count { onLog?(entry[job]) }
    }
    server.emptyLog()
  }
}
