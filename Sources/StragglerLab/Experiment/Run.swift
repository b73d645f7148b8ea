public import StragglerCore

/// A run in progress: a method on a problem with a fleet.
///
/// It advances exactly the same whether it is run in one go or in pieces. The type of the method and of the problem
/// is behind this face; see ``Experiment`` for how to make one. A run belongs to one thread at a time; different runs
/// share nothing that changes.
///
///     let run = try experiment.start()
///     while run.run(until: Stop(steps: run.iteration + 100)) == .steps {
///       print(run.time, run.statistics.point.gap)
///     }
public final class Run {
  /// The method's name in the command language.
  public let method: String
  /// The points of the trace so far; the first is x⁰.
  public var trace: [TracePoint] { recorder.points }
  /// Why the run stopped last; nil before `run(until:)` has ended once.
  public private(set) var stopped: StopReason?
  /// Called with the entries of every event, in order, where `Experiment.isLogging` is set.
  public var onLog: ((LogEntry) -> Void)?

  private let engine: Engine
  let vectors: Vectors
  /// Memory that the engine and the vectors look at.
  private let arena: OwnedArena
  private let owners: [AnyObject]
  private let ownedNetwork: OwnedNetwork?
  private(set) var recorder: TraceRecorder
  private var measured: TracePoint?
  private(set) var seconds = 0.0
  /// Events handled so far: ends of jobs and, on a network, messages.
  public private(set) var events = 0

  @usableFromInline
  init(
    method: String, engine: Engine, vectors: Vectors, arena: OwnedArena,
    network: OwnedNetwork? = nil, owners: [AnyObject], interval: TraceInterval
  ) {
    self.method = method
    self.engine = engine
    self.vectors = vectors
    self.arena = arena
    self.owners = owners
    ownedNetwork = network
    recorder = TraceRecorder(interval, cost: vectors.evaluationCost)
  }

  /// Runs until the first of the bounds of `stop`, and says which that was.
  ///
  /// Bounds are on the whole run, not on this call: a run that is past one stops at once. `interrupted` and
  /// `progress` are called once in at most 4,096 events; an interruption ends the run with `.interrupted`, as does
  /// the bound on events, and a later call goes on from there. `clock` gives real seconds for `Statistics.wall`. An
  /// event takes O(log n), the gradients that the method uses and what the trace evaluates; only the trace
  /// allocates.
  @discardableResult
  /// Runs until the first of the bounds of `stop`, and says which that was.
  ///
  /// Bounds are on the whole run, not on this call: a run that is past one stops at once. `interrupted` and
  /// `progress` are called every 4,096 events or more often; an interruption ends the run with `.interrupted`, as
  /// does the bound on events, and a later call goes on from there. `clock` gives real seconds for
  /// `Statistics.wall`. An event takes O(log n), the gradients that the method uses and what the trace evaluates;
  /// only the trace allocates.
  public func run(
    until stop: Stop, interrupted: () -> Bool = { false }, clock: () -> Double = { 0 },
    progress: (Run) -> Void = { _ in }
  ) -> StopReason {
    let start = clock()
    let reason = advance(until: stop, interrupted, progress)
    seconds += clock() - start
    stopped = reason
    return reason
  }

  private func advance(
    until stop: Stop, _ interrupted: () -> Bool, _ progress: (Run) -> Void
  ) -> StopReason {
    if let last = trace.last {
      // What holds already need not be waited for.
      if last.iteration == iteration, stop.conditions.contains(where: { $0.holds(at: last) }) {
        return .condition
      }
    } else if let reason = takePoint(stop) {
      return reason
    }
    var standstill = Standstill(stop, workers: workers)
    while true {
      let count = min(4_096, (stop.events ?? .max) - events)
      if count <= 0 { return .interrupted }
      let (burst, reason) = engine.advance(Engine.Limits(events: count, stop, recorder), vectors, onLog)
      events += burst
      switch reason {
      case .pointIsDue: if let reason = takePoint(stop) { return reason }
      case .stopped(let reason):
        // A run that diverged has no finite values to show, but its last point says where.
        if let other = takePoint(stop), reason != .diverged { return other == .diverged ? other : reason }
        return reason
      case .again: break
      }
      if interrupted() {
        _ = takePoint(stop)
        return .interrupted
      }
      if standstill.lasts(engine.state(), events: events) {
        _ = takePoint(stop)
        return .starved
      }
      progress(self)
    }
  }

  /// Takes a point of the trace, and says whether the run ends there.
  private func takePoint(_ stop: Stop) -> StopReason? {
    let point = measure()
    recorder.append(point)
    if !point.loss.isFinite { return .diverged }
    return stop.conditions.contains { $0.holds(at: point) } ? .condition : nil
  }

  private func measure() -> TracePoint {
    let state = engine.state()
    let (time, iteration, counts) = (state.time, state.iteration, state.counts)
    if let measured, measured.iteration == iteration, measured.arrivals == counts.arrivals,
      measured.time == time
    {
      return measured
    }
    var point = TracePoint(
      time: time, iteration: iteration, arrivals: counts.arrivals, used: counts.used, loss: .nan, gap: .nan,
      gradnorm2: .nan, accuracy: .nan)
    if let measured, measured.iteration == iteration {
      (point.loss, point.gap) = (measured.loss, measured.gap)
      (point.gradnorm2, point.accuracy) = (measured.gradnorm2, measured.accuracy)
    } else {
      (point.loss, point.gradnorm2, point.accuracy) = vectors.measure()
      point.gap = point.loss - vectors.conditions.optimum
    }
    measured = point
    return point
  }

  /// What the method did wrong where the run is `.failed`: a mistake in its code.
  public var failure: LabError? {
    engine.state().fault.map { LabError("\(method) \($0.summary)", remedy: "\($0.remedy)") }
  }

  /// Simulated seconds of the last event handled.
  public var time: Double { engine.state().time }

  /// The state of the run now. Evaluates f and ‖∇f‖² unless that has been done at this iteration. O(n + cost of f).
  public var statistics: Statistics {
    let state = engine.state()
    let (time, counts) = (state.time, state.counts)
    let running = engine.runningTotals()
    var statistics = Statistics(method: method, point: measure())
    statistics.assigned = counts.assigned
    statistics.discarded = counts.discarded
    statistics.cancelled = counts.cancelled
    statistics.gradients = counts.gradients
    statistics.messages = counts.messages
    statistics.coordinates = counts.coordinates
    statistics.delayMean = counts.delayMean
    statistics.delayMax = counts.delayMax
    statistics.concurrencyMax = counts.concurrencyMax
    let busy = counts.busy + running.seconds
    // Sums of the same seconds in another order may be a bit above.
    if time > 0 { statistics.busy = min(busy / (time * Double(workers)), 1) }
    if busy > 0 { statistics.useful = min(counts.useful / busy, 1) }
    statistics.energy = counts.energy + running.energy
    statistics.wall = seconds
    if seconds > 0 { statistics.eventsPerSecond = Double(events) / seconds }
    statistics.memory = arena.bytes + (ownedNetwork?.bytes ?? 0)
    statistics.consensus = vectors.consensus()
    statistics.stopped = stopped
    return statistics
  }

  /// x^k in doubles, whatever the problem's precision. O(d).
  public var model: [Double] { vectors.model() }

  /// L, σ², f*, Δ and the rest, as the problem knows them at x⁰; what the experiment assumes instead is not among
  /// them.
  public var conditions: Conditions { vectors.conditions }

  /// Handles events like `other` until as many are done, and takes over its trace: the state is then the same.
  public func catchUp(with other: Run) {
    _ = advance(until: Stop(events: other.events), { false }, { _ in })
    (recorder, measured) = (other.recorder, other.measured)
    (stopped, seconds) = (other.stopped, other.seconds)
  }

  /// Reports the first `events` events to `onLog` without evaluating a gradient: when things happen does not depend
  /// on the model. The run is of no other use afterwards.
  public func rehearse(events: Int) { _ = rehearseOn(events) }

  /// Handles the next `count` events without vectors, and says how many there were.
  func rehearseOn(_ count: Int) -> Int {
    var limits = Engine.Limits(events: count, Stop(), recorder)
    limits.takesPoints = false
    let handled = engine.advance(limits, .idle, onLog).events
    events += handled
    return handled
  }

  /// Handles events until `events` of them are done, or, where given, `steps` updates, without evaluating a gradient,
  /// and says how far that is.
  func rehearse(upTo events: Int, steps: Int? = nil) -> (time: Double, iteration: Int, isStarved: Bool) {
    var limits = Engine.Limits(events: max(0, events - self.events), Stop(steps: steps), recorder)
    limits.takesPoints = false
    let (count, pause) = engine.advance(limits, .idle, onLog)
    self.events += count
    let state = engine.state()
    if case .stopped(.starved) = pause { return (state.time, state.iteration, true) }
    return (state.time, state.iteration, false)
  }

  /// Takes over what a checkpoint says besides events and vectors.
  func take(_ checkpoint: Checkpoint) {
    recorder.state = checkpoint.trace
    (stopped, seconds) = (checkpoint.stopped, checkpoint.seconds)
    measured = nil
  }

  /// How far the run has come.
  var reached: Checkpoint.Progress {
    let state = engine.state()
    return Checkpoint.Progress(
      events: events, time: state.time, iteration: state.iteration, arrivals: state.counts.arrivals)
  }

  /// k, the model updates so far.
  public var iteration: Int { engine.state().iteration }

  /// Back to iteration 0 with the same configuration.
  public func reset() {
    vectors.reset()
    recorder = TraceRecorder(recorder.interval, cost: vectors.evaluationCost)
    measured = nil
    stopped = nil
    seconds = 0
    events = 0
    engine.restart()
  }

  /// The network that a decentralised method runs on, with the pivot and trees that it has chosen.
  public var network: Network? { ownedNetwork?.network }

  /// n, the number of workers.
  public var workers: Int { engine.workers }
  /// γ, as given or as the theory has it.
  public var stepsize: Double { engine.stepsize }
}
