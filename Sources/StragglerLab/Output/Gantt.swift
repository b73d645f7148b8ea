// SPDX-License-Identifier: Apache-2.0

/// Who worked when, and what became of the work: a row per worker, time to the right.
public struct GanttChart: Equatable, Sendable {
  /// What became of a job.
  public enum Fate: String, CaseIterable, Sendable {
    /// Delivered, and the gradient was used.
    case used
    /// Delivered and not used.
    case discarded
    /// Stopped by the server before its end.
    case cancelled
    /// Stopped because its allotted time was over.
    case clipped
    /// Not ended yet.
    case running
  }

  /// A job on a worker.
  public struct Bar: Equatable, Sendable {
    /// From 0.
    public var worker: Int
    /// Simulated seconds.
    public var start: Double
    /// Simulated seconds; infinite for a job that never ends.
    public var end: Double
    /// What became of it.
    public var fate: Fate

    /// A job of `worker` (from 0) from `start` to `end`, in simulated seconds.
    public init(worker: Int, start: Double, end: Double, fate: Fate) {
      self.worker = worker
      self.start = start
      self.end = end
      self.fate = fate
    }
  }

  /// How many rows there are: n.
  public var workers: Int
  /// Simulated seconds at the left end.
  public var from: Double
  /// Simulated seconds at the right end.
  public var to: Double
  /// The jobs in any order; those of one worker must not overlap.
  public var bars: [Bar]
  /// The times of the model updates.
  public var updates: [Double]
  /// What the workers are called; empty where they have but numbers.
  public var names: [String] = []
  /// When each worker was off, in order; empty where none was.
  public var timesOff: [[Range<Double>]] = []

  /// A chart from its parts; `GanttRecorder` makes one of a run's log.
  public init(workers: Int, from: Double, to: Double, bars: [Bar], updates: [Double] = []) {
    self.workers = workers
    self.from = from
    self.to = to
    self.bars = bars
    self.updates = updates
  }
}

extension GanttChart {
  /// How a worker, or all of them, spent the time that is shown.
  public struct Utilization: Equatable, Sendable {
    /// The fraction of the time spent working, from 0 to 1.
    public let busy: Double
    /// The fraction of the working time whose gradient was used; NaN without work.
    public let useful: Double
  }

  /// The utilization of each worker. Linear in workers and bars.
  public func utilizationOfWorkers() -> [Utilization] {
    rows().map { Self.utilization(of: $0, over: to - from) }
  }

  /// The utilization of all workers together.
  public func utilization() -> Utilization {
    Self.utilization(of: rows().flatMap(\.self), over: (to - from) * Double(max(workers, 0)))
  }

  /// What a row is called: the worker's name, cut where it is long, or its number.
  func label(of worker: Int) -> String {
    guard names.indices.contains(worker) else { return String(worker + 1) }
    return TerminalText.shortened(TerminalText.clean(names[worker]), to: 16)
  }

  /// Whether the bounds leave something to show.
  var isEmpty: Bool { !(to - from >= 1e-300 && (to - from).isFinite && workers > 0) }

  /// The bars of each worker within the bounds, cut to these, by their start.
  func rows() -> [[Bar]] {
    guard !isEmpty else { return Array(repeating: [], count: max(workers, 0)) }
    var rows = [[Bar]](repeating: [], count: workers)
    for var bar in bars where rows.indices.contains(bar.worker) {
      bar.start = max(bar.start, from)
      bar.end = min(bar.end, to)
      // Also false for a NaN.
      if bar.start < bar.end { rows[bar.worker].append(bar) }
    }
    for index in rows.indices { rows[index].sort { $0.start < $1.start } }
    return rows
  }

  /// The times off of a worker within the bounds.
  func off(_ worker: Int) -> [Range<Double>] {
    guard timesOff.indices.contains(worker) else { return [] }
    return timesOff[worker].compactMap { time in
      let (start, end) = (max(time.lowerBound, from), min(time.upperBound, to))
      return start < end ? start..<end : nil
    }
  }

  /// The share of the time that is shown in which workers were off; nil where none was.
  var shareOff: Double? {
    let total = (0..<max(workers, 0)).reduce(0.0) { sum, worker in
      off(worker).reduce(sum) { $0 + ($1.upperBound - $1.lowerBound) }
    }
    return total > 0 && !isEmpty ? total / ((to - from) * Double(workers)) : nil
  }

  /// In which of `count` equal parts of the time a worker was off for the most part.
  func cellsOff(_ worker: Int, count: Int) -> [Bool] {
    var shares = [Double](repeating: 0, count: count)
    let length = (to - from) / Double(count)
    for time in off(worker) {
      let (start, end) = ((time.lowerBound - from) / length, (time.upperBound - from) / length)
      let first = min(max(Int(start), 0), count - 1)
      for cell in first...min(max(Int(end), first), count - 1) {
        shares[cell] += max(0, min(end - Double(cell), 1) - max(start - Double(cell), 0))
      }
    }
    return shares.map { $0 > 0.5 }
  }

  private static func utilization(of bars: [Bar], over time: Double) -> Utilization {
    var busy = 0.0
    var used = 0.0
    for bar in bars {
      busy += bar.end - bar.start
      if bar.fate == .used { used += bar.end - bar.start }
    }
    return Utilization(busy: time > 0 ? min(busy / time, 1) : .nan, useful: busy > 0 ? used / busy : .nan)
  }

  /// The fate that fills most of each of `count` equal parts of the time; nil where idleness does.
  func cells(of row: [Bar], count: Int) -> [Fate?] {
    let fates = Fate.allCases
    var shares = [Double](repeating: 0, count: count * fates.count)
    let length = (to - from) / Double(count)
    for bar in row {
      guard let fate = fates.firstIndex(of: bar.fate) else { continue }
      let first = min(max(Int((bar.start - from) / length), 0), count - 1)
      let last = min(max(Int((bar.end - from) / length), first), count - 1)
      for cell in first...last {
        let start = max((bar.start - from) / length - Double(cell), 0)
        let end = min((bar.end - from) / length - Double(cell), 1)
        shares[cell * fates.count + fate] += max(end - start, 0)
      }
    }
    return (0..<count).map { cell in
      let own = shares[cell * fates.count..<(cell + 1) * fates.count]
      guard let most = own.max(), most > 0, 1 - own.reduce(0, +) < most else { return nil }
      return own.firstIndex(of: most).map { fates[$0 - own.startIndex] }
    }
  }

  /// At most `limit` workers, evenly spread over all, the first and the last among them.
  static func shown(of workers: Int, limit: Int) -> [Int] {
    guard workers > limit else { return Array(0..<max(workers, 0)) }
    guard limit > 1 else { return [0] }
    // Quotient and remainder apart, since the product may overflow.
    let (quotient, remainder) = (workers - 1).quotientAndRemainder(dividingBy: limit - 1)
    return (0..<limit).map { $0 * quotient + $0 * remainder / (limit - 1) }
  }
}
