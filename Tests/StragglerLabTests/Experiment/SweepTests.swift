// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Synchronization
import Testing

@testable import StragglerLab

@Suite struct SweepTests {
  static let stepsizes: [Double] = [0.1, 0.2, 0.4, 0.8, 1.6, 3, 40]

  /// Rennala SGD with several stepsizes on a small quadratic; some diverge.
  static func sweep(
    until goal: StragglerLab.Goal, seeds: Int = 3, threads: Int = 1, noise: Double = 0.01
  ) throws -> Sweep {
    Sweep(
      stepsizes.map { Sweep.Point(experiment(stepsize: $0, noise: noise)) }, until: goal.stop,
      or: goal.conditions,
      seeds: (0..<seeds).map { UInt64($0) }, threads: threads)
  }

  static func experiment(stepsize: Double, noise: Double = 0.01) -> Experiment {
    let workers = (1...5).map { Worker(tau: Double($0), delay: .exponential(rate: 1)) }
    let method = MethodLab.make(Rennala.self) {
      $0.batch = 3
      $0.gamma.given = stepsize
    }
    return Experiment(
      Quadratic<Double>(dimension: 6, noise: noise), workers: workers, method: method, interval: .updates(4))
  }

  static let met = StragglerLab.Goal(stop: Stop(updates: 400), conditions: [.init(.gradnorm2, .below, 1e-2)])

  /// What is to be the same in every bit.
  static func fingerprint(_ outcomes: [Sweep.Outcome], traces: Bool = true) -> [String] {
    outcomes.map { outcome in
      let runs = outcome.row.runs.map { run in
        "\(run.seed) \(run.statistics.numbers.map { "\($0.value)" }) "
          + "\(String(describing: run.statistics.stopped)) "
          + (traces ? "\(run.trace)" : "")
      }
      return "\(outcome.index) \(String(describing: outcome.rank)) \(outcome.row.gamma) \(runs)"
    }
  }

  /// Whether two traces have the same bits; an unknown accuracy is NaN, which equals nothing.
  static func areEqual(_ a: [TracePoint], _ b: [TracePoint]) -> Bool { "\(a)" == "\(b)" }

  @Test func everyPointIsWhatItsRunsAreAlone() throws {
    let outcomes = try Self.sweep(until: Self.met).run()
    #expect(outcomes.map(\.index) == Array(Self.stepsizes.indices))
    for (stepsize, outcome) in zip(Self.stepsizes, outcomes) {
      #expect(outcome.row.gamma == stepsize)
      for (seed, finished) in outcome.row.runs.enumerated() {
        var experiment = Self.experiment(stepsize: stepsize)
        experiment.seed = UInt64(seed)
        let run = try experiment.start()
        run.run(until: Self.met.stop, or: Self.met.conditions)
        #expect(Self.areEqual(run.trace, finished.trace))
        #expect(run.statistics.stopped == finished.statistics.stopped)
      }
    }
  }

  @Test func theBestMeetsTheConditionSoonest() throws {
    let outcomes = try Self.sweep(until: Self.met).run()
    func time(_ outcome: Sweep.Outcome) -> Double {
      let isMet = outcome.row.runs.allSatisfy { $0.statistics.stopped == .condition }
      return isMet ? outcome.row.runs.reduce(0) { $0 + $1.statistics.point.time } : .infinity
    }
    let best = try #require(outcomes.first { $0.rank == 0 })
    #expect(time(best) < .infinity)
    #expect(outcomes.allSatisfy { time(best) <= time($0) })
    #expect(outcomes.compactMap(\.rank).sorted() == Array(outcomes.indices))
    // The stepsize 40 diverges: it meets nothing, and stops at once.
    let wild = try #require(outcomes.last)
    #expect(wild.row.reached == 0 && wild.row.runs.allSatisfy { $0.statistics.stopped == .diverged })
    #expect(wild.row.runs.allSatisfy { $0.statistics.point.iteration < 1_000 })
  }

  @Test func withoutAConditionTheLastGapDecides() throws {
    let outcomes = try Self.sweep(until: StragglerLab.Goal(stop: Stop(updates: 40)), noise: 0).run()
    let gaps = outcomes.map { outcome in
      let gap = outcome.row.runs.reduce(0) { $0 + $1.statistics.point.gap }
      return gap.isNaN ? .infinity : gap
    }
    let best = try #require(outcomes.first { $0.rank == 0 })
    #expect(gaps[best.index] == gaps.min())
    #expect(outcomes.last?.rank == outcomes.count - 1)
  }

  @Test func moreSeedsThatMeetTheConditionGoBeforeLessTime() throws {
    func row(_ ends: [(StopReason, Double)]) -> Merit {
      let runs = ends.map { reason, time in
        Comparison.FinishedRun(
          seed: 0,
          statistics: Statistics(method: "", stopped: reason) { ["time": time, "loss": 1][$0] ?? .nan },
          trace: [])
      }
      return Merit(Comparison.Row(method: "", runs: runs, gamma: 1, reached: .nan), until: Self.met)
    }
    let both = row([(.condition, 90), (.condition, 90)])
    let one = row([(.condition, 10), (.diverged, 1)])
    let slow = row([(.condition, 11), (.updates, 0)])
    let none = row([(.updates, 5), (.updates, 5)])
    #expect(both.isBetter(than: one) && !one.isBetter(than: both))
    #expect(one.isBetter(than: slow))
    #expect(slow.isBetter(than: none))
    #expect(!none.isBetter(than: none))
  }

  @Test(arguments: [1.0, 1.5, 4])
  func givingUpChangesNothingThatIsReported(patience: Double) throws {
    let full = try Self.sweep(until: Self.met).run()
    let best = try #require(full.first { $0.rank == 0 })
    let limit = patience * best.row.runs.reduce(0) { $0 + $1.statistics.point.time }
    var results: [[String]] = []
    for threads in [1, 2, 5] {
      var sweep = try Self.sweep(until: Self.met, threads: threads)
      sweep.patience = patience
      let outcomes = try sweep.run()
      results.append(Self.fingerprint(outcomes))
      for (outcome, whole) in zip(outcomes, full) {
        let isMet = whole.row.runs.allSatisfy { $0.statistics.stopped == .condition }
        let time = whole.row.runs.reduce(0) { $0 + $1.statistics.point.time }
        #expect((outcome.rank == nil) == (!isMet || time > limit))
        if outcome.rank != nil { #expect(Self.fingerprint([outcome]) == Self.fingerprint([whole])) }
      }
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func nothingDependsOnTheNumberOfThreads() throws {
    for goal in [Self.met, StragglerLab.Goal(stop: Stop(time: 80))] {
      let results = try [1, 2, 4, 9].map { threads in
        Self.fingerprint(try Self.sweep(until: goal, threads: threads).run())
      }
      #expect(Set(results).count == 1)
    }
  }

  @Test func onlyTheBestPointsKeepTheirTraces() throws {
    var sweep = try Self.sweep(until: Self.met, threads: 3)
    sweep.keptTraces = 2
    let outcomes = try sweep.run()
    for outcome in outcomes {
      #expect(outcome.row.runs.allSatisfy { $0.trace.isEmpty } == ((outcome.rank ?? 9) >= 2))
    }
    let full = try Self.sweep(until: Self.met).run()
    #expect(Self.fingerprint(outcomes, traces: false) == Self.fingerprint(full, traces: false))
  }

  @Test func shardsMakeUpTheGrid() throws {
    let full = try Self.sweep(until: Self.met).run()
    var indices: [Int] = []
    for index in 0..<3 {
      var sweep = try Self.sweep(until: Self.met)
      sweep.shard = Sweep.Shard(index: index, count: 3)
      let outcomes = try sweep.run()
      indices += outcomes.map(\.index)
      for outcome in outcomes {
        let whole = full[outcome.index].row.runs[0].trace
        #expect(Self.areEqual(outcome.row.runs[0].trace, whole))
      }
    }
    #expect(indices.sorted() == full.map(\.index))
  }

  @Test func anInterruptionKeepsWhatWasFinished() throws {
    let finishedPoints = Mutex(0)
    let sweep = try Self.sweep(until: Self.met)
    let full = try sweep.run()
    let outcomes = try sweep.run(
      progress: { finished, _ in finishedPoints.withLock { $0 = finished } },
      interrupted: { finishedPoints.withLock { $0 >= 2 } })
    #expect(outcomes.map(\.index) == [0, 1])
    for outcome in outcomes {
      let whole = full[outcome.index]
      #expect(zip(outcome.row.runs, whole.row.runs).allSatisfy { Self.areEqual($0.trace, $1.trace) })
    }
  }

  /// The others run; where none can, the first is named.
  @Test func pointsThatMakeNoSenseAreRefused() throws {
    let whole = try Self.sweep(until: Self.met, threads: 1).run()
    for threads in [1, 3] {
      var sweep = try Self.sweep(until: Self.met, threads: threads)
      sweep.points[2].experiment.workers = []
      sweep.points[5].experiment.workers = []
      let outcomes = try sweep.run()
      #expect(outcomes.map(\.index) == whole.map(\.index))
      for (outcome, other) in zip(outcomes, whole) {
        let isRefused = [2, 5].contains(outcome.index)
        #expect((outcome.refusal?.message == "there are no workers") == isRefused)
        #expect(outcome.row.runs.count == (isRefused ? 0 : other.row.runs.count))
        #expect((outcome.rank == nil) == isRefused)
      }
      for index in sweep.points.indices { sweep.points[index].experiment.workers = [] }
      let failure = #expect(throws: Sweep.Failure.self) { try sweep.run() }
      #expect(failure?.index == 0)
      #expect(failure?.error.message == "there are no workers")
    }
  }

  @Test func progressCountsPoints() throws {
    let counts = Mutex<[Int]>([])
    _ = try Self.sweep(until: Self.met, threads: 3).run { finished, count in
      counts.withLock { $0.append(count == 7 ? finished : -1) }
    }
    #expect(counts.withLock { $0.sorted() } == Array(0...7))
  }
}
