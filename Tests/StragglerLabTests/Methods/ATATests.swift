// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct ATATests {
  /// The papers' fleet: 29i + Exp(mean 29i).
  static let fleet = (1...17).map {
    Worker(tau: 29 * Double($0), delay: .exponential(rate: 1 / (29 * Double($0))))
  }

  private func ata(_ rule: AllocationRule, batch: Int = 23, confidence: Double = 2) -> ATA {
    MethodLab.make(ATA.self) {
      ($0.gamma, $0.allocation, $0.batch.given, $0.confidence) = (0.1, rule, batch, confidence)
    }
  }

  @Test func everyIterationIsABatchAtTheNewestPoint() throws {
    for rule in [AllocationRule.ata, .empirical, .greedy, .uniform, .optimal] {
      let (run, log) = try MethodLab.run(ata(rule), Self.fleet, until: Stop(updates: 40))
      #expect(run.statistics.point.used == 40 * 23)
      #expect(run.statistics.delayMax == 0)
      #expect(run.statistics.discarded == 0)
      if rule != .greedy { #expect(run.statistics.cancelled == 0) }
      var x = MethodLab.start(20)
      for _ in 0..<40 { x = zip(x, MethodLab.gradient(x)).map { $0 - 0.1 * $1 } }
      expectClose(run.model, x)
      _ = log
    }
  }

  /// With fixed durations the optimal allocation takes ℓ* = the B-th smallest of {j τᵢ}, and greedy no
  /// longer.
  @Test func fixedDurationsTakeTheOptimalTime() throws {
    var stream = RandomStream(seed: 8, purpose: .data)
    for batch in [1, 2, 7, 40] {
      let tau = (0..<5).map { _ in 1 + 9 * stream.uniform() }
      let best = tau.flatMap { tau in (1...batch).map { Double($0) * tau } }.sorted()[batch - 1]
      func time(_ rule: AllocationRule) throws -> Double {
        try MethodLab.run(ata(rule, batch: batch), MethodLab.workers(tau), until: Stop(updates: 1)).run
          .statistics.point.time
      }
      #expect(abs(try time(.optimal) - best) < 1e-12 * best)
      #expect(try time(.greedy) <= best * (1 + 1e-12))
    }
  }

  @Test func greedyIsRennalaThatStops() throws {
    let rennala = MethodLab.make(Rennala.self) { ($0.gamma, $0.batch, $0.stops) = (0.1, 23, true) }
    let (a, _) = try MethodLab.run(ata(.greedy), Self.fleet, noise: 0.1, until: Stop(updates: 30))
    let (b, _) = try MethodLab.run(rennala, Self.fleet, noise: 0.1, until: Stop(updates: 30))
    #expect(a.model == b.model)
    #expect(a.statistics.point.time == b.statistics.point.time)
  }

  @Test func uniformGivesEveryWorkerTheSame() throws {
    let (_, log) = try MethodLab.run(ata(.uniform, batch: 40), Self.fleet, until: Stop(updates: 50))
    var counts = Array(repeating: Array(repeating: 0, count: 17), count: 50)
    for entry in log where entry.kind == .arrive { counts[entry.version][entry.worker] += 1 }
    for round in counts { #expect(round.allSatisfy { $0 == 2 || $0 == 3 }) }
    // The remainder of 6 goes to different workers: each gets it in 6/17 of the rounds.
    for worker in 0..<17 {
      let extra = Double(counts.map { $0[worker] - 2 }.reduce(0, +))
      let (mean, deviation) = (50.0 * 6 / 17, (50.0 * 6 / 17 * 11 / 17).squareRoot())
      #expect(abs(extra - mean) < 4.5 * deviation)
    }
  }

  /// ATA asks every worker first, then learns: it ends nearly as fast as the optimal allocation, and works
  /// far less than greedy.
  @Test func learnsTheFastWorkers() throws {
    func run(_ rule: AllocationRule, _ confidence: Double) throws -> (time: Double, energy: Double) {
      let run = try MethodLab.run(ata(rule, confidence: confidence), Self.fleet, until: Stop(updates: 600))
        .run
      return (run.statistics.point.time, run.statistics.energy)
    }
    let optimal = try run(.optimal, 0)
    let (greedy, uniform) = (try run(.greedy, 0), try run(.uniform, 0))
    for (rule, confidence) in [(AllocationRule.ata, 0.05), (.empirical, 0.1)] {
      let learnt = try run(rule, confidence)
      #expect(learnt.time < 1.25 * optimal.time, "\(rule)")
      #expect(learnt.energy < greedy.energy, "\(rule)")
      #expect(learnt.time < uniform.time, "\(rule)")
    }
  }

  @Test func theFirstRoundAsksEveryWorker() throws {
    let (_, log) = try MethodLab.run(ata(.ata), Self.fleet, until: Stop(updates: 1))
    let asked = Set(log.filter { $0.kind == .assign }.map(\.worker))
    #expect(asked.count == 17)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("ata", ["allocation": "ata", "batch": "max{1, ⌈σ²/ε⌉}", "confidence": "2"])
    try expectRefused("ata", ["allocation": "best"], "empirical")
    try expectRefused("ata", ["batch": 0], "a positive integer")
    try expectRefused("ata", ["confidence": -1], "not negative")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, noise, progress) = ([4.0, 1, 2], TheoryLab.noise, TheoryLab.progress)
    for rule in ["ata", "greedy", "optimal"] {
      let forecast = try TheoryLab.forecast("ata", MethodLab.workers(tau), ["allocation": .word(rule)])
      #expect(forecast["batch"] == noise)
      expectNear(forecast.gamma, 1 / (2 * TheoryLab.L))
      #expect(forecast.iterations == 16 * progress)
      // The seventh of 1, 2, 2, 3, 4, 4, 4.
      if rule != "greedy" { #expect(forecast["iteration_time"] == 4) }
      #expect(forecast.list("tasks").reduce(0, +) == noise)
      if rule == "greedy" {
        expectNear(forecast.time, TheoryLab.collecting(noise, tau) * forecast.iterations)
      }
    }
  }
}
