// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct MaleniaTests {
  private func malenia(_ S: Int, stops: Bool = true, gamma: Double = 0.5) -> Malenia {
    MethodLab.make(Malenia.self) { ($0.gamma.given, $0.batch.given, $0.stops) = (gamma, S, stops) }
  }

  /// Times of the updates, and how many gradients of every worker each has used.
  private func updates(_ log: [LogEntry], workers: Int) -> [(time: Double, counts: [Int])] {
    var counts = Array(repeating: 0, count: workers)
    var updates: [(Double, [Int])] = []
    for entry in log where entry.kind == .use || entry.kind == .update {
      // The gradient that closes a batch is logged as used behind the update.
      if entry.kind == .update {
        counts[entry.worker] += 1
        updates.append((entry.time, counts))
        counts = Array(repeating: 0, count: workers)
      } else if entry.iteration == entry.version {
        counts[entry.worker] += 1
      }
    }
    return updates
  }

  @Test(.enabled(if: TheoryCase.arePresent, "the shared folder is not here"))
  func reproducesTheReferenceTrace() throws {
    let reference = try TheoryCase("trace_malenia_S12")
    let expected = try #require(reference.outputs["updates"] as? [[Any]])
    let tau = try reference.inputs("tau")
    let (_, log) = try MethodLab.run(
      malenia(12), MethodLab.workers(tau), until: Stop(updates: expected.count))
    let updates = updates(log, workers: tau.count)
    try #require(updates.count == expected.count)
    for (update, expected) in zip(updates, expected) {
      let time = try #require(expected[0] as? Double)
      #expect(abs(update.time - time) <= 1e-12 * time)
      #expect(update.counts == expected[1] as? [Int])
    }
  }

  @Test func withSmallestSOneGradientOfEveryWorkerIsEnough() throws {
    let (_, log) = try MethodLab.run(
      malenia(7), MethodLab.workers(MethodLab.durations), until: Stop(updates: 5))
    for update in updates(log, workers: 7) { #expect(update.counts.min() == 1) }
  }

  /// The harmonic mean is reached exactly where all workers have the same number, whatever n and S are.
  @Test(arguments: [2, 3, 7, 11, 49, 50]) func equalWorkersCollectSOverN(n: Int) throws {
    for share in [1, 2, 3, 7, 10] {
      let (run, _) = try MethodLab.run(
        malenia(n * share), MethodLab.workers(Array(repeating: 1, count: n)), until: Stop(updates: 3))
      #expect(run.statistics.point.time == Double(3 * share))
      #expect(run.statistics.point.used == 3 * n * share)
    }
  }

  @Test func stepsAlongTheMeanOfTheMeans() throws {
    for stops in [false, true] {
      let (run, log) = try MethodLab.run(
        malenia(20, stops: stops), MethodLab.workers(MethodLab.durations), until: Stop(updates: 12))
      var x = MethodLab.start(20)
      for _ in 0..<12 {
        let g = MethodLab.gradient(x)
        x = zip(x, g).map { $0 - 0.5 * $1 }
      }
      expectClose(run.model, x)
      // (1/n Σ 1/Bᵢ)⁻¹ ≥ S/n, and not before the last gradient; times ≤ 2(τ_n + (S/n) τ_avg) with
      // interruption.
      var last = 0.0
      let average = MethodLab.durations.reduce(0, +) / 7
      for update in updates(log, workers: 7) {
        let mean = 7 / update.counts.map { 1 / Double($0) }.reduce(0, +)
        #expect(mean >= 20.0 / 7)
        if stops { #expect(update.time - last <= 2 * (MethodLab.durations[6] + 20.0 / 7 * average)) }
        last = update.time
      }
    }
  }

  /// Rennala SGD goes to the minimum of the fast workers' objectives, Malenia SGD to that of all.
  @Test func findsTheMinimumOfDifferentWorkers() throws {
    let rennala = MethodLab.make(Rennala.self) { ($0.gamma, $0.batch, $0.stops) = (0.5, 5, true) }
    let biased = try MethodLab.gap(rennala, steps: 3_000)
    let exact = try MethodLab.gap(malenia(5), steps: 3_000)
    #expect(exact < 1e-9)
    #expect(!(biased < 1e-3))
  }

  @Test func takesTheTheorysParameters() throws {
    for (n, noise, S) in [(3, 40.0, 40.0), (60, 40, 60), (3, 39.2, 40)] {
      let gamma = try MethodLab.theoryStepsize(Malenia(), Array(repeating: 1, count: n)) {
        ($0.smoothness, $0.variance, $0.epsilon) = (2, noise, 1)
      }
      #expect(abs(gamma - min(1, S / (2 * noise)) / 2) < 1e-15)
    }
  }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, draw in
      let S = 1 + draw.integer(below: 3 * workers.count)
      return [false, true].map { stops in
        SlowCase(
          "malenia S=\(S) \(stops)", malenia(S, stops: stops, gamma: SlowSchedule.gamma),
          .batch(enough: { isMeanReached($0, S) }, ofMeans: true, isOnce: false, stops: stops))
      }
    }
  }

  /// Whether the harmonic mean of `counts` is at least S/n, in whole numbers: n²·Πb ≥ S·Σ Πb/bᵢ.
  private func isMeanReached(_ counts: [Int], _ size: Int) -> Bool {
    guard !counts.contains(0) else { return false }
    // Σ 1/bᵢ ≤ n²/S; a common multiple keeps it exact.
    let multiple = counts.reduce(1) { leastCommonMultiple($0, $1) }
    return counts.reduce(0) { $0 + multiple / $1 } * size <= counts.count * counts.count * multiple
  }

  private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
    var (x, y) = (a, b)
    while y != 0 { (x, y) = (y, x % y) }
    return a / x * b
  }

  @Test func hasItsKeys() throws {
    try expectKeys("malenia", ["batch": "max{⌈σ²/ε⌉, n}", "stops": "false"])
    try expectRefused("malenia", ["batch": 0], "a positive integer")
    try expectRefused("malenia", ["stops": 2], "true or false")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, noise, progress) = ([1.0, 2, 6], TheoryLab.noise, TheoryLab.progress)
    for (settings, S) in [([:], 7.0), (["batch": 3], 3)] as [(Settings, Double)] {
      let forecast = try TheoryLab.forecast("malenia", MethodLab.workers(tau), settings)
      let seconds = 2 * (6 + S / 3 * 3)
      #expect(forecast["S"] == S)
      expectNear(forecast["iteration_time"], seconds)
      #expect(forecast.iterations == 24 * progress * max(1, noise / S))
      expectNear(forecast.table, progress * (6 + 3 * noise / 3))
      expectNear(
        forecast.time, settings.isEmpty ? 96 * forecast.table : 2 * seconds * forecast.iterations)
    }
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("malenia"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
