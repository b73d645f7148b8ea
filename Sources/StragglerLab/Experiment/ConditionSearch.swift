// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Searches a run for the first update at which a condition holds.
///
/// Where not every update can be evaluated, states are saved on the way. Once a condition holds, the run goes
/// back to one of them and is evaluated more often from there, repeatedly in shorter pieces: runs are exact,
/// so that it holds again at the same update at the latest. The run then ends at the first update at which it
/// was seen to hold, with the trace, the counts and the log that it would have had without the closer look.
final class ConditionSearch {
  /// A state to go back to.
  private final class Kept {
    let memory: OwnedArena
    private(set) var iteration = 0
    private(set) var time = 0.0
    private(set) var events = 0
    private(set) var work = 0.0
    /// The evaluation at that state.
    private(set) var look: SparseLooks.Look?
    private var putBack: [() -> Void] = []

    init?(like arena: OwnedArena) {
      guard let memory = OwnedArena(bytes: arena.bytes) else { return nil }
      self.memory = memory
    }

    func take(_ run: Run, work: Double, look: SparseLooks.Look?) {
      self.look = look
      run.arena.copy(into: memory)
      let state = run.engine.state()
      (iteration, time, events, self.work) = (state.iteration, state.time, run.events, work)
      putBack = [run.engine.mark(), run.vectors.mark()]
    }

    func restore(_ run: Run) {
      memory.copy(into: run.arena)
      for part in putBack { part() }
      run.events = events
      run.forgetMeasurements()
    }
  }

  private unowned let run: Run
  private let goal: Goal
  private let quantities: [Quantity]
  private var watch: Watch
  private var sparse = SparseLooks()
  /// Two states on the way, some distance apart.
  private var (older, newer) = (Kept?.none, Kept?.none)
  /// Memory for states that is not in use.
  private var spare: [Kept] = []
  /// The position in the log while events are not reported because the run may go back.
  private var logged: Kept?
  private var hasMemory = true

  init(_ run: Run, _ goal: Goal) {
    self.run = run
    self.goal = goal
    quantities = goal.conditions.map(\.quantity)
    let prices = Watch.Prices(
      run.vectors.work, goal.conditions, dimension: run.vectors.conditions.dimension,
      workers: run.workers, hasModels: run.averages, bytes: run.arena.bytes)
    watch = Watch(
      goal.conditions, prices, allowance: run.allowance, at: run.engine.state(), events: run.events)
  }

  private var work: Double { watch.prices.work(run.engine.state(), events: run.events) }

  /// The closure to which events are reported.
  var log: ((LogEntry) -> Void)? { logged == nil ? run.onLog : nil }

  /// Simulated seconds at which the run was when it could last be gone back to, or now where it cannot.
  var clearedTime: Double {
    if goal.conditions.isEmpty { return run.time }
    return (older ?? newer)?.time ?? watch.last.time
  }

  // MARK: - Along the way

  /// When the run pauses next.
  var due: Due {
    if goal.conditions.isEmpty { return run.recorder.due(goal.stop) }
    // What the trace evaluates besides is paid for together with the looks.
    var due = run.recorder.required(goal.stop)
    due.iteration = min(due.iteration, watch.next)
    return due
  }

  /// Evaluates the state at which the run continues.
  func begin() -> StopReason? {
    if goal.conditions.isEmpty {
      guard run.trace.isEmpty, run.recorder.interval != .end else { return nil }
      return take(run.measure())
    }
    let isFirst = run.trace.isEmpty && run.recorder.interval != .end
    let before = run.trace.last { !watch.holds(at: $0) }
    let point = run.measure(isFirst ? nil : quantities)
    if isFirst { run.record(point) }
    if run.hasDiverged(at: point) { return .diverged }
    if watch.holds(at: point) {
      run.isResolved(to: run.time - (before?.time ?? 0), updates: run.iteration - (before?.iteration ?? 0))
      return .condition
    }
    sparse.note(point, goal.conditions)
    watch.clear(point, work: work, isPaidFor: false)
    keep()
    return nil
  }

  /// Evaluates the state at which the run has paused; returns why it ends if it does.
  func look(_ interrupted: () -> Bool) -> StopReason? {
    let state = run.engine.state()
    if goal.conditions.isEmpty { return take(run.measure()) }
    let required = run.recorder.required(goal.stop)
    let isRequired = required.isMet(iteration: state.iteration, time: state.time, used: state.counts.used)
    let work = work
    guard isRequired || watch.isDue(state, work: work) else {
      watch.plan(at: state.iteration, work: work)
      return nil
    }
    let isPoint =
      isRequired
      || run.recorder.welcomes(iteration: state.iteration) && watch.paysForPoint(work: work)
    let point = run.measure(isPoint ? nil : quantities)
    if isPoint { run.record(point) }
    if run.hasDiverged(at: point) { return end(.diverged, interrupted) }
    if watch.holds(at: point) { return narrow(interrupted) }
    sparse.note(point, goal.conditions)
    watch.clear(point, work: work, isPaidFor: isRequired)
    keep()
    return nil
  }

  /// Evaluates the state at `instant`, before the next event, which comes at `next`; returns why the run ends
  /// if it does.
  func look(at instant: Double, next: Double, _ interrupted: () -> Bool) -> StopReason? {
    if !goal.conditions.isEmpty, run.iteration > watch.last.iteration {
      let point = run.measure(quantities)
      if run.hasDiverged(at: point) { return end(.diverged, interrupted) }
      if watch.holds(at: point) { return narrow(interrupted) }
      sparse.note(point, goal.conditions)
      watch.clear(point, work: work, isPaidFor: true)
      keep()
    }
    defer { run.recorder.skip(to: next) }
    return take(run.measure(at: instant))
  }

  private func take(_ point: TracePoint) -> StopReason? {
    run.record(point)
    return run.hasDiverged(at: point) ? .diverged : nil
  }

  /// The run ends for `reason`, unless a condition holds where it does. `isMeasured`: the end is a point of
  /// the trace, and a look.
  func end(
    _ reason: StopReason, isMeasured: Bool = true, hasPeeked: Bool = false, _ interrupted: () -> Bool
  ) -> StopReason {
    guard isMeasured else {
      reportWhatWasDone(hasPeeked: false)
      return reason
    }
    let point = run.measure()
    if reason != .diverged, reason != .interrupted, !run.hasDiverged(at: point), watch.holds(at: point) {
      return narrow(interrupted, hasPeeked: hasPeeked)
    }
    run.record(reason == .time && run.recorder.endsAtTime ? run.measure(at: goal.stop.time) : point)
    reportWhatWasDone(hasPeeked: hasPeeked)
    return run.hasDiverged(at: point) ? .diverged : reason
  }

  // MARK: - Keeping states

  /// Keeps the state where the next look is not at the next update, and the last state kept is some way back.
  private func keep() {
    let iteration = run.iteration
    guard hasMemory, due.iteration > iteration + 1, watch.paysForKeeping(work: work) else { return }
    if let newer {
      let distance = max(1, newer.iteration / 20)
      guard iteration - newer.iteration >= distance || watch.next - newer.iteration > 2 * distance else {
        return
      }
    }
    guard let kept = take() else { return }
    if run.onLog != nil, logged == nil {
      logged = take()
      guard logged != nil else { return spare.append(kept) }
    }
    if let older { spare.append(older) }
    (older, newer) = (newer, kept)
  }

  /// The state now; nil where there is no memory for it.
  private func take() -> Kept? {
    guard let kept = spare.popLast() ?? Kept(like: run.arena) else {
      hasMemory = false
      return nil
    }
    kept.take(run, work: work, look: sparse.last)
    watch.spendOnSearch(keeps: 1)
    return kept
  }

  /// Reports the events since the log was held back, without evaluating a gradient.
  private func reportWhatWasDone(hasPeeked: Bool) {
    guard let logged else { return }
    self.logged = nil
    guard let end = spare.popLast() ?? newer ?? Kept(like: run.arena) else { return }
    end.take(run, work: 0, look: nil)
    logged.restore(run)
    _ = run.engine.advance(Engine.Limits(events: end.events - run.events), .idle, run.onLog)
    // Jobs that begin when the next event is asked for.
    if hasPeeked { _ = run.engine.advance(Engine.Limits(events: 1, goal.stop), .idle, run.onLog) }
    end.restore(run)
  }

  // MARK: - Looking closer

  /// A condition holds where the run is: goes to the first update at which it is seen to.
  private func narrow(_ interrupted: () -> Bool, hasPeeked: Bool = false) -> StopReason {
    let total = work
    var hit = (iteration: run.iteration, time: run.time)
    var last = watch.last
    var hasGoneBack = false
    // A look is at the update itself, an end may come long after it.
    var from = start(
      hit: hit.iteration, total: total, isExact: !hasPeeked && hit.iteration <= last.iteration + 1)
    while let start = from {
      let distance = hit.iteration - start.iteration
      let looks = watch.looks(from: start.work, to: total, ofRun: total)
      guard distance > 0, looks > 1 || hasPeeked && looks >= 0 && !hasGoneBack else { break }
      // Some of the looks are for the next, shorter piece.
      let between = min(distance - 1, looks > Self.mostLooks ? Self.mostLooks : max(1, looks * 2 / 3))
      let step = (distance + between) / (between + 1)
      guard scan(start, upTo: hit.iteration, step: step, interrupted, &last, &hit) else {
        run.recorder.goBack(to: run.iteration, time: run.time)
        reportWhatWasDone(hasPeeked: false)
        return .interrupted
      }
      hasGoneBack = true
      from = step > 1 && hit.iteration > last.iteration + 1 ? newer : nil
    }
    if hasGoneBack { run.recorder.goBack(to: hit.iteration, time: hit.time) }
    run.record(run.measure())
    reportWhatWasDone(hasPeeked: hasPeeked && !hasGoneBack)
    if let doubt = sparse.doubtful(before: hit.iteration) { last = (doubt.iteration, doubt.time) }
    run.isResolved(to: hit.time - last.time, updates: hit.iteration - last.iteration)
    return .condition
  }

  /// The largest number of evaluations in a piece: more would not change the result noticeably.
  private static let mostLooks = 1_000

  /// The state to go back to; nil where every update before has been looked at, or none can be paid for.
  private func start(hit: Int, total: Double, isExact: Bool) -> Kept? {
    if isExact,
      watch.denseFrom <= (older ?? newer)?.iteration ?? watch.denseFrom
        || Double(watch.denseFrom) <= 0.9 * Double(hit)
    {
      return nil
    }
    if let older, watch.looks(from: older.work, to: total, ofRun: total) >= 16 { return older }
    return newer
  }

  /// Runs from `start` up to the update `end` and looks every `step` updates; ends at the first look at which
  /// a condition holds, the last at which none did being kept as `newer`. False after an interruption.
  private func scan(
    _ start: Kept, upTo end: Int, step: Int, _ interrupted: () -> Bool,
    _ last: inout (iteration: Int, time: Double), _ hit: inout (iteration: Int, time: Double)
  ) -> Bool {
    start.restore(run)
    sparse.goBack(to: start.look)
    watch.spendOnSearch(keeps: 1)
    let begin = start.work
    if let older, older !== start { spare.append(older) }
    if let newer, newer !== start { spare.append(newer) }
    (older, newer) = (nil, start)
    last = (run.iteration, run.time)
    var next = min(end, last.iteration + step)
    while true {
      if interrupted() { return false }
      let limits = Engine.Limits(events: 4_096, goal.stop, due: Due(iteration: next))
      let (burst, pause) = run.engine.advance(limits, run.vectors, log)
      run.events += burst
      switch pause {
      case .again: continue
      case .stopped: return true
      case .lookIsDue, .instant: break
      }
      watch.spendOnSearch(checks: 1)
      let point = run.measure(quantities)
      if watch.holds(at: point) { break }
      sparse.note(point, goal.conditions)
      last = (run.iteration, run.time)
      next = min(max(end, last.iteration + 1), last.iteration + step)
      if step > 1 {
        newer?.take(run, work: work, look: sparse.last)
        watch.spendOnSearch(keeps: 1)
      }
    }
    hit = (run.iteration, run.time)
    watch.spendOnSearch(work: work - begin)
    return true
  }
}
