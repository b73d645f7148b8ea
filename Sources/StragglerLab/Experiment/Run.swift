public import StragglerCore

/// A run in progress: a method on a problem with a fleet.
///
/// It advances exactly the same whether it is run in one go or in pieces. The type of the method and of the problem
/// is behind this face; see `Experiment` for how to make one.
public class Run {
  public let method: String
  /// The points of the trace so far; the first is x⁰.
  public final var trace: [TracePoint] { recorder.points }
  public final private(set) var stopped: StopReason?
  /// Called with the entries of every event, where the run keeps a log.
  public final var onLog: ((LogEntry) -> Void)?

  final let vectors: any Vectors
  final let arena: OwnedArena
  private final var recorder: TraceRecorder
  private final var measured: TracePoint?
  private final var seconds = 0.0
  private final var events = 0

  init(method: String, vectors: any Vectors, arena: OwnedArena, interval: TraceInterval) {
    self.method = method
    self.vectors = vectors
    self.arena = arena
    recorder = TraceRecorder(interval, cost: vectors.evaluationCost)
  }

  /// Runs until `stop`. `interrupted` and `progress` are looked at and called a few thousand times a second, `clock`
  /// gives real seconds for `wall`.
  @discardableResult
  public final func run(
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
    if recorder.points.isEmpty, let reason = takePoint(stop) { return reason }
    while true {
      let (burst, reason) = advance(events: 4_096, stop, &recorder)
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
    let (time, iteration, counts) = state
    if let measured, measured.iteration == iteration, measured.arrivals == counts.arrivals, measured.time == time {
      return measured
    }
    var point = TracePoint(
      time: time, iteration: iteration, arrivals: counts.arrivals, used: counts.used, loss: .nan, gap: .nan,
      gradnorm2: .nan, accuracy: .nan)
    if let measured, measured.iteration == iteration {
      (point.loss, point.gap) = (measured.loss, measured.gap)
      (point.gradnorm2, point.accuracy) = (measured.gradnorm2, measured.accuracy)
    } else {
      point.loss = vectors.value()
      point.gap = point.loss - vectors.conditions.optimum
      point.gradnorm2 = vectors.squaredGradientNorm()
      point.accuracy = vectors.accuracy()
    }
    measured = point
    return point
  }

  /// The state of the run now.
  public final var statistics: Statistics {
    let (time, _, counts) = state
    let running = runningTotals
    var statistics = Statistics(method: method, point: measure())
    statistics.assigned = counts.assigned
    statistics.discarded = counts.discarded
    statistics.cancelled = counts.cancelled
    statistics.gradients = counts.gradients
    statistics.delayMean = counts.delayMean
    statistics.delayMax = counts.delayMax
    statistics.concurrencyMax = counts.concurrencyMax
    let busy = counts.busy + running.seconds
    if time > 0 { statistics.busy = busy / (time * Double(workers)) }
    if busy > 0 { statistics.useful = counts.useful / busy }
    statistics.energy = counts.energy + running.energy
    statistics.wall = seconds
    if seconds > 0 { statistics.eventsPerSecond = Double(events) / seconds }
    statistics.memory = arena.bytes
    statistics.stopped = stopped
    return statistics
  }

  /// x^k, in doubles.
  public final var model: [Double] { vectors.model() }

  /// What the theory knows of the problem: L, σ², f*, Δ.
  public final var conditions: Conditions { vectors.conditions }

  /// Back to iteration 0 with the same configuration.
  public final func reset() {
    vectors.reset()
    recorder = TraceRecorder(recorder.interval, cost: vectors.evaluationCost)
    measured = nil
    stopped = nil
    seconds = 0
    events = 0
    restart()
  }

  // What depends on the method's type.

  enum Pause { case again, pointIsDue, stopped(StopReason) }

  /// n.
  public var workers: Int { 0 }
  /// γ, as given or as the theory has it.
  public var stepsize: Double { .nan }
  var state: (time: Double, iteration: Int, counts: Counts) { (0, 0, Counts()) }
  /// What the jobs that run now have cost so far.
  var runningTotals: (seconds: Double, energy: Double) { (0, 0) }
  func restart() {}
  /// Handles at most `events` events, until a point of the trace is due or the run is to stop.
  func advance(events: Int, _ stop: Stop, _ recorder: inout TraceRecorder) -> (events: Int, Pause) {
    (0, .stopped(.starved))
  }
}
