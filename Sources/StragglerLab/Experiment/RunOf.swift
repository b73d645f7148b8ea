internal import StragglerCore

/// A run of a method of type `M`: the loop over events, compiled for the method alone.
final class RunOf<M: Method>: Run {
  private var simulation: Simulation<M>
  private let fleet: OwnedTable<Worker>
  private let settings: SettingMemory

  init(
    _ simulation: consuming Simulation<M>, vectors: any Vectors, arena: OwnedArena, fleet: OwnedTable<Worker>,
    settings: SettingMemory, interval: TraceInterval
  ) {
    self.simulation = simulation
    self.fleet = fleet
    self.settings = settings
    super.init(method: "\(M.name)", vectors: vectors, arena: arena, interval: interval)
  }

  override var workers: Int { fleet.table.count }
  override var stepsize: Double { simulation.method.gamma }

  override var state: (time: Double, iteration: Int, counts: Counts) {
    (simulation.server.time, simulation.server.iteration, simulation.server.counts)
  }

  override var runningTotals: (seconds: Double, energy: Double) { simulation.server.runningTotals }

  override func restart() { simulation.reset() }

  override func advance(
    events: Int, _ stop: Stop, _ recorder: inout TraceRecorder
  ) -> (events: Int, Pause) {
    Self.advance(&simulation, vectors, events: events, Limits(stop), recorder, onLog)
  }

  /// What ends a run, without optionals.
  private struct Limits {
    let steps: Int
    let arrivals: Int
    let time: Double

    init(_ stop: Stop) {
      steps = stop.steps ?? .max
      arrivals = stop.arrivals ?? .max
      time = stop.time ?? .infinity
    }
  }

  /// The loop, over values of its own: access to an object's properties is checked anew each time.
  private static func advance(
    _ simulation: inout Simulation<M>, _ vectors: any Vectors, events: Int, _ limits: Limits,
    _ recorder: TraceRecorder, _ onLog: ((LogEntry) -> Void)?
  ) -> (events: Int, Pause) {
    for event in 0..<events {
      let iteration = simulation.server.iteration
      if iteration >= limits.steps { return (event, .stopped(.steps)) }
      if simulation.server.counts.arrivals >= limits.arrivals { return (event, .stopped(.arrivals)) }
      let next = simulation.peek()
      guard next < .infinity else { return (event, .stopped(.starved)) }
      guard next <= limits.time else { return (event, .stopped(.time)) }
      _ = simulation.next()
      if simulation.server.vectorOrderCount > 0, !vectors.execute(&simulation.server) {
        return (event + 1, .stopped(.diverged))
      }
      if simulation.server.log.isRecording {
        for index in 0..<simulation.server.log.count { onLog?(simulation.server.log[index]) }
        simulation.server.emptyLog()
      }
      let now = simulation.server.iteration
      if now != iteration,
        recorder.isDue(iteration: now, time: simulation.server.time, used: simulation.server.counts.used)
      {
        return (event + 1, .pointIsDue)
      }
    }
    return (events, .again)
  }
}
