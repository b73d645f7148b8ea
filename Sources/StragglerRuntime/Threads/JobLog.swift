// SPDX-License-Identifier: Apache-2.0

/// A record of the jobs of real workers, written as a file that StragglerLab reads.
public struct JobLog: Equatable, Sendable {
  /// n.
  public var workers: Int
  /// The jobs in the order in which they ended; of a worker that is also the order in which they began.
  public var jobs: [JobRecord]

  /// The jobs of `workers` workers, in the order in which they ended.
  public init(workers: Int, jobs: [JobRecord]) {
    self.workers = workers
    self.jobs = jobs
  }

  /// What a list of durations is for.
  public enum Use: Sendable {
    /// `advise trace`, and laws fitted to it: the jobs that came to their end.
    case fitting
    /// `delay=trace("FILE")`: every job that was begun. One that did not come to its end lasts 10³⁰⁰ seconds,
    /// so that in the simulator, too, it does not arrive before it is cancelled, or the run is over.
    case replay
  }

  /// Not infinite: methods that wait for all workers would treat this one as stuck.
  private static let unfinished = 1e300

  /// Lines of text with the columns `worker` (from 1) and `duration` (seconds).
  ///
  /// With `tau=0` the replay of a run is that run: the same arrivals in the same order. Not so where a method
  /// gives trials up, since the simulator's end when their time is over, and real ones when the worker has
  /// noticed.
  public func durations(for use: Use) -> String {
    var lines = ["worker,duration"]
    var hasJobs = Array(repeating: false, count: workers)
    for job in jobs {
      switch (use, job.end) {
      case (_, .delivered), (.replay, .expired): lines.append("\(job.worker + 1),\(job.duration)")
      case (.replay, _): lines.append("\(job.worker + 1),\(Self.unfinished)")
      case (.fitting, _): continue
      }
      hasJobs[job.worker] = true
    }
    if case .replay = use {
      for worker in 0..<workers where !hasJobs[worker] { lines.append("\(worker + 1),\(Self.unfinished)") }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
