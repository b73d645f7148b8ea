// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerRuntime
import Synchronization
import Testing

/// Threads run in a different order each time: these tests check what holds in any order.
@Suite(.timeLimit(.minutes(1))) struct ThreadedRunTests {
  static let clock = ContinuousClock()
  static let origin = [4.0, -3, 2]

  /// ½‖x‖².
  private static let paraboloid: @Sendable (WorkerJob, Span<Double>, inout MutableSpan<Double>) -> Void = {
    (_, x, gradient) in
    for index in x.indices { gradient[index] += x[index] }
  }

  private func make<M: Method>(_ type: M.Type, _ change: (inout M) -> Void) -> M {
    var method = M()
    change(&method)
    return method
  }

  private func asgd(_ gamma: Double = 0.01) -> Asynchronous {
    make(Asynchronous.self) { $0.gamma.given = gamma }
  }

  @Test func oneThreadIsSGD() throws {
    let run = try ThreadedRun(asgd(0.5), model: Self.origin.span, workers: 1)
    let reason = try run.run(until: Stop(updates: 10), clock: Self.clock, gradient: Self.paraboloid)
    #expect(reason == .updates)
    #expect(run.model == Self.origin.map { $0 / 1024 })
    #expect(run.iteration == 10 && run.counts.arrivals == 10)
  }

  @Test func manyThreadsConverge() throws {
    let methods: [() throws -> (StopReason, [Double])] = [
      { try self.solve(self.asgd(0.02)) },
      {
        try self.solve(self.make(Ringmaster.self) { ($0.gamma, $0.threshold, $0.stops) = (0.05, 4, true) })
      },
      { try self.solve(self.make(Rennala.self) { ($0.gamma, $0.batch) = (0.2, 5) }) },
      { try self.solve(self.make(Minibatch.self) { $0.gamma = 0.2 }) },
      { try self.solve(self.make(Ringleader.self) { $0.gamma = 0.03 }) },
      { try self.solve(self.make(AcceleratedRennala.self) { ($0.gamma, $0.batch) = (0.1, 4) }) },
    ]
    for method in methods {
      let (reason, model) = try method()
      #expect(reason == .updates)
      // A gradient at the start that comes last, from a thread that had no processor, still moves asgd by
      // 0.08.
      #expect(model.allSatisfy { abs($0) < 1 }, "\(model)")
    }
  }

  private func solve<M: Method>(_ method: M) throws -> (StopReason, [Double]) {
    let run = try ThreadedRun(method, model: Self.origin.span, workers: 4)
    // Without delays a thread that has a processor delivers thousands of gradients while the others have
    // none.
    let reason = try run.run(
      until: Stop(updates: 200), clock: Self.clock, delay: { _ in 1e-4 }, gradient: Self.paraboloid)
    return (reason, run.model)
  }

  @Test func cancelledJobsSeeItAndAreDropped() throws {
    // Of each round one gradient is taken; all but worker 0 compute until they are told to stop.
    let run = try ThreadedRun(
      make(MSynchronous.self) { ($0.gamma, $0.m) = (0.5, 1) }, model: Self.origin.span, workers: 4,
      records: true)
    let (begun, returned) = (Counter(), Counter())
    let reason = try run.run(until: Stop(updates: 20), clock: Self.clock) { job, x, gradient in
      if job.worker > 0 {
        begun.increment()
        while !job.isCancelled { sched_yield() }
        returned.increment()
        gradient[0] = .nan
      } else {
        while begun.value < 3 { sched_yield() }
        for index in x.indices { gradient[index] = x[index] }
      }
    }
    #expect(reason == .updates)
    #expect(run.model == Self.origin.map { $0 * 0x1p-20 })
    #expect(returned.value >= 3)
    #expect(run.counts.cancelled == 60)
    #expect(run.log.jobs.count { $0.end == .cancelled } == 60)
  }

  @Test func cancellationEndsADelay() throws {
    let run = try ThreadedRun(
      make(MSynchronous.self) { ($0.gamma, $0.m) = (0.5, 1) }, model: Self.origin.span, workers: 3)
    let reason = try run.run(
      until: Stop(updates: 20), clock: Self.clock, delay: { $0.worker == 0 ? 0.001 : 1e9 },
      gradient: Self.paraboloid)
    #expect(reason == .updates)
    #expect(run.counts.arrivals == 20)
  }

  struct Broken: Error, Equatable { let number: Int }

  @Test func anErrorEndsTheRunWithItsWorker() throws {
    let run = try ThreadedRun(asgd(), model: Self.origin.span, workers: 4)
    do {
      _ = try run.run(clock: Self.clock, delay: { $0.worker == 3 ? .infinity : 0 }) { job, x, gradient in
        if job.worker == 2, job.number == 3 { throw Broken(number: job.number) }
        Self.paraboloid(job, x, &gradient)
      }
      Issue.record("the error was lost")
    } catch let failure as WorkerFailure {
      #expect(failure.worker == 2 && failure.job == 3)
      #expect(failure.error as? Broken == Broken(number: 3))
    }
    // The job is not lost: it begins anew.
    let seen = Mutex<Int?>(nil)
    let before = run.iteration
    _ = try run.run(until: Stop(updates: before + 100), clock: Self.clock) { job, x, gradient in
      if job.worker == 2 { seen.withLock { if $0 == nil { $0 = job.number } } }
      while seen.withLock({ $0 }) == nil { sched_yield() }
      Self.paraboloid(job, x, &gradient)
    }
    #expect(run.iteration == before + 100)
    #expect(seen.withLock { $0 } == 3)
  }

  @Test func whatACancelledJobThrowsIsIgnored() throws {
    let run = try ThreadedRun(
      make(MSynchronous.self) { ($0.gamma, $0.m) = (0.5, 1) }, model: Self.origin.span, workers: 3)
    let reason = try run.run(until: Stop(updates: 10), clock: Self.clock) { job, x, gradient in
      while job.worker > 0 {
        if job.isCancelled { throw Broken(number: 0) }
        sched_yield()
      }
      Self.paraboloid(job, x, &gradient)
    }
    #expect(reason == .updates)
  }

  @Test func timeEndsARunInWhichNothingHappens() throws {
    let run = try ThreadedRun(asgd(0.5), model: Self.origin.span, workers: 3, records: true)
    let stop = Stop(updates: 10, time: 0.03)
    let elapsed = try Self.clock.measure {
      let reason = try run.run(
        until: stop, clock: Self.clock, delay: { _ in .infinity }, gradient: Self.paraboloid)
      #expect(reason == .time)
    }
    #expect(elapsed >= .seconds(0.03))
    #expect(run.iteration == 0 && run.model == Self.origin)
    #expect(run.log.jobs.map(\.end) == [.running, .running, .running])
    // And it goes on where it was.
    let reason = try run.run(until: Stop(updates: 10), clock: Self.clock, gradient: Self.paraboloid)
    #expect(reason == .updates && run.iteration == 10)
    #expect(
      try run.run(until: Stop(updates: 10), clock: Self.clock, gradient: Self.paraboloid) == .updates)
  }

  @Test func takesSecondsThatAreNone() throws {
    let run = try ThreadedRun(asgd(0.5), model: Self.origin.span, workers: 2)
    for (seconds, delay, reason) in [
      (Double.nan, 0.0, StopReason.updates), (.infinity, .nan, .updates), (-1, 0, .time),
      (1, -1, .updates),
    ] {
      let stop = Stop(updates: run.iteration + 5, time: seconds)
      #expect(
        try run.run(until: stop, clock: Self.clock, delay: { _ in delay }, gradient: Self.paraboloid)
          == reason)
    }
    let shared = HogwildRun(model: Self.origin.span, workers: -3)
    for (seconds, reason) in [(Double.nan, StopReason.updates), (.infinity, .updates)] {
      let stop = Stop(updates: shared.updates + 5, time: seconds)
      #expect(try shared.run(until: stop, clock: Self.clock) { _, x in x.add(1, at: 0) } == reason)
    }
    #expect(shared.model[0] == Self.origin[0] + 10)
  }

  @Test func aRunThatIsResumedKeepsItsPoints() throws {
    // Phase 1 of Ringleader keeps workers at the points that they have; exact for one worker at a time.
    let whole = try ThreadedRun(
      make(Ringleader.self) { $0.gamma = 0.1 }, model: Self.origin.span, workers: 1)
    _ = try whole.run(until: Stop(updates: 50), clock: Self.clock, gradient: Self.paraboloid)
    let parts = try ThreadedRun(
      make(Ringleader.self) { $0.gamma = 0.1 }, model: Self.origin.span, workers: 1)
    for updates in 1...50 {
      _ = try parts.run(until: Stop(updates: updates), clock: Self.clock, gradient: Self.paraboloid)
    }
    #expect(parts.model == whole.model)
  }

  @Test func stopsForItsOtherReasons() throws {
    let near = try ThreadedRun(asgd(0.1), model: Self.origin.span, workers: 2)
    let reason = try near.run(
      clock: Self.clock, condition: { abs($0.model[0]) < 1e-3 }, gradient: Self.paraboloid)
    #expect(reason == .condition && abs(near.model[0]) < 1e-3)
    let far = try ThreadedRun(asgd(1e200), model: Self.origin.span, workers: 2)
    #expect(try far.run(clock: Self.clock, gradient: Self.paraboloid) == .diverged)
    let idle = try ThreadedRun(Idle(), model: Self.origin.span, workers: 2)
    #expect(try idle.run(clock: Self.clock, gradient: Self.paraboloid) == .starved)
  }

  @Test func trialsAreGivenUpWhenTheirTimeIsOver() throws {
    let method = make(MindFlayer.self) { ($0.gamma, $0.trials, $0.clip) = (0.5, 2, .times(.same(0.005))) }
    let run = try ThreadedRun(method, model: Self.origin.span, workers: 3, records: true)
    let reason = try run.run(
      until: Stop(updates: 3), clock: Self.clock,
      // One is in time, one waits too long, one computes too long.
      delay: { $0.worker == 1 ? .infinity : 0 },
      gradient: { job, x, gradient in
        if job.worker == 2 { while !job.isCancelled { sched_yield() } }
        Self.paraboloid(job, x, &gradient)
      })
    #expect(reason == .updates)
    #expect(run.counts.clipped >= 12)
    for job in run.log.jobs where job.worker > 0 && job.end != .running {
      #expect(job.end == .expired && job.duration >= 0.005)
    }
  }

  @Test func delaysPassSideBySide() throws {
    let run = try ThreadedRun(
      make(Minibatch.self) { $0.gamma = 0.5 }, model: Self.origin.span, workers: 40)
    let elapsed = try Self.clock.measure {
      _ = try run.run(
        until: Stop(updates: 1), clock: Self.clock, delay: { _ in 0.5 }, gradient: Self.paraboloid)
    }
    // One after another they would take twenty seconds.
    #expect(elapsed >= .seconds(0.5) && elapsed < .seconds(10))
    #expect(run.model == Self.origin.map { $0 / 2 })
  }

  @Test func theClockIsTheCallers() throws {
    let run = try ThreadedRun(asgd(0.5), model: Self.origin.span, workers: 3, records: true)
    _ = try run.run(until: Stop(updates: 30), clock: StoppedClock(), gradient: Self.paraboloid)
    // Where no time passes, events are a tick apart.
    let ends = run.log.jobs.filter { $0.end == .delivered }.map { $0.start + $0.duration }
    #expect(ends == (1...30).map { Double($0) * 0x1p-30 })
  }

  @Test func refusesWhatOnlyASimulationCan() throws {
    let method = make(Hogwild.self) { ($0.gamma, $0.reads) = (0.1, .inconsistent) }
    do {
      _ = try ThreadedRun(method, model: Self.origin.span, workers: 2)
      Issue.record("simulated reads by real workers")
    } catch {
      guard case .impossible = error else { throw error }
    }
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .relaxed) }
  func increment() { count.add(1, ordering: .relaxed) }
}

/// A clock that does not advance.
private struct StoppedClock: Clock {
  struct Instant: InstantProtocol {
    func advanced(by duration: Duration) -> Instant { self }
    func duration(to other: Instant) -> Duration { .zero }
    static func < (a: Instant, b: Instant) -> Bool { false }
  }
  var now: Instant { Instant() }
  var minimumResolution: Duration { .zero }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}

/// A method that gives no worker a job.
private struct Idle: Method {
  static var name: StaticText { "idle" }
  static var summary: StaticText { "no worker works" }
  var gamma: Parameter<Double> { Parameter(.nan) }
  init() {}
  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout Setup) throws(SetupError) {}
  mutating func begin(_ server: inout Server) {}
  mutating func receive(_ arrival: Arrival, _ server: inout Server) {}
}
