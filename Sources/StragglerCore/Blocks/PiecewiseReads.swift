// SPDX-License-Identifier: Apache-2.0

/// Reads of a model that changes while it is being read: a worker's view of it is a mixture of versions.
///
/// Coordinate j of a job that begins at time a and computes for D seconds is read at time a + u_j·w·D, u_j
/// being uniform on (0, 1) and drawn for (worker, job, j), and is what the newest version had then.
///
/// No version is kept for more than n updates: before every update one worker, in turn, records what it
/// has read since it was last its turn. So two views are worked on in an update, whatever the delays, each
/// in O(d log n). Memory: n + 2 points and a view for every worker.
public struct PiecewiseReads: BitwiseCopyable, Sendable {
  private let views: Slots
  /// Version v is at v mod (n + 1).
  private let history: Table<Reading.Version>
  /// w, the part of a job's duration in which it reads.
  private let window: Double

  /// No reads.
  public init() {
    views = Slots()
    history = Table()
    window = 0
  }

  /// Takes the memory. The method assigns workers at the newest point only.
  public init(_ setup: inout Setup, window: Double) throws(SetupError) {
    views = setup.slotsForWorkers()
    history = try setup.arena.table(of: Reading.Version.self, count: setup.workers + 1)
    self.window = window
    setup.horizon = setup.workers - 1
    setup.readsPiecewise = true
  }

  /// Keeps the newest version; to be called at the beginning and after every update.
  public func noteVersion(_ server: inout Server) {
    // Never given back: a point goes when it is older than the horizon.
    _ = server.hold()
    history[server.iteration % history.count] = Reading.Version(time: server.time, place: server.newestPoint)
  }

  /// The view of the worker whose job has just ended, complete; to be called before the update.
  public func complete(_ arrival: Arrival, _ server: inout Server) -> Slot {
    let turn = server.iteration % views.count
    if server.isRunning(turn) { take(turn, until: server.time, &server) }
    take(arrival.worker, until: .infinity, &server)
    return views[arrival.worker]
  }

  /// Takes down what `worker` has read since it was last its turn.
  private func take(_ worker: Int, until end: Double, _ server: inout Server) {
    let k = server.iteration
    // It was last its turn before the update to this version.
    let since = k - (k + views.count - worker - 1) % views.count
    server.read(
      worker, into: views[worker],
      Reading(
        window: window, first: max(since, k - server.delay(ofJobOf: worker)), last: k, end: end,
        history: history))
  }
}
