// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AsGradTests {
  private func family(
    _ order: AssignmentOrder, gamma: Double = 0.05, waiting: Int = 1, active: Int? = nil
  ) -> AsGrad {
    MethodLab.make(AsGrad.self) {
      ($0.gamma.given, $0.order, $0.waiting, $0.active) = (gamma, order, waiting, active)
    }
  }

  @Test func pureIsAsynchronousSGD() throws {
    let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 2))
    let asgd = MethodLab.make(Asynchronous.self) { $0.gamma = 0.05 }
    let (a, _) = try MethodLab.run(asgd, workers, noise: 0.1, until: Stop(updates: 500))
    let (b, _) = try MethodLab.run(family(.pure), workers, noise: 0.1, until: Stop(updates: 500))
    #expect(a.model == b.model)
    #expect(a.statistics.point.time == b.statistics.point.time)
    #expect(a.statistics.delayMax == b.statistics.delayMax)
  }

  @Test func oneActiveJobIsSequential() throws {
    for order in [AssignmentOrder.pure, .random, .shuffled] {
      let (run, _) = try MethodLab.run(
        family(order, active: 1), MethodLab.workers(MethodLab.durations), until: Stop(updates: 100))
      #expect(run.statistics.delayMax == 0)
      #expect(run.statistics.concurrencyMax == 1)
      var x = MethodLab.start(20)
      for _ in 0..<100 { x = zip(x, MethodLab.gradient(x)).map { $0 - 0.05 * $1 } }
      expectClose(run.model, x)
    }
  }

  /// Shuffled with one job at a time is random reshuffling: all n workers in every n updates.
  @Test func shuffledTakesEveryWorkerInTurn() throws {
    let (_, log) = try MethodLab.run(
      family(.shuffled, active: 1), MethodLab.workers(MethodLab.durations), until: Stop(updates: 7 * 60))
    let order = log.filter { $0.kind == .arrive }.map(\.worker)
    let epochs = (0..<60).map { Array(order[7 * $0..<7 * $0 + 7]) }
    for epoch in epochs { #expect(epoch.sorted() == Array(0..<7)) }
    #expect(Set(epochs).count > 50)
  }

  /// Counts of uniform draws: χ² with n − 1 = 6 degrees of freedom stays below its 1 − 10⁻⁶ quantile.
  @Test func randomTakesEveryWorkerEquallyOften() throws {
    let (_, log) = try MethodLab.run(
      family(.random, gamma: 0.01, active: 1), MethodLab.workers(MethodLab.durations),
      until: Stop(updates: 7_000))
    var counts = Array(repeating: 0.0, count: 7)
    for entry in log where entry.kind == .arrive { counts[entry.worker] += 1 }
    #expect(counts.map { ($0 - 1_000) * ($0 - 1_000) / 1_000 }.reduce(0, +) < 38.3)
  }

  /// Written out with arrays: queues first in, first out, and points that change every b updates.
  @Test func doesWhatTheSlowOneDoes() throws {
    for (order, waiting) in [
      (AssignmentOrder.random, 1), (.random, 4), (.shuffled, 1), (.shuffled, 3), (.pure, 4),
    ] {
      let n = 5
      let tau = [1, 1.7, 2.9, 4.3, 8.1]
      let (run, log) = try MethodLab.run(
        family(order, waiting: waiting), MethodLab.workers(tau), until: Stop(updates: 200))
      // Which worker the method chose: the jobs of every worker begin in the order in which they were
      // assigned.
      var points = [MethodLab.start(20)]
      var (queues, ends) = (
        Array(repeating: [(alpha: Int, start: Double)](), count: n),
        Array(repeating: Double.infinity, count: n)
      )
      let starts = log.filter { $0.kind == .assign }.map { ($0.worker, $0.version, $0.time) }
      for (worker, version, time) in starts { queues[worker].append((version, time)) }
      for worker in 0..<n { ends[worker] = tau[worker] }
      var x = points[0]
      for t in 0..<200 {
        let worker = ends.indices.min { (ends[$0], $0) < (ends[$1], $1) }!
        let job = queues[worker].removeFirst()
        #expect(job.alpha % waiting == 0)
        #expect(job.start + tau[worker] == ends[worker])
        x = zip(x, MethodLab.gradient(points[job.alpha])).map { $0 - 0.05 * $1 }
        points.append(x)
        ends[worker] = queues[worker].first.map { $0.start + tau[worker] } ?? .infinity
        if t < 199 { #expect(queues.contains { !$0.isEmpty }) }
      }
      expectClose(run.model, x)
      #expect(run.statistics.concurrencyMax <= n)
      #expect(run.statistics.discarded == 0)
      // A worker is busy as long as a job waits for it: its jobs follow one another or it was idle.
      #expect(run.statistics.delayMax >= n - 1)
    }
  }

  /// Pure order weights fast workers more and stalls at a neighbourhood; the others give all the same say.
  @Test func randomAndShuffledGoBelowPure() throws {
    func gap(_ order: AssignmentOrder) throws -> Double {
      try MethodLab.gap(family(order, gamma: 0.02), heterogeneity: 0.5, steps: 8_000)
    }
    let (pure, random, shuffled) = (try gap(.pure), try gap(.random), try gap(.shuffled))
    #expect(!(pure < 4 * random))
    #expect(!(pure < 4 * shuffled))
  }

  @Test func refusesWhatMakesNoSense() throws {
    let method = try #require(Catalogue().method("asgrad"))
    for settings: Settings in [["active": 8], ["active": 0], ["waiting": 0], ["order": "sorted"]] {
      #expect(throws: LabError.self) {
        _ = try Experiment(
          problem: ProblemChoice(Quadratic<Double>(dimension: 10)),
          workers: MethodLab.workers(MethodLab.durations), method: try method.choose(settings)
        ).start()
      }
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys("asgrad", ["order": "pure", "waiting": "1", "active": "n"])
    try expectRefused("asgrad", ["order": "sorted"], "pure")
    try expectRefused("asgrad", ["waiting": 0], "a positive integer")
    try expectRefused("asgrad", ["active": 4], "from 1 to n, the number of workers")
  }

  /// pure: γ = min{1/(6L), 1/(20L√(τ_max τ_C))}, else min{1/(6L), 1/(30L τ_C)}; at most ε/(4Lσ²). Two workers
  /// of 1 and 2 seconds: two jobs of one end while a job of the other lasts. Where any worker may get a job,
  /// 8 + 4 jobs of the others end while the slowest does two, and one more is there already.
  @Test func hasTheTheorysNumbers() throws {
    let L = TheoryLab.L
    for (order, bound) in [("pure", 40.0), ("random", 60), ("shuffled", 60)] {
      let settings: Settings = ["order": .word(order), "active": 2]
      let forecast = try TheoryLab.forecast("asgrad", MethodLab.workers([1, 2, 4]), settings)
      expectNear(forecast.gamma, min(1 / (6 * L), 1 / (bound * L), 1 / (4 * L * TheoryLab.noise)), order)
      #expect(forecast["delay_max"] == (order == "pure" ? 2 : 13))
      #expect(forecast["active"] == 2 && forecast["waiting"] == 1)
    }
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("asgrad"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
