import StragglerCore
import StragglerData
import Testing

@testable import StragglerLab

/// Whether the advice from a record of a known fleet names the method that simulation of that fleet shows to be fastest.
@Suite struct AdviserFleetTests {
  struct KnownFleet {
    let name: String
    /// σ²/ε.
    let noise: Double
    let workers: [Worker]

    init(_ name: String, noise: Double, _ count: Int, _ worker: (Double) -> Worker) {
      self.name = name
      self.noise = noise
      workers = (1...count).map { worker(Double($0)) }
    }
  }

  static let fleets: [KnownFleet] = [
    KnownFleet("equal", noise: 30, 20) { _ in Worker(tau: 1) },
    KnownFleet("square roots", noise: 4.5, 10) { Worker(tau: $0.squareRoot()) },
    KnownFleet("one fast", noise: 0.25, 6) { Worker(tau: $0 == 1 ? 0.1 : 10) },
    KnownFleet("lognormal", noise: 12.5, 3) {
      Worker(tau: $0.squareRoot(), delay: .lognormal(mu: 0, sigma: 2.5))
    },
    KnownFleet("log-Cauchy", noise: 20, 4) { _ in Worker(tau: 1, delay: .logcauchy(mu: 0, gamma: 2)) },
    KnownFleet("half of the jobs fail", noise: 3.5, 5) {
      Worker(tau: $0.squareRoot(), delay: .infbernoulli(q: 0.5))
    },
    KnownFleet("two fail", noise: 8.5, 6) {
      $0 <= 2
        ? Worker(tau: 1, delay: .infbernoulli(q: 0.3)) : Worker(tau: 2 + $0, delay: .exponential(rate: 1))
    },
    KnownFleet("exponential", noise: 10.5, 10) { _ in Worker(tau: 0.2, delay: .exponential(rate: 1)) },
    KnownFleet("levy", noise: 6.5, 6) { _ in Worker(tau: 0.5, delay: .levy(mu: 0, c: 1)) },
    KnownFleet("uniform", noise: 40, 12) { _ in Worker(tau: 1, delay: .uniform(a: 0, b: 0.2)) },
    KnownFleet("weibull", noise: 12.5, 8) { Worker(tau: 0.1 * $0, delay: .weibull(shape: 0.3, scale: 1)) },
    KnownFleet("pareto", noise: 2.5, 4) { _ in Worker(tau: 0.5, delay: .pareto(minimum: 0.1, alpha: 0.4)) },
    KnownFleet("gamma", noise: 30.5, 3) { Worker(tau: 0, delay: .gamma(shape: 4, scale: $0)) },
  ]

  private let epsilon = 3e-3
  private let dimension = 10

  private func problem(_ fleet: KnownFleet) -> (choice: ProblemChoice, conditions: Conditions) {
    let noise = (fleet.noise * epsilon / Double(dimension)).squareRoot()
    let choice = ProblemChoice(Quadratic<Double>(dimension: dimension, noise: noise))
    let experiment = Experiment(
      problem: choice, workers: fleet.workers, method: MethodChoice(Hero()), epsilon: epsilon)
    return (choice, (try? experiment.situation().conditions) ?? Conditions())
  }

  /// Durations of 200 jobs of every worker.
  private func record(_ fleet: KnownFleet) -> RecordedDurations {
    var record = RecordedDurations(values: [], workers: [], workerNames: [])
    for (index, worker) in fleet.workers.enumerated() {
      record.workerNames.append("\(index + 1)")
      for job in 1...200 {
        var stream = Stream(seed: 77, purpose: .data, worker: index, job: job)
        record.values.append(worker.tau + worker.delay.sample(&stream, job: job))
        record.workers?.append(index)
      }
    }
    return record
  }

  /// Seconds to ε of each method on the fleet itself, in its best form, in the mean over seeds that the advice has not seen.
  private func truth(_ fleet: KnownFleet) throws -> [String: Double] {
    let (problem, conditions) = problem(fleet)
    var times: [String: Double] = [:]
    var best = Double.infinity
    for candidate in AdviceCandidate.all(fleet: fleet.workers, conditions, stops: false, timeout: nil) {
      let experiments = Experiment(
        problem: problem, workers: fleet.workers, method: try candidate.choice(Catalogue()), epsilon: epsilon)
      let stop = Stop(
        time: best < .infinity ? 4 * best : nil, events: 20_000,
        conditions: [.init(.gradnorm2, .below, epsilon)])
      let rows = try Comparison([experiments], until: stop, seeds: Array(1_000..<1_008), threads: 2).run()
      guard let row = rows.first, row.reached == 1 else { continue }
      let time = row.runs.reduce(0) { $0 + $1.statistics.point.time } / Double(row.runs.count)
      times[candidate.method] = min(times[candidate.method] ?? .infinity, time)
      best = min(best, time)
    }
    return times
  }

  @Test func namesTheFastestMethodOfKnownFleets() throws {
    var hits = 0
    var misses: [String] = []
    for fleet in Self.fleets {
      let (problem, conditions) = problem(fleet)
      var adviser = Adviser(
        try AdviceFleet(record(fleet), count: 1), problem: problem, conditions: conditions)
      adviser.replicates = 0
      adviser.events = 3_000
      adviser.gradients = 20_000
      adviser.threads = 2
      let advice = try #require(try adviser.advise())
      let truth = try truth(fleet)
      let fastest = truth.values.min() ?? .infinity
      let named = advice.best?.candidate.method ?? ""
      if truth[named] == fastest { hits += 1 } else { misses.append("\(fleet.name): \(named), not \(truth)") }
    }
    #expect(10 * hits >= 9 * Self.fleets.count, "\(misses)")
  }
}
