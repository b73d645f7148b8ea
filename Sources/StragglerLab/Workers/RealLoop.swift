// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The loop over the events of a run with real workers: what the event queue is in a simulation.
///
/// Times are simulated seconds: real ones since the first order, divided by the scale, or themselves where
/// there is none. No two arrivals have the same time, all are multiples of a tick, and a trial ends exactly
/// when its time is over, so that the simulator repeats a recorded run event by event.
final class RealLoop {
  /// A worker's job.
  private struct Desk {
    var isOpen = false
    var gradients = 1
    var start = 0.0
    /// No arrival is earlier; infinite where the job never ends.
    var end = 0.0
    /// When it is given up.
    var deadline = Double.infinity
  }

  /// What has come, or is due.
  private enum Event {
    case arrival(Int, [UInt8], Double)
    case expiry(Int, Double)
    /// None comes before the end asked for.
    case later
    /// None can ever come.
    case never
    /// None has come yet.
    case notYet
    case failed
  }

  private var deployment: Deployment<AnyMethod>
  private let vectors: Vectors
  private let handIn: ([UInt8]) -> Bool
  private let workers: any RealWorkers
  private let fleet: OwnedFleet
  private let seed: UInt64
  private let scale: Double
  /// The least difference of two times: about a nanosecond of real time, a power of two.
  private let tick: Double
  private var origin = Double.nan
  private var desks: [Desk]
  /// What has come and has not been handled.
  private var pending: WorkResult?
  /// Whether the orders of the last event have not been carried out: a bound was met there.
  private var isUnsettled = false
  /// The state after the last event, before its orders, as a simulation has it.
  private(set) var state = Engine.State()
  private(set) var record: WorkRecord
  /// Why the workers are lost.
  private(set) var failure: LabError?

  /// Real seconds after which the loop comes back though nothing has come.
  private static let patience = 0.02

  init(
    _ deployment: consuming Deployment<AnyMethod>, _ vectors: Vectors, handIn: @escaping ([UInt8]) -> Bool,
    workers: any RealWorkers, fleet: OwnedFleet, seed: UInt64, scale: Double
  ) {
    self.deployment = deployment
    (self.vectors, self.handIn, self.workers) = (vectors, handIn, workers)
    (self.fleet, self.seed, self.scale) = (fleet, seed, scale)
    let nanoseconds = scale > 0 ? 0x1p-30 / scale : 0x1p-30
    tick = Double(sign: .plus, exponent: nanoseconds.exponent, significand: 1)
    desks = fleet.fleet.workers.indices.map { _ in Desk() }
    record = WorkRecord(tau: fleet.fleet.workers.indices.map { scale > 0 ? fleet.fleet.workers[$0].tau : 0 })
  }

  /// Seconds and energy that the jobs that run will have cost at `time`, if no event comes before it.
  func runningTotals(at time: Double) -> (seconds: Double, energy: Double) {
    deployment.server.runningTotals(at: time)
  }

  /// γ of the method.
  var gamma: Double { deployment.method.gamma.value }
}

// MARK: - The loop

extension RealLoop {
  /// Handles events until the run has something to do, or none has come for a while, and returns how many
  /// events and what.
  func advance(_ limits: Engine.Limits, _ onLog: ((LogEntry) -> Void)?) -> (events: Int, Engine.Pause) {
    if failure != nil || state.fault != nil { return (0, .stopped(.failed)) }
    var spending = limits.spending
    if origin.isNaN {
      if let reason = bound(limits, &spending) { return (0, .stopped(reason)) }
      origin = workers.now
      passOn(onLog)
    }
    let end = workers.now + Self.patience
    let limit = min(limits.time, limits.due.instant)
    for event in 0..<limits.events {
      if state.iteration >= limits.updates { return (event, .stopped(.updates)) }
      if state.counts.arrivals >= limits.arrivals { return (event, .stopped(.arrivals)) }
      if isUnsettled {
        if let reason = bound(limits, &spending) { return (event, .stopped(reason)) }
        settle(onLog)
      }
      let iteration = state.iteration
      switch next(by: limit, until: end) {
      case .arrival(let worker, let vector, let time):
        guard handIn(vector) else {
          failure = LabError("worker \(worker + 1) handed in a vector of another length than the model")
          return (event, .stopped(.failed))
        }
        close(worker, .delivered, at: time)
        deployment.receive(worker, isClipped: false, at: time)
      case .expiry(let worker, let time):
        workers.cancel(worker)
        close(worker, .unfinished, at: time)
        deployment.receive(worker, isClipped: true, at: time)
      case .later:
        state = Engine.State(deployment.server)
        guard limit < limits.time else { return (event, .stopped(.time)) }
        return (event, .instant(next: max(limit.nextUp, earliestEvent)))
      case .never:
        state = Engine.State(deployment.server)
        return (event, .stopped(.starved))
      case .notYet: return (event, .again)
      case .failed: return (event, .stopped(.failed))
      }
      let isFinite = vectors.execute(&deployment.server)
      state = Engine.State(deployment.server)
      isUnsettled = true
      if state.fault != nil { return (event + 1, .stopped(.failed)) }
      guard isFinite else { return (event + 1, .stopped(.diverged)) }
      // Workers do not wait for what is evaluated next.
      if bound(limits, &spending) == nil { settle(onLog) }
      let isDue =
        state.iteration != iteration
        && limits.due.isMet(iteration: state.iteration, time: state.time, used: state.counts.used)
      if isDue { return (event + 1, .lookIsDue) }
      if workers.now >= end { return (event + 1, .again) }
    }
    return (limits.events, .again)
  }

  /// Which bound is met, if one is.
  private func bound(_ limits: Engine.Limits, _ spending: inout Spending?) -> StopReason? {
    if state.iteration >= limits.updates { return .updates }
    if state.counts.arrivals >= limits.arrivals { return .arrivals }
    return spending?.isSpent(deployment.server)
  }

  /// Carries out the orders of the last event.
  private func settle(_ onLog: ((LogEntry) -> Void)?) {
    isUnsettled = false
    deployment.settle()
    passOn(onLog)
  }
}

// MARK: - Time

extension RealLoop {
  /// Simulated seconds since the first order.
  private var now: Double {
    let seconds = workers.now - origin
    return ((scale > 0 ? seconds / scale : seconds) / tick).rounded(.down) * tick
  }

  /// Real seconds until `time`.
  private func wait(until time: Double) -> Double {
    let seconds = time - now
    return scale > 0 ? seconds * scale : seconds
  }

  /// The time of an arrival from `worker` that has come: later than all that was, and not before the job can
  /// have ended.
  private func stamp(_ worker: Int) -> Double {
    let next = ((deployment.server.time / tick).rounded(.down) + 1) * tick
    let end = (desks[worker].end / tick).rounded(.up) * tick
    return max(now, max(next, end.isFinite ? end : 0))
  }

  /// What comes next, by the time `limit`, and in real time until `end`.
  private func next(by limit: Double, until end: Double) -> Event {
    while true {
      let due = earliestDeadline()
      if let result = pending {
        guard let worker = deployment.worker(of: result.ticket) else {
          deployment.countLate()
          pending = nil
          continue
        }
        let time = stamp(worker)
        if due.time <= time { return due.time <= limit ? .expiry(due.worker, due.time) : .later }
        guard time <= limit else { return .later }
        pending = nil
        return .arrival(worker, result.vector, time)
      }
      let time = now
      if due.time <= time { return due.time <= limit ? .expiry(due.worker, due.time) : .later }
      guard due.time < .infinity || desks.contains(where: { $0.isOpen && $0.end < .infinity }) else {
        return .never
      }
      let left = end - workers.now
      let seconds = min(left, wait(until: min(due.time, limit)))
      do throws(LabError) { pending = try workers.next(within: max(0, seconds)) } catch {
        failure = error
        return .failed
      }
      guard pending == nil else { continue }
      if now > limit, due.time > limit { return .later }
      if workers.now >= end { return .notYet }
    }
  }

  /// No event is earlier than this.
  private var earliestEvent: Double {
    let arrival = pending.flatMap { deployment.worker(of: $0.ticket) }.map(stamp)
    return min(earliestDeadline().time, arrival ?? now)
  }

  /// The trial whose time is over first, of several that of the first worker; infinite without one.
  private func earliestDeadline() -> (worker: Int, time: Double) {
    var (first, time) = (0, Double.infinity)
    for worker in desks.indices where desks[worker].isOpen && desks[worker].deadline < time {
      (first, time) = (worker, desks[worker].deadline)
    }
    return (first, time)
  }
}

// MARK: - Jobs

extension RealLoop {
  /// Passes the server's orders on to the workers.
  private func passOn(_ onLog: ((LogEntry) -> Void)?) {
    let time = deployment.server.time
    for index in 0..<deployment.orderCount {
      let order = deployment.order(index)
      let worker = order.worker
      if desks[worker].isOpen { close(worker, .unfinished, at: time) }
      if order.isCancellation {
        workers.cancel(worker)
        continue
      }
      let seconds = scale > 0 ? duration(of: order, from: time) : 0
      let tau = record.tau[worker]
      desks[worker] = Desk(
        isOpen: true, gradients: order.gradients, start: time, end: time + seconds,
        deadline: order.allotted < .infinity ? time + (tau + order.allotted) : .infinity)
      workers.start(
        WorkOrder(
          worker: worker, ticket: order.ticket, number: order.number, gradients: order.gradients,
          stepsize: order.stepsize.isNaN ? 0 : order.stepsize, seconds: scale > 0 ? scale * seconds : 0),
        at: vectors.point(order))
    }
    Engine.report(&deployment.server, onLog)
  }

  private func close(_ worker: Int, _ outcome: WorkRecord.Job.End, at time: Double) {
    desks[worker].isOpen = false
    record.jobs[worker].append(
      WorkRecord.Job(
        gradients: desks[worker].gradients, start: desks[worker].start, end: time, outcome: outcome))
  }

  /// The record with the jobs that run, as unfinished.
  var recordSoFar: WorkRecord {
    var record = record
    for worker in desks.indices where desks[worker].isOpen {
      record.jobs[worker].append(
        WorkRecord.Job(
          gradients: desks[worker].gradients, start: desks[worker].start, end: state.time,
          outcome: .unfinished))
    }
    return record
  }

  /// Σ τ + η of the gradients of `order`, as in a simulation: of a trial that is not given up.
  private func duration(of order: JobOrder, from start: Double) -> Double {
    let worker = fleet.fleet.workers[order.worker]
    var seconds = 0.0
    for number in order.number - order.gradients + 1..<order.number + 1 {
      var stream = RandomStream(seed: seed, purpose: .delay, worker: order.worker, job: number)
      let eta = worker.delay.sample(&stream, job: number, start: start + seconds, work: worker.tau)
      seconds += worker.tau + eta
    }
    return seconds
  }
}
