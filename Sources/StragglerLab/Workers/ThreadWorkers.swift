// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Synchronization

/// Real workers that are threads of this process.
///
/// Each worker belongs to a thread, which computes; then its result waits for its time without one. So a run
/// of a few threads can have many slow workers.
public final class ThreadWorkers: RealWorkers {
  public let count: Int
  private let office: Office
  private let clock: @Sendable () -> Double
  private var threads: [WorkerThread] = []
  /// What computes where there are no threads.
  private let own: Labour?

  /// The workers of `experiment`: worker i belongs to thread i modulo `threads`, by default one for each.
  ///
  /// With 0 threads, or a problem whose functions may only be called one after another, gradients are
  /// computed on the thread of the run. `clock` gives real seconds, on any thread. Throws where there are not
  /// so many threads or not enough memory: every thread has what the problem needs for a gradient.
  public init(
    _ experiment: Experiment, threads: Int? = nil, clock: @escaping @Sendable () -> Double
  ) throws(LabError) {
    count = experiment.workers.count
    self.clock = clock
    let width = experiment.problem.isSerial ? 0 : threads ?? count
    guard width >= 0, width <= count else {
      throw LabError(
        "\(width) threads for \(count) workers: a worker computes on one thread",
        remedy: "give from 1 to \(count) threads", key: "threads")
    }
    office = Office(workers: count, threads: max(1, width))
    // What is wrong with the problem is wrong on every thread, and is said here.
    let first = try experiment.labour()
    own = width == 0 ? first : nil
    for index in 0..<width {
      do throws(WorkerThread.Failure) {
        self.threads.append(
          try WorkerThread { [office, clock] in office.work(as: index, experiment, clock) })
      } catch {
        stop()
        throw LabError(
          "the system made \(index) of \(width) threads", remedy: "give fewer: threads=\(max(1, index))",
          key: "threads")
      }
    }
  }

  deinit { stop() }

  public var now: Double { clock() }

  public func start(_ order: WorkOrder, at point: [UInt8]) {
    office.start(order, at: point, due: clock() + order.seconds)
  }

  public func cancel(_ worker: Int) { office.cancel(worker) }

  public func next(within seconds: Double) throws(LabError) -> WorkResult? {
    let end = clock() + seconds
    while true {
      if let own { office.workOnce(as: 0, own) }
      let (result, wait) = try office.take(at: clock(), until: end)
      if let result { return result }
      guard let wait else { return nil }
      office.wait(seconds: wait)
    }
  }

  public func stop() {
    office.close()
    for thread in threads { thread.join() }
    threads = []
  }
}

/// Where orders and results lie, for the run and all threads.
private final class Office: Sendable {
  /// A worker's order and what has come of it.
  private struct Desk {
    var order: WorkOrder?
    var point: [UInt8] = []
    /// When the result may be handed in.
    var due = 0.0
    var result: [UInt8]?
  }

  private struct State {
    var desks: [Desk]
    /// The workers of each thread that have an order which nobody has begun.
    var queues: [[Int]]
    var isClosed = false
    /// Whether the run waits for a result.
    var isWaited = false
    var failure: LabError?
  }

  private let state: Mutex<State>
  /// What each worker is to do, by a number that changes with its order: looked at without the lock.
  private let serials: [Serial]
  private let bells: [DispatchSemaphore]
  private let results = DispatchSemaphore(value: 0)

  private final class Serial: Sendable {
    let value = Atomic<UInt64>(0)
  }

  init(workers: Int, threads: Int) {
    state = Mutex(
      State(
        desks: Array(repeating: Desk(), count: workers), queues: Array(repeating: [], count: threads)))
    serials = (0..<workers).map { _ in Serial() }
    bells = (0..<threads).map { _ in DispatchSemaphore(value: 0) }
  }

  // MARK: For the run

  func start(_ order: WorkOrder, at point: [UInt8], due: Double) {
    let thread = order.worker % bells.count
    let isNew = state.withLock { state in
      serials[order.worker].value.add(1, ordering: .relaxed)
      state.desks[order.worker] = Desk(order: order, point: point, due: due)
      // What is never handed in need not be computed.
      guard order.seconds < .infinity, !state.queues[thread].contains(order.worker) else { return false }
      state.queues[thread].append(order.worker)
      return true
    }
    if isNew { bells[thread].signal() }
  }

  func cancel(_ worker: Int) {
    state.withLock { state in
      serials[worker].value.add(1, ordering: .relaxed)
      state.desks[worker] = Desk()
    }
  }

  /// The result that was due first, by the time `now`; or how many seconds to wait for the next, nil where
  /// that is not before `end`.
  func take(at now: Double, until end: Double) throws(LabError) -> (result: WorkResult?, wait: Double?) {
    let outcome = state.withLock { state -> Result<(WorkResult?, Double?), LabError> in
      if let failure = state.failure { return .failure(failure) }
      var (first, due) = (-1, Double.infinity)
      for worker in state.desks.indices where state.desks[worker].result != nil {
        if state.desks[worker].due < due { (first, due) = (worker, state.desks[worker].due) }
      }
      if due <= now, let order = state.desks[first].order, let vector = state.desks[first].result {
        state.desks[first] = Desk()
        state.isWaited = false
        return .success((WorkResult(ticket: order.ticket, vector: vector), nil))
      }
      state.isWaited = now < end
      return .success((nil, now < end ? min(due, end) - now : nil))
    }
    return try outcome.get()
  }

  /// Waits until a thread has a result, or `seconds` are over.
  func wait(seconds: Double) {
    _ = results.wait(timeout: .now() + min(max(seconds, 0), 1e6))
  }

  /// Sends the threads away.
  func close() {
    state.withLock { state in
      state.isClosed = true
      for worker in state.desks.indices { state.desks[worker] = Desk() }
    }
    for serial in serials { serial.value.add(1, ordering: .relaxed) }
    for bell in bells { bell.signal() }
  }

  // MARK: For a thread

  /// The loop of thread number `thread`.
  func work(as thread: Int, _ experiment: Experiment, _ clock: @Sendable () -> Double) {
    do throws(LabError) {
      let labour = try experiment.labour()
      while true {
        bells[thread].wait()
        if state.withLock({ $0.isClosed }) { return }
        workOnce(as: thread, labour)
      }
    } catch {
      state.withLock { $0.failure = error }
      results.signal()
    }
  }

  /// Carries out the first order that thread number `thread` has, if there is one.
  func workOnce(as thread: Int, _ labour: Labour) {
    let task = state.withLock { state -> (WorkOrder, [UInt8], UInt64)? in
      guard !state.queues[thread].isEmpty else { return nil }
      let worker = state.queues[thread].removeFirst()
      guard let order = state.desks[worker].order else { return nil }
      return (order, state.desks[worker].point, serials[worker].value.load(ordering: .relaxed))
    }
    guard let (order, point, serial) = task else { return }
    let worker = order.worker
    let vector = labour.vector(for: order, at: point) {
      serials[worker].value.load(ordering: .relaxed) != serial
    }
    guard let vector else { return }
    let isWaited = state.withLock { state in
      guard serials[worker].value.load(ordering: .relaxed) == serial, !state.isClosed else { return false }
      state.desks[worker].result = vector
      defer { state.isWaited = false }
      return state.isWaited
    }
    if isWaited { results.signal() }
  }
}
