// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct HogwildTests {
  private func hogwild(
    _ reads: SharedReading, window: Double = 1, gamma: Double = 0.05
  ) -> Hogwild {
    MethodLab.make(Hogwild.self) { ($0.gamma.given, $0.reads, $0.window) = (gamma, reads, window) }
  }

  private let asgd = MethodLab.make(Asynchronous.self) { $0.gamma = 0.05 }

  /// Fleets with ties, with a worker whose delays are far above n, and with random durations.
  static let fleets: [[Worker]] = [
    [Worker(tau: 1.5)],
    MethodLab.workers(MethodLab.durations),
    MethodLab.workers([1, 1, 1, 1]),
    MethodLab.workers([0.9, 1.3, 2.1, 61.7, 1.1]),
    MethodLab.workers([1, 2, 3], delay: .exponential(rate: 0.5)),
  ]

  @Test(arguments: fleets.indices) func withConsistentReadsIsASGD(_ fleet: Int) throws {
    let workers = Self.fleets[fleet]
    let (a, asgdLog) = try MethodLab.run(asgd, workers, noise: 0.01, until: Stop(updates: 300))
    let (b, log) = try MethodLab.run(hogwild(.consistent), workers, noise: 0.01, until: Stop(updates: 300))
    #expect(log.map(String.init(describing:)) == asgdLog.map(String.init(describing:)))
    #expect(b.model == a.model)
    #expect(b.statistics.memory == a.statistics.memory)
  }

  @Test(arguments: fleets.indices) func inconsistentReadsChangeModelsButNoEvents(_ fleet: Int) throws {
    let workers = Self.fleets[fleet]
    let (a, asgdLog) = try MethodLab.run(asgd, workers, noise: 0.01, until: Stop(updates: 300))
    let (b, log) = try MethodLab.run(hogwild(.inconsistent), workers, noise: 0.01, until: Stop(updates: 300))
    #expect(log.map(String.init(describing:)) == asgdLog.map(String.init(describing:)))
    // No other worker changes what a lone worker reads.
    #expect((b.model == a.model) == (workers.count == 1))
  }

  @Test func aShortReadIsConsistent() throws {
    // What is updated at the very instant at which a job begins is read: no two of these ever are at once.
    let fleets = [MethodLab.workers([2, 3, 5, 700].map { $0.squareRoot() }), Self.fleets[4]]
    for workers in fleets {
      let (a, _) = try MethodLab.run(asgd, workers, noise: 0.01, until: Stop(updates: 300))
      let (b, _) = try MethodLab.run(
        hogwild(.inconsistent, window: 1e-9), workers, noise: 0.01, until: Stop(updates: 300))
      #expect(b.model == a.model)
    }
  }

  /// Every version kept with its time; every coordinate looks its version up, from the newest backwards.
  private func slow(_ log: [LogEntry], window: Double, gamma: Double, seed: UInt64) -> [Double] {
    var versions: [(time: Double, x: [Double])] = [(0, MethodLab.start(20))]
    var starts: [Int: Double] = [:]
    for entry in log {
      switch entry.kind {
      case .assign: starts[entry.worker] = entry.time
      case .arrive:
        let start = starts[entry.worker]!
        let seconds = window * (entry.time - start)
        var stream = RandomStream(seed: seed, purpose: .read, worker: entry.worker, job: entry.job)
        let view = (0..<20).map { index in
          let time = start + stream.uniform() * seconds
          return versions.last { $0.time <= time }!.x[index]
        }
        let x = zip(versions.last!.x, MethodLab.gradient(view)).map { $0 - gamma * $1 }
        versions.append((entry.time, x))
      default: break
      }
    }
    return versions.last!.x
  }

  @Test(arguments: fleets.indices) func doesWhatTheSlowOneDoes(_ fleet: Int) throws {
    for (window, seed) in [(1.0, UInt64(1)), (0.3, 2)] {
      let (run, log) = try MethodLab.run(
        hogwild(.inconsistent, window: window), Self.fleets[fleet], seed: seed, until: Stop(updates: 400))
      expectClose(run.model, slow(log, window: window, gamma: 0.05, seed: seed), 1e-12, "window \(window)")
    }
  }

  @Test func startsAgainAsItStarted() throws {
    let (run, _) = try MethodLab.run(hogwild(.inconsistent), Self.fleets[3], until: Stop(updates: 100))
    let first = run.model
    run.reset()
    run.run(until: Stop(updates: 100))
    #expect(run.model == first)
  }

  @Test func neverReadsForAWorkerThatHangs() throws {
    let hanging = Self.fleets[1] + [Worker(tau: 1, delay: .infbernoulli(q: 1))]
    let (run, _) = try MethodLab.run(hogwild(.inconsistent), hanging, until: Stop(updates: 2_000))
    #expect(run.statistics.point.iteration == 2_000)
    #expect(run.statistics.point.gap < 0.01)
  }

  @Test func keepsTwoVectorsAWorker() throws {
    let workers = (1...50).map { Worker(tau: $0 == 50 ? 1e6 : 1 + 0.01 * Double($0)) }
    let (run, _) = try MethodLab.run(
      hogwild(.inconsistent), workers, dimension: 1_000, until: Stop(updates: 10))
    let (other, _) = try MethodLab.run(asgd, workers, dimension: 1_000, until: Stop(updates: 10))
    let vectors = Double(run.statistics.memory - other.statistics.memory) / 8_000
    #expect(vectors > 48 && vectors < 52)
  }

  @Test func takesAsynchronousSGDsStepsize() throws {
    let (a, b) = (
      try MethodLab.theoryStepsize(Hogwild(), [1, 2, 4]) { ($0.smoothness, $0.variance) = (2, 0) },
      try MethodLab.theoryStepsize(Asynchronous(), [1, 2, 4]) { ($0.smoothness, $0.variance) = (2, 0) }
    )
    #expect(a == b)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("hogwild", ["reads": "consistent", "window": "1"])
    try expectRefused("hogwild", ["reads": "none"], "inconsistent")
    try expectRefused("hogwild", ["window": 0], "above 0 and at most 1")
    try expectRefused("hogwild", ["window": 1.5], "above 0 and at most 1")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, noise, progress) = ([1.0, 2, 4], TheoryLab.noise, TheoryLab.progress)
    for reads in ["consistent", "inconsistent"] {
      let forecast = try TheoryLab.forecast("hogwild", MethodLab.workers(tau), ["reads": .word(reads)])
      expectNear(forecast.gamma, 1 / (4 * TheoryLab.L * noise))
      #expect(
        forecast.iterations == (8 * 18.0.squareRoot() * progress + 16 * noise * progress).rounded(.up))
      expectNear(forecast.time, TheoryLab.collecting(forecast.iterations, tau))
      #expect(forecast["delay_max"] == 6)
    }
  }
}
