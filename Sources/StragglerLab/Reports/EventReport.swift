// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// The events of a run, as lines of CSV and as the bars of a Gantt chart.
public enum EventReport {
  /// The first line of the CSV, with its line feed.
  public static let header = "time,event,worker,job,version,delay,iteration,name\n"

  /// A line of the log; workers count from 1, as in the command language, and may have `names`.
  public static func line(_ entry: LogEntry, names: [String] = []) -> String {
    CSV.line([
      .number(entry.time), .text(name(entry.kind)), .integer(entry.worker + 1), .integer(entry.job),
      .integer(entry.version), entry.delay.isNaN ? .missing : .integer(Int(entry.delay)),
      .integer(entry.iteration),
      names.indices.contains(entry.worker) ? .text(names[entry.worker]) : .missing,
    ])
  }

  private static func name(_ kind: LogEntry.Kind) -> String {
    switch kind {
    case .assign: "assign"
    case .arrive: "arrive"
    case .use: "use"
    case .discard: "discard"
    case .clip: "clip"
    case .cancel: "cancel"
    case .step: "step"
    case .update: "update"
    }
  }
}

/// Collects who worked when from the entries of a run's log.
public struct GanttRecorder: Sendable {
  /// More bars than can be told apart are not kept.
  public static let limit = 1_000_000

  private let workers: Int
  private var starts: [Double]
  /// Jobs that have ended and whose fate is not known yet: on a network it shows later.
  private var open: [OpenJob: Int] = [:]
  private var bars: [GanttChart.Bar] = []
  private var updates: [Double] = []
  /// Bars that were not kept.
  public private(set) var dropped = 0

  /// A recorder for the log of a run from its start, with n = `workers`.
  public init(workers: Int) {
    self.workers = workers
    starts = Array(repeating: .nan, count: workers)
  }

  /// Takes the next entry of the log, in order; its worker is one of the n. Amortised O(1).
  public mutating func record(_ entry: LogEntry) {
    switch entry.kind {
    case .assign: starts[entry.worker] = entry.time
    case .arrive: open[OpenJob(entry)] = end(entry, .discarded)
    case .use: if let bar = open.removeValue(forKey: OpenJob(entry)) { bars[bar].fate = .used }
    case .discard: open[OpenJob(entry)] = nil
    case .clip: end(entry, .clipped)
    case .cancel: end(entry, .cancelled)
    case .step: break
    case .update: if updates.count < Self.limit { updates.append(entry.time) }
    }
  }

  private struct OpenJob: Hashable {
    let worker: Int
    let job: Int

    init(_ entry: LogEntry) { (worker, job) = (entry.worker, entry.job) }
  }

  /// Ends the bar of the job, and returns its index if it was kept.
  @discardableResult
  private mutating func end(_ entry: LogEntry, _ fate: GanttChart.Fate) -> Int? {
    defer { starts[entry.worker] = .nan }
    if bars.count < Self.limit {
      bars.append(
        GanttChart.Bar(worker: entry.worker, start: starts[entry.worker], end: entry.time, fate: fate))
      return bars.count - 1
    }
    dropped += 1
    return nil
  }

  /// The chart between two times; without them, of the whole run up to `now`.
  public func chart(from: Double?, to: Double?, now: Double) -> GanttChart {
    let running = starts.indices.filter { !starts[$0].isNaN && starts[$0] < now }.map {
      GanttChart.Bar(worker: $0, start: starts[$0], end: now, fate: .running)
    }
    let (from, to) = (from ?? 0, to ?? now)
    let shown = (bars + running).filter { $0.end >= from && $0.start <= to }
    return GanttChart(
      workers: workers, from: from, to: to, bars: shown, updates: updates.filter { $0 >= from && $0 <= to })
  }
}
