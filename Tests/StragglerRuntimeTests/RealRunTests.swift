// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerData
import StragglerLab
import StragglerLanguage
import Testing

/// Runs whose gradients threads compute, and the simulator does again.
@Suite(.timeLimit(.minutes(3))) struct RealRunTests {
  private static let count = 5
  /// Methods whose workers make steps until they are stopped.
  private static let openEnded = ["local-sgd gamma=0.05 budget=8", "cycle gamma=0.05 group=2"]

  private static func clock() -> @Sendable () -> Double {
    let (clock, origin) = (ContinuousClock(), ContinuousClock().now)
    return {
      let (seconds, attoseconds) = origin.duration(to: clock.now).components
      return Double(seconds) + Double(attoseconds) * 1e-18
    }
  }

  private func experiment(
    _ method: String, tau: (Int) -> Double = { 0.5 * Double($0 + 1) },
    delay: (Int) -> Delay = { _ in .lognormal(mu: 0, sigma: 1) }, owners: [any DelayOwner] = []
  ) throws -> Experiment {
    var experiment = Experiment(
      Quadratic<Double>(dimension: 12, noise: 0.01),
      workers: (0..<Self.count).map { Worker(tau: tau($0), delay: delay($0)) }, method: Minibatch(),
      owners: owners)
    experiment.method = try Catalogue().method(parsing: method, workers: Self.count)
    experiment.isLogging = true
    return experiment
  }

  /// What happened, without when jobs were given out: the simulator does that before the next event.
  private final class Events {
    var list: [String] = []
    func add(_ entry: LogEntry) {
      guard [.arrive, .use, .discard, .clip, .update].contains(entry.kind) else { return }
      list.append("\(entry.time) \(entry.kind) \(entry.worker) \(entry.job) \(entry.version)")
    }
  }

  /// Runs `method` in real time, and then in the simulator with the durations that were recorded.
  private func replay(_ method: String, scale: Double, threads: Int?) throws {
    let tau: (Int) -> Double = { scale > 0 ? 0.5 * Double($0 + 1) : 0 }
    let own = try experiment(method, tau: tau)
    let real = try own.start(
      with: try ThreadWorkers(own, threads: threads, clock: Self.clock()), scale: scale)
    let done = Events()
    real.observe { done.add($0) }
    #expect(real.run(until: Stop(updates: 40)) == .updates, "\(method)")
    real.stop()

    let text = real.record.replay
    let recorded = try RecordedDelay(RecordedDurations.parse(Array(text.utf8)), order: .replay)
    #expect(recorded.isOfRealRun)
    let again = try experiment(method, tau: tau, delay: { recorded.delay(of: $0) }, owners: [recorded])
    let simulated = try again.start()
    let repeated = Events()
    simulated.onLog = { repeated.add($0) }
    #expect(simulated.run(until: Stop(updates: 40)) == .updates)
    #expect(repeated.list == done.list, "\(method)")
    #expect(simulated.model == real.model, "\(method)")
    let (first, second) = (real.statistics, simulated.statistics)
    #expect(first.point.time == second.point.time)
    #expect(first.point.gap == second.point.gap)
    #expect(first.gradients == second.gradients)
    #expect(first.cancelled == second.cancelled)
    #expect(first.assigned == second.assigned)
    #expect(first.delayMax == second.delayMax)
    #expect(first.messages == second.messages)
    #expect((first.busy - second.busy).magnitude < 1e-9 || first.busy.isNaN)
  }

  @Test(arguments: ServedMethods.texts.filter { !openEnded.contains($0) })
  func everyMethodIsRepeatedBitForBit(_ method: String) throws {
    try replay(method, scale: 0, threads: nil)
    try replay(method, scale: 2e-4, threads: 2)
  }

  @Test func gradientsOnTheThreadOfTheRunAreTheSame() throws {
    try replay("rennala gamma=0.05 batch=4", scale: 1e-4, threads: 0)
  }

  @Test func minibatchIsTheSimulationInAllButTime() throws {
    // Which gradients a round has does not depend on when they come.
    let own = try experiment("minibatch gamma=0.1")
    let real = try own.start(with: try ThreadWorkers(own, clock: Self.clock()), scale: 1e-4)
    #expect(real.run(until: Stop(updates: 30)) == .updates)
    real.stop()
    let simulated = try own.start()
    simulated.run(until: Stop(updates: 30))
    #expect(real.statistics.point.used == simulated.statistics.point.used)
    #expect((real.statistics.point.loss - simulated.statistics.point.loss).magnitude < 1e-12)
    // Nobody hands in before the time that the simulation takes.
    #expect(real.statistics.point.time >= simulated.time)
  }

  @Test func stops() throws {
    let own = try experiment("asgd gamma=0.05")
    func run(_ stop: Stop, _ conditions: [Stop.Condition] = []) throws -> (StopReason, Statistics) {
      let real = try own.start(with: try ThreadWorkers(own, clock: Self.clock()), scale: 1e-3)
      defer { real.stop() }
      return (real.run(until: stop, or: conditions), real.statistics)
    }
    let (time, atTime) = try run(Stop(time: 6))
    #expect(time == .time)
    #expect(atTime.point.time > 0 && atTime.point.time <= 6)
    let (arrivals, atArrivals) = try run(Stop(arrivals: 17))
    #expect(arrivals == .arrivals)
    #expect(atArrivals.point.arrivals == 17)
    let (used, atUsed) = try run(Stop(budget: Stop.Budget(used: 9)))
    #expect(used == .used)
    #expect(atUsed.point.used == 9)
    let (condition, atCondition) = try run(Stop(), [Stop.Condition(.gap, .below, 0.2)])
    #expect(condition == .condition)
    #expect(atCondition.point.gap < 0.2)
    #expect(!atCondition.isCoarse)
    #expect(try run(Stop(updates: 0)).0 == .updates)
  }

  @Test func goesOn() throws {
    let own = try experiment("ringmaster gamma=0.05 R=3")
    let real = try own.start(with: try ThreadWorkers(own, clock: Self.clock()), scale: 1e-4)
    defer { real.stop() }
    #expect(real.run(until: Stop(updates: 10)) == .updates)
    #expect(real.run(until: Stop(updates: 25)) == .updates)
    #expect(real.statistics.point.iteration == 25)
  }

  @Test func anInterruptionEndsItWhileAllAreSlow() throws {
    let own = try experiment("minibatch gamma=0.1", tau: { _ in 1e6 })
    let real = try own.start(with: try ThreadWorkers(own, clock: Self.clock()))
    defer { real.stop() }
    var calls = 0
    let reason = real.run(
      until: Stop(updates: 1),
      interrupted: {
        calls += 1
        return calls > 3
      })
    #expect(reason == .interrupted)
    #expect(real.statistics.point.iteration == 0)
  }

  @Test func workersThatAreStuckNeverDeliver() throws {
    let own = try experiment("asgd gamma=0.05", tau: { $0 < 4 ? .infinity : 1 })
    let real = try own.start(with: try ThreadWorkers(own, clock: Self.clock()), scale: 1e-4)
    defer { real.stop() }
    #expect(real.run(until: Stop(updates: 5)) == .updates)
    #expect(real.record.jobs.map { $0.filter { $0.outcome == .delivered }.count } == [0, 0, 0, 0, 5])
    let all = try experiment("asgd gamma=0.05", tau: { _ in .infinity })
    let none = try all.start(with: try ThreadWorkers(all, clock: Self.clock()), scale: 1e-4)
    defer { none.stop() }
    #expect(none.run(until: Stop(updates: 5)) == .starved)
  }

  @Test func whatRealWorkersDoNotHaveIsRefused() throws {
    func refusal(_ experiment: Experiment, scale: Double = 1) throws -> String {
      let workers = try ThreadWorkers(experiment, clock: Self.clock())
      defer { workers.stop() }
      do {
        _ = try experiment.start(with: workers, scale: scale)
        return ""
      } catch { return "\(error)" }
    }
    for method in ServedMethods.refusedTexts + Self.openEnded {
      #expect(try !refusal(experiment(method)).isEmpty, "\(method)")
    }
    #expect(try refusal(experiment(Self.openEnded[0])).contains("until the server stops them"))
    #expect(try refusal(experiment("rennala-mvr gamma=0.05 batch=3 a=0.3")).contains("pairs"))
    #expect(try refusal(experiment("asgd gamma=0.05"), scale: -1).contains("scale="))
    #expect(try refusal(experiment("asgd gamma=0.05"), scale: .nan).contains("scale="))
    var sending = try experiment("asgd gamma=0.05")
    sending.workers[2].upload = 1
    #expect(try refusal(sending).contains("upload="))
    var changing = try experiment("asgd gamma=0.05")
    var sine = WorkerSpeed()
    sine.pace = .sine(period: 10, amplitude: 0.5)
    changing.speeds = (0..<Self.count).map { _ in sine }
    #expect(try refusal(changing).contains("speed="))
    let other = try experiment("asgd gamma=0.05")
    var fewer = other
    fewer.workers.removeLast()
    let workers = try ThreadWorkers(fewer, clock: Self.clock())
    defer { workers.stop() }
    #expect(throws: LabError.self) { try other.start(with: workers) }
    #expect(throws: LabError.self) { try ThreadWorkers(other, threads: 6, clock: Self.clock()) }
    #expect(throws: LabError.self) { try ThreadWorkers(other, threads: -1, clock: Self.clock()) }
  }

  @Test func recordsAreThoseOfItsJobs() throws {
    let own = try experiment("asgd gamma=0.05")
    let real = try own.start(with: try ThreadWorkers(own, clock: Self.clock()), scale: 1e-4)
    real.run(until: Stop(arrivals: 20))
    real.stop()
    let durations = try RecordedDurations.parse(Array(real.record.durations.utf8))
    #expect(durations.values.count == 20)
    for (worker, list) in durations.byWorker.enumerated() {
      let tau = 0.5 * Double((Int(durations.workerNames[worker]) ?? 0))
      #expect(list.allSatisfy { $0 >= tau })
    }
  }

  /// Simulated seconds to a target, real and simulated. With STRAGGLER_REAL=0.01, which is the scale: it
  /// takes a minute, and a machine with nothing else to do.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["STRAGGLER_REAL"] != nil),
    arguments: [
      "minibatch gamma=0.2", "asgd gamma=0.05", "rennala gamma=0.2 batch=5", "ringmaster gamma=0.05 R=5",
      "mindflayer gamma=0.2 trials=2 clip=2",
    ])
  func timesToATargetAreThoseOfTheSimulation(_ method: String) throws {
    let scale = Double(ProcessInfo.processInfo.environment["STRAGGLER_REAL"] ?? "") ?? 0.01
    let target = Stop.Condition(.gap, .below, 0.02)
    let own = try experiment(method)
    let real = try own.start(with: try ThreadWorkers(own, clock: Self.clock()), scale: scale)
    #expect(real.run(until: Stop(time: 1e4), or: [target]) == .condition)
    real.stop()
    let simulated = try own.start()
    #expect(simulated.run(until: Stop(time: 1e4), or: [target]) == .condition)
    let ratio = real.statistics.point.time / simulated.time
    print("\(method): real \(real.statistics.point.time) s, simulated \(simulated.time) s, ratio \(ratio)")
    #expect((ratio - 1).magnitude < 0.05)
  }
}
