// SPDX-License-Identifier: Apache-2.0

/// Which points the workers hold, where the model takes time to come to them.
///
/// A worker keeps the last point that it has received, and waits for any other. At the start it holds none.
/// A point that was on its way when the job was cancelled has not been received. Points are told apart by
/// their versions. Without downloads this has no memory, and is not asked.
@usableFromInline
struct Downloads: BitwiseCopyable, Sendable {
  /// The last download of a worker, which may still run.
  private struct Download: BitwiseCopyable {
    /// The version of its point.
    var version = -1
    /// The version that the worker held when it began; −1 for none.
    var before = -1
    /// When it ends.
    var end = 0.0
  }

  private let last: Table<Download>
  /// Whether some worker waits for the model.
  var isEmpty: Bool { last.isEmpty }

  /// Nothing in the worker's hands, and no memory where no worker waits.
  init(_ setup: inout Setup) throws(SetupError) {
    // A measuring arena that has the workers, too, does not show them: then there is room in any case.
    guard setup.hasDownloads || setup.fleet.workers.isEmpty else {
      last = Table()
      return
    }
    try setup.require(
      !setup.readsPiecewise,
      .impossible(
        "workers that wait for a model which they read while it changes", remedy: "leave download= out"))
    last = try setup.table(of: Download.self)
    reset()
  }

  /// Nothing in the workers' hands. O(n).
  func reset() { last.fill(Download()) }

  /// When `worker`, which takes `seconds` to receive a point, can begin a job that is assigned `now` at the
  /// point of `version`.
  func beginning(_ worker: Int, version: Int, at now: Double, seconds: Double) -> Double {
    let old = last[worker]
    let held = old.end <= now ? old.version : old.before
    let start = held == version ? now : now + seconds
    last[worker] = Download(version: version, before: held, end: start)
    return start
  }

  /// `worker` stops `now`: a point that is on its way does not come.
  func stop(_ worker: Int, at now: Double) {
    let old = last[worker]
    if old.end > now { last[worker] = Download(version: old.before, before: old.before, end: now) }
  }
}
