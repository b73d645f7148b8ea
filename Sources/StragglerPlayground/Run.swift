// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// One method at work, with what has happened since the page last looked.
struct Run {
  /// Why an advance has ended.
  enum Pause: Int32 {
    /// As many events as asked for.
    case events
    /// The next event is later.
    case time
    /// The page has to look before there is room for more.
    case full
    /// No event can come.
    case starved
    /// The model or the loss is no longer finite, or the gap has grown beyond 10⁶ times the first.
    case diverged
    /// The method's code has a mistake.
    case failed
  }

  /// The numbers of a row of `log`: time, kind, worker, job, version, delay, k.
  static let logColumns = 7
  /// The numbers of a row of `trace`: time, k, gap, the first two coordinates of the model.
  static let traceColumns = 5

  let simulated: Simulated
  let vectors: Vectors
  let workers: Int
  let log: Table<Double>
  let trace: Table<Double>
  private(set) var logCount = 0
  private(set) var traceCount = 0
  private var tracedAt = 0.0
  private var ended: Pause?
  private let roomForAnEvent: Int

  init(_ simulated: Simulated, _ vectors: Vectors, workers: Int, arena: inout Arena) throws(SetupError) {
    (self.simulated, self.vectors, self.workers) = (simulated, vectors, workers)
    roomForAnEvent = 8 * workers + 64
    log = try arena.table(of: Double.self, count: Self.logColumns * (4 * roomForAnEvent + 4_096))
    trace = try arena.table(of: Double.self, count: Self.traceColumns * 4_096)
    takePoint()
  }

  /// f(x^k) − f*.
  var gap: Double { vectors.loss - vectors.conditions.optimum }

  /// The page has seen what is in `log` and `trace`.
  mutating func forget() { (logCount, traceCount) = (0, 0) }

  /// Handles at most `events` events that come by `limit`.
  mutating func advance(_ events: Int, by limit: Double) -> Pause {
    if let ended { return ended }
    for _ in 0..<events {
      guard log.count / Self.logColumns - logCount >= roomForAnEvent,
        traceCount < trace.count / Self.traceColumns
      else { return .full }
      let iteration = simulated.iteration
      switch simulated.next(by: limit) {
      case .handled: break
      case .later:
        report()
        return .time
      case .never:
        report()
        return end(.starved)
      }
      let isFinite = simulated.execute(vectors)
      report()
      if simulated.fault != nil { return end(.failed) }
      guard isFinite else { return end(.diverged) }
      guard simulated.iteration != iteration else { continue }
      let (loss, first) = (vectors.loss, vectors.conditions.gap)
      if simulated.time >= tracedAt { takePoint() }
      guard loss.isFinite, !(first > 0 && loss - vectors.conditions.optimum > 1e6 * first) else {
        return end(.diverged)
      }
    }
    return .events
  }

  private mutating func end(_ pause: Pause) -> Pause {
    ended = pause
    return pause
  }

  /// Points are so close together that curves over the logarithm of the time are smooth.
  private mutating func takePoint() {
    let start = traceCount * Self.traceColumns
    trace[start] = simulated.time
    trace[start + 1] = Double(simulated.iteration)
    trace[start + 2] = gap
    trace[start + 3] = vectors.coordinate(0)
    trace[start + 4] = vectors.coordinate(1)
    traceCount += 1
    tracedAt = simulated.time * 1.002
  }

  private mutating func report() {
    guard let entries = simulated.log, entries.isRecording else { return }
    for index in 0..<entries.count {
      let entry = entries[index]
      for job in 0..<entry.count where logCount < log.count / Self.logColumns {
        let single = entry[job]
        let start = logCount * Self.logColumns
        log[start] = single.time
        log[start + 1] = Double(single.kind.rawValue)
        log[start + 2] = Double(single.worker)
        log[start + 3] = Double(single.job)
        log[start + 4] = Double(single.version)
        log[start + 5] = single.delay
        log[start + 6] = Double(single.iteration)
        logCount += 1
      }
    }
    simulated.emptyLog()
  }

  /// The statistics, in the order in which the page knows their names.
  func write(to numbers: Table<Double>) -> Int {
    let (counts, running, time) = (simulated.counts, simulated.runningTotals, simulated.time)
    let busy = counts.busy + running.seconds
    let loss = vectors.loss
    var count = 0
    func put(_ value: Double) {
      numbers[count] = value
      count += 1
    }
    put(time)
    put(Double(simulated.iteration))
    put(Double(counts.assigned))
    put(Double(counts.arrivals))
    put(Double(counts.used))
    put(Double(counts.discarded))
    put(Double(counts.cancelled))
    put(Double(counts.clipped))
    put(Double(counts.gradients))
    put(Double(counts.messages))
    put(Double(counts.coordinates))
    put(loss)
    put(loss - vectors.conditions.optimum)
    put(vectors.squaredGradientNorm)
    put(counts.delayMean)
    put(Double(counts.delayMax))
    put(Double(counts.concurrencyMax))
    put(time > 0 ? min(busy / (time * Double(workers)), 1) : .nan)
    put(busy > 0 ? min(counts.useful / busy, 1) : .nan)
    put(counts.energy + running.energy)
    put(simulated.gamma)
    put(vectors.coordinate(0))
    put(vectors.coordinate(1))
    return count
  }
}
