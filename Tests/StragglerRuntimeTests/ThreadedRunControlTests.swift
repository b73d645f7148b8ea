// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerRuntime
import Synchronization
import Testing

/// Stopping, watching, saving and calling runs on threads.
@Suite(.timeLimit(.minutes(1))) struct ThreadedRunControlTests {
  private static let origin = [4.0, -3, 2]

  /// ½‖x‖².
  private static func paraboloid(_ job: WorkerJob, _ x: Span<Double>, _ g: inout MutableSpan<Double>) {
    for index in x.indices { g[index] = x[index] }
  }

  private func make(workers: Int = 2) throws -> ThreadedRun<Asynchronous, Double> {
    try ThreadedRun(Asynchronous { $0.gamma = 0.5 }, model: Self.origin.span, workers: workers)
  }

  /// All workers wait for a day; the run ends at once all the same.
  @Test func stopsWhileAllAreSlow() throws {
    let run = try make()
    let thread = Thread {
      Thread.sleep(forTimeInterval: 0.05)
      run.stop()
    }
    thread.start()
    let reason = try run.run(clock: ContinuousClock(), delay: { _ in 86_400 }, gradient: Self.paraboloid)
    #expect(reason == .interrupted)
    // It can go on.
    let next = try run.run(until: Stop(updates: 3), clock: ContinuousClock(), gradient: Self.paraboloid)
    #expect(next == .updates)
  }

  /// A condition on what happens elsewhere is looked at without events.
  @Test func looksAtTheConditionWhileAllAreSlow() throws {
    let run = try make()
    let isDue = Atomic<Bool>(false)
    let looks = Atomic<Int>(0)
    let reason = try run.run(
      clock: ContinuousClock(), delay: { _ in 86_400 },
      condition: { _ in
        if looks.add(1, ordering: .relaxed).newValue == 3 { isDue.store(true, ordering: .relaxed) }
        return isDue.load(ordering: .relaxed)
      }, gradient: Self.paraboloid)
    #expect(reason == .condition && run.iteration == 0)
  }

  @Test func stopsFromAWorkerAndFromACondition() throws {
    let run = try make()
    let first = try run.run(clock: ContinuousClock()) { job, x, g in
      Self.paraboloid(job, x, &g)
      if job.number == 20 {
        run.stop()
        while !job.isCancelled { sched_yield() }
      }
    }
    #expect(first == .interrupted)
    let second = try run.run(
      clock: ContinuousClock(),
      condition: { _ in
        run.stop()
        return false
      }, gradient: Self.paraboloid)
    #expect(second == .interrupted)
  }

  /// What a run calls may look at it, and is refused where it would start it.
  @Test func mayBeReadByWhatItCalls() throws {
    let run = try make()
    let refusals = Atomic<Int>(0)
    let reason = try run.run(
      until: Stop(updates: 20), clock: ContinuousClock(),
      condition: { server in
        #expect(run.iteration == server.iteration && run.model == server.copy)
        #expect(run.counts.arrivals == server.counts.arrivals && run.log.jobs.isEmpty)
        #expect(run.withServer { server in run.iteration == server.iteration })
        return false
      }
    ) { job, x, g in
      Self.paraboloid(job, x, &g)
      do {
        _ = try run.run(clock: ContinuousClock(), gradient: Self.paraboloid)
      } catch is RunIsGoingOn { refusals.add(1, ordering: .relaxed) }
    }
    #expect(reason == .updates && refusals.load(ordering: .relaxed) >= 20)
    let failure = #expect(throws: WorkerFailure.self) {
      try run.run(clock: ContinuousClock()) { _, _, _ in try run.restore([]) }
    }
    #expect(failure?.error is RunIsGoingOn)
  }

  /// A run that goes on from a checkpoint in another object is the run.
  @Test func goesOnFromACheckpoint() throws {
    let (whole, first, second) = (try make(workers: 1), try make(workers: 1), try make(workers: 1))
    try #require(
      try whole.run(until: Stop(updates: 20), clock: ContinuousClock(), gradient: Self.paraboloid) == .updates
    )
    let saved = Mutex<[UInt8]>([])
    _ = try first.run(
      until: Stop(updates: 12), clock: ContinuousClock(),
      condition: { server in
        if server.iteration == 8, let bytes = try? first.checkpoint() { saved.withLock { $0 = bytes } }
        return false
      }, gradient: Self.paraboloid)
    try second.restore(saved.withLock { $0 })
    #expect(second.iteration == 8)
    _ = try second.run(until: Stop(updates: 20), clock: ContinuousClock(), gradient: Self.paraboloid)
    #expect(second.model == whole.model && second.counts.arrivals == 20)
    #expect(throws: ServerCheckpointError.self) { try second.restore([1, 2, 3]) }
  }

  @Test func reportsProgress() throws {
    let run = try make()
    var seen: [(updates: Int, seconds: Double)] = []
    _ = try run.run(
      clock: ContinuousClock(), delay: { _ in 0.01 },
      progress: { updates, seconds in
        seen.append((updates, seconds))
        if seen.count == 3 { run.stop() }
      }, gradient: Self.paraboloid)
    #expect(seen.count >= 3 && seen.map(\.updates) == seen.map(\.updates).sorted())
  }

  /// A gradient that is no number ends the run with its worker.
  @Test func saysWhoHandsInWhatIsNoNumber() throws {
    let run = try make()
    let failure = #expect(throws: WorkerFailure.self) {
      try run.run(clock: ContinuousClock()) { job, x, g in g[1] = .nan }
    }
    #expect((failure?.error as? ServerMisuse) == .notFinite(coordinate: 1, worker: failure?.worker ?? -1))
  }

  @Test func sharedMemoryStopsToo() throws {
    let run = HogwildRun(model: Self.origin.span, workers: 2)
    let reason = try run.run(until: Stop(), clock: ContinuousClock()) { job, x in
      x.add(-0.5 * x[0], at: 0)
      if job.number == 5_000 { run.stop() }
      if job.number == 10 {
        #expect(throws: RunIsGoingOn.self) {
          try run.run(until: Stop(updates: 1), clock: ContinuousClock()) { _, _ in }
        }
      }
    }
    #expect(reason == .interrupted && run.updates >= 4_000)
    var reports = 0
    _ = try run.run(
      until: Stop(), clock: ContinuousClock(),
      progress: { _, _ in
        reports += 1
        run.stop()
      }
    ) { _, _ in }
    #expect(reports >= 1)
  }
}
