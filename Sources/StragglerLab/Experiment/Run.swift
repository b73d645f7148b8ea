// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A run in progress: a method on a problem with a fleet.
///
/// It advances exactly the same whether it is run in one go or in pieces. The type of the method and of the
/// problem is behind this face; see ``Experiment`` for how to make one. A run belongs to one thread at a
/// time; different runs share nothing that changes.
///
///     let run = try experiment.start()
///     while run.run(until: Stop(updates: run.iteration + 100)) == .updates {
///       print(run.time, run.statistics.point.gap)
///     }
public final class Run {
  /// The method's name in the command language.
  public let method: String
  /// The points of the trace so far; the first is x⁰.
  public var trace: [TracePoint] { recorder.points }
  /// Why the run stopped last; nil before `run(until:)` has ended once.
  public private(set) var stopped: StopReason?
  /// Remarks for users about the method as it is configured, in parts of sentences.
  public let remarks: [String]
  /// Called with the entries of every event, in order, where `Experiment.isLogging` is set.
  public var onLog: ((LogEntry) -> Void)?
  /// Called with every point of the trace when it is taken. Where the run goes back to look closer for a
  /// condition, a point comes that is before the last one: it and those that follow take the place of what
  /// was after it.
  public var onPoint: ((TracePoint) -> Void)?

  /// Simulated seconds between the last look at which the condition that ended the run did not hold and the
  /// time of the run: how much too late that may be. NaN where no condition ended it.
  public private(set) var timeResolution = Double.nan

  let engine: Engine
  let vectors: Vectors
  /// Memory that the engine and the vectors refer to.
  let arena: OwnedArena
  /// Seconds, as work is counted, that looks at conditions may take besides what the run's own work pays for.
  let allowance: Double
  /// Whether every node has a model of its own, and the run's is their mean.
  let averages: Bool
  private let owners: [AnyObject]
  private let ownedNetwork: OwnedNetwork?
  var recorder: TraceRecorder
  private var known = Known()
  private(set) var seconds = 0.0
  /// Events handled so far: ends of jobs and, on a network, messages.
  public internal(set) var events = 0

  /// What has been evaluated of the model at an update.
  private struct Known {
    var iteration = -1
    var loss: Double?
    var gradnorm2: Double?
    var accuracy: Double?
  }

  /// Adds a point to the trace.
  func record(_ point: TracePoint) {
    if recorder.append(point) { onPoint?(point) }
  }

  init(
    method: String, engine: Engine, vectors: Vectors, arena: OwnedArena,
    network: OwnedNetwork? = nil, owners: [AnyObject], interval: TraceInterval, allowance: Double,
    averages: Bool, remarks: [String]
  ) {
    self.method = method
    self.remarks = remarks
    self.engine = engine
    self.vectors = vectors
    self.arena = arena
    self.owners = owners
    ownedNetwork = network
    self.allowance = allowance
    self.averages = averages
    recorder = TraceRecorder(interval, cost: vectors.evaluationCost + Self.walk(engine.workers) / 50)
  }

  /// The workers that looking at what all of them do counts for: it is noticed in large fleets only.
  static func walk(_ workers: Int) -> Double { Double(max(0, workers - 10_000)) }

  /// Runs until the first of the bounds of `stop`, or until one of `conditions` holds, and says which that
  /// was.
  ///
  /// Bounds are on the whole run, not on this call: a run that is past one stops at once. Where a condition
  /// ends the run, it is at an update at which the condition holds, and `timeResolution` says how long before
  /// it was seen not to hold: at most 2 % of the updates, unless the evaluations that this takes would cost
  /// more than the run itself and `Experiment.allowance`. `interrupted` and `progress` are called every 4,096
  /// events or more often; an interruption ends the run with `.interrupted`, as does the bound on events, and
  /// a later call goes on from there. `clock` gives real seconds for `Statistics.wall`. An event takes O(log
  /// n), the gradients that the method uses and what the trace evaluates. Only the trace allocates, and what
  /// is kept of at most five states to go back to: without memory for that the time of a condition is
  /// coarser.
  @discardableResult
  public func run(
    until stop: Stop, or conditions: [Stop.Condition] = [], progress: (Run) -> Void = { _ in },
    interrupted: () -> Bool = { false },
    clock: () -> Double = { 0 }
  ) -> StopReason {
    let start = clock()
    (timeResolution, isCoarse) = (.nan, false)
    let reason = advance(until: Goal(stop: stop, conditions: conditions), interrupted, progress)
    seconds += clock() - start
    stopped = reason
    return reason
  }

  private func advance(
    until goal: Goal, _ interrupted: () -> Bool, _ progress: (Run) -> Void
  ) -> StopReason {
    let search = ConditionSearch(self, goal)
    // A condition that already holds ends the run at once.
    if let reason = search.begin() { return reason }
    var standstill = Standstill(goal, workers: workers)
    while true {
      let count = min(4_096, (goal.stop.events ?? .max) - events)
      if count <= 0 { return search.end(.interrupted, isMeasured: false, interrupted) }
      let due = search.due
      let limits = Engine.Limits(events: count, goal.stop, due: due, outlook: goal.stop.outlook)
      let (burst, pause) = engine.advance(limits, vectors, search.log)
      events += burst
      switch pause {
      case .lookIsDue: if let reason = search.look(interrupted) { return reason }
      case .instant(let next):
        if let reason = search.look(at: due.instant, next: next, interrupted) { return reason }
      case .stopped(.failed): return search.end(.failed, isMeasured: false, interrupted)
      case .stopped(let reason): return search.end(reason, hasPeeked: reason != .diverged, interrupted)
      case .again: break
      }
      clearedTime = search.clearedTime
      if interrupted() { return search.end(.interrupted, interrupted) }
      if standstill.lasts(engine.state(), events: events) { return search.end(.starved, interrupted) }
      progress(self)
    }
  }

  /// Simulated seconds up to which no condition can be found to hold any more.
  private(set) var clearedTime = 0.0

  /// Whether `timeResolution` is more than 2 % of the updates, and more than one.
  public private(set) var isCoarse = false

  /// Notes that a condition holds here, `seconds` and `updates` after it was last seen not to hold.
  func isResolved(to seconds: Double, updates: Int) {
    timeResolution = seconds
    isCoarse = updates > 1 && Double(updates) > 0.02 * Double(iteration)
  }

  // MARK: - Measurements

  /// The state now, with those of the quantities measured that `quantities` names; all where it is nil. Where
  /// `instant` is given, the state then, before the next event.
  func measure(_ quantities: [Quantity]? = nil, at instant: Double? = nil) -> TracePoint {
    let state = engine.state()
    let time = instant ?? state.time
    let counts = state.counts
    if known.iteration != state.iteration { known = Known(iteration: state.iteration) }
    func isWanted(_ quantity: Quantity) -> Bool { quantities?.contains(quantity) ?? true }
    if known.loss == nil, isWanted(.loss) || isWanted(.gap) { known.loss = vectors.measure(.value) }
    if known.gradnorm2 == nil, isWanted(.gradnorm2) {
      known.gradnorm2 = vectors.measure(.squaredGradientNorm)
    }
    if known.accuracy == nil, isWanted(.accuracy) { known.accuracy = vectors.measure(.accuracy) }
    let loss = known.loss ?? .nan
    var point = TracePoint(
      time: time, iteration: state.iteration, arrivals: counts.arrivals, used: counts.used, loss: loss,
      gap: loss - vectors.measured.optimum, gradnorm2: known.gradnorm2 ?? .nan,
      accuracy: known.accuracy ?? .nan)
    (point.cancelled, point.gradients) = (counts.cancelled, counts.gradients)
    (point.messages, point.coordinates) = (counts.messages, counts.coordinates)
    point.delayMean = counts.delayMean
    if isWanted(.available) { point.available = engine.available(time) }
    if isWanted(.energy) || isWanted(.busy) {
      let running = engine.runningTotals(time)
      point.energy = counts.energy + running.energy
      // Sums of the same seconds in another order may be a bit above.
      if time > 0 {
        point.busy = min((counts.busy + running.seconds) / (time * Double(workers)), 1)
      }
    }
    if isWanted(.consensus) { point.consensus = vectors.consensus() }
    return point
  }

  /// What the method did wrong where the run is `.failed`: a mistake in its code.
  public var failure: LabError? {
    engine.state().fault.map { LabError("\(method) \($0.summary)", remedy: "\($0.remedy)") }
  }

  /// The state now, with `quantities` evaluated, and what costs nothing besides.
  public func point(of quantities: [Quantity]) -> TracePoint { measure(quantities) }

  /// Whether the run has come to nothing at `point`: the loss is not finite, or has grown beyond 10⁶ times
  /// what the first gap was. False where the loss was not measured.
  func hasDiverged(at point: TracePoint) -> Bool {
    guard known.loss != nil else { return false }
    if !point.loss.isFinite { return true }
    let first = vectors.measured.gap
    return first.isNaN ? false : first > 0 && point.gap > Self.growth * first
  }

  private static let growth = 1e6

  /// Forgets what has been measured: the vectors are other ones.
  func forgetMeasurements() { known = Known() }

  /// Simulated seconds of the last event handled.
  public var time: Double { engine.state().time }

  /// The state of the run now. Evaluates f and ‖∇f‖² unless that has been done at this iteration. O(n + cost
  /// of f).
  public var statistics: Statistics {
    let state = engine.state()
    let counts = state.counts
    var statistics = Statistics(method: method, point: measure())
    statistics.assigned = counts.assigned
    statistics.delayMax = counts.delayMax
    statistics.concurrencyMax = counts.concurrencyMax
    let busy = counts.busy + engine.runningTotals(state.time).seconds
    if busy > 0 { statistics.useful = min(counts.useful / busy, 1) }
    statistics.wall = seconds
    if seconds > 0 { statistics.eventsPerSecond = Double(events) / seconds }
    statistics.memory = arena.bytes + (ownedNetwork?.bytes ?? 0)
    statistics.stopped = stopped
    (statistics.timeResolution, statistics.isCoarse) = (timeResolution, isCoarse)
    statistics.evaluated = evaluated
    return statistics
  }

  /// x^k in doubles, whatever the problem's precision. O(d).
  public var model: [Double] { vectors.model() }

  /// How much of the data the run is measured on; nil where that is all.
  public var evaluated: EvaluatedSample? { vectors.measured.sample }

  /// L, σ², f*, Δ and the rest, as the problem knows them at x⁰; what the experiment assumes instead is not
  /// among them.
  public var conditions: Conditions { vectors.conditions }

  /// Handles events like `other` until as many are done, and takes over its trace: the state is then the
  /// same.
  public func catchUp(with other: Run) {
    // A bound on time, which may not be known here, is why the other run may have gone on without hope.
    let stop = Stop(time: .greatestFiniteMagnitude, events: other.events)
    _ = advance(until: Goal(stop: stop), { false }, { _ in })
    (recorder, known) = (other.recorder, other.known)
    (stopped, seconds) = (other.stopped, other.seconds)
    (timeResolution, isCoarse) = (other.timeResolution, other.isCoarse)
  }

  /// Reports the first `events` events to `onLog` without evaluating a gradient: when things happen does not
  /// depend on the model. The run is of no other use afterwards.
  public func rehearse(events: Int) { _ = rehearseOn(events) }

  /// Handles the next `count` events without vectors, and says how many there were.
  func rehearseOn(_ count: Int) -> Int {
    let handled = engine.advance(Engine.Limits(events: count), .idle, onLog).events
    events += handled
    return handled
  }

  /// Handles events until `events` of them are done, or, where given, `steps` updates, without evaluating a
  /// gradient, and says how far that is.
  func rehearse(upTo events: Int, steps: Int? = nil) -> (time: Double, iteration: Int, isStarved: Bool) {
    let limits = Engine.Limits(
      events: max(0, events - self.events), Stop(updates: steps), outlook: steps == nil ? .time : .updates)
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
    (timeResolution, isCoarse) = (checkpoint.timeResolution, checkpoint.isCoarse)
    forgetMeasurements()
  }

  /// How far the run has come.
  var reached: Checkpoint.Progress {
    let state = engine.state()
    return Checkpoint.Progress(
      events: events, time: state.time, iteration: state.iteration, arrivals: state.counts.arrivals)
  }

  /// The jobs assigned so far.
  var assigned: Int { engine.state().counts.assigned }

  /// k, the model updates so far.
  public var iteration: Int { engine.state().iteration }

  /// Back to iteration 0 with the same configuration.
  public func reset() {
    vectors.reset()
    recorder = TraceRecorder(recorder.interval, cost: recorder.cost)
    forgetMeasurements()
    stopped = nil
    (timeResolution, isCoarse) = (.nan, false)
    clearedTime = 0
    seconds = 0
    events = 0
    engine.restart()
  }

  /// The network that a decentralised method runs on, with the pivot and trees that it has chosen.
  public var network: Network? { ownedNetwork?.network }

  /// The times off of a worker, from 0, between two times, in order.
  public func timesOff(of worker: Int, from start: Double, to end: Double) -> [Range<Double>] {
    engine.timesOff(worker, start, end)
  }

  /// n, the number of workers.
  public var workers: Int { engine.workers }
  /// γ, as given or as the theory has it.
  public var gamma: Double { engine.gamma }
}
