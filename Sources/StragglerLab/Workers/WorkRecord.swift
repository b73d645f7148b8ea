// SPDX-License-Identifier: Apache-2.0

internal import StragglerData

/// What real workers have done, job by job.
public struct WorkRecord: Equatable, Sendable {
  /// A job of one gradient or several.
  public struct Job: Equatable, Sendable {
    /// How a job ended.
    public enum End: Equatable, Sendable {
      /// Its gradients were handed in.
      case delivered
      /// The time allotted was over, the server stopped it, or it was running when the run ended.
      case unfinished
    }

    /// How many gradients it had.
    public var gradients: Int
    /// When it was ordered, in simulated seconds.
    public var start: Double
    /// When it ended.
    public var end: Double
    /// How it ended.
    public var outcome: End
  }

  /// The jobs of each worker, in order.
  public internal(set) var jobs: [[Job]]
  /// τ of each worker, which is not among the durations of `replay`; 0 where workers did not wait.
  public let tau: [Double]

  init(tau: [Double]) {
    self.tau = tau
    jobs = tau.map { _ in [] }
  }

  /// Not infinite: methods that wait for all workers would treat this one as stuck.
  private static let unfinished = 1e300

  /// The seconds that jobs took which were delivered: lines of text with the columns `worker`, from 1, and
  /// `duration`.
  public var durations: String {
    table { jobs, _ in jobs.filter { $0.outcome == .delivered }.map { $0.end - $0.start } }
  }

  /// The random parts of all gradients in the same form, for `delay=trace("FILE")`: with them the workers of
  /// `tau` repeat the run in the simulator, event by event.
  ///
  /// What was not delivered lasts 10³⁰⁰ seconds. The first line has the simulator compute each gradient by
  /// itself, as workers do, before it is added to anything.
  public var replay: String {
    RecordedDurations.realRunTitle + "\n"
      + table { jobs, tau in
        let list = jobs.flatMap { job in
          [Double](repeating: 0, count: job.gradients - 1)
            + [job.outcome == .delivered ? Self.delay(of: job, tau) : Self.unfinished]
        }
        return list.isEmpty ? [Self.unfinished] : list
      }
  }

  private func table(_ values: ([Job], Double) -> [Double]) -> String {
    var lines = ["worker,duration"]
    for (worker, jobs) in jobs.enumerated() {
      lines += values(jobs, tau[worker]).map { "\(worker + 1),\($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// η of the last gradient of `job`, those before it having none, with which a simulation that adds in its
  /// order comes to the end of the job in the last bit.
  private static func delay(of job: Job, _ tau: Double) -> Double {
    var before = 0.0
    for _ in 1..<max(1, job.gradients) { before += tau }
    func end(_ eta: Double) -> Double { job.start + (before + (tau + eta)) }
    var high = max(0, job.end - job.start)
    // `end` rises with η: the bits of numbers that are not negative are in their order.
    while end(high) < job.end { high = high == 0 ? 0x1p-60 : 2 * high }
    guard end(0) < job.end else { return 0 }
    var (first, last) = (0.0.bitPattern, high.bitPattern)
    while last - first > 1 {
      let middle = first + (last - first) / 2
      if end(Double(bitPattern: middle)) < job.end { first = middle } else { last = middle }
    }
    return Double(bitPattern: last)
  }
}
