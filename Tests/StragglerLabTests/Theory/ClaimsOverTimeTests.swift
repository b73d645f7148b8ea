// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData
import Testing

@testable import StragglerLab

/// What is said of times against simulated runs, for every method on random fleets of fixed, independent,
/// interrupted and replayed durations, with shared data and with data that differ: bounds are never exceeded,
/// and means, quantiles and shares of success agree within bands that follow from the number of runs.
@Suite struct ClaimsOverTimeTests {
  enum Kind: String, CaseIterable, Sendable { case fixed, independent, markov, replayed }

  struct Draw: Sendable, CustomTestStringConvertible {
    let kind: Kind
    let seed: UInt64
    /// Whether workers have objectives of their own.
    var differs = false
    var testDescription: String { "\(kind) \(seed)" + (differs ? " differing" : "") }
  }

  static let draws = Kind.allCases.flatMap { kind in
    [Draw(kind: kind, seed: 1), Draw(kind: kind, seed: 3, differs: true)]
  }
  private static let runs = 20

  /// One to five workers with durations of `kind`.
  static func fleet(_ draw: Draw) throws -> (workers: [Worker], owners: [any DelayOwner]) {
    var random = RandomStream(seed: draw.seed, purpose: .method, job: draw.kind.hashNumber)
    let n = 1 + random.integer(below: 5)
    let hasUploads = random.uniform() < 0.3
    var workers = (0..<n).map { _ in
      Worker(tau: 0.2 + 2 * random.uniform(), upload: hasUploads ? 0.5 * random.uniform() : 0)
    }
    var owners: [any DelayOwner] = []
    switch draw.kind {
    case .fixed: break
    case .independent:
      for index in workers.indices {
        let laws: [Delay] = [
          .exponential(rate: 0.3 + random.uniform()), .lognormal(mu: 0, sigma: random.uniform()),
          .uniform(a: 0, b: 3 * random.uniform()), .gamma(shape: 0.5, scale: 2),
        ]
        workers[index].delay = laws[random.integer(below: laws.count)]
      }
    case .markov:
      for index in workers.indices {
        workers[index].delay = .markov(up: 0.5 + 10 * random.uniform(), down: 0.5 + 20 * random.uniform())
      }
    case .replayed:
      // Slow spells that last: jobs are correlated.
      let values = (0..<200 * n).map { ($0 / 20) % 3 == 0 ? 8 * random.uniform() : random.uniform() }
      let record = RecordedDurations(
        values: values, workers: values.indices.map { $0 / 200 },
        workerNames: (0..<n).map { "\($0)" })
      let recording = try RecordedDelay(record, order: .replay)
      for index in workers.indices { workers[index].delay = recording.delay(of: index) }
      owners = [recording]
    }
    return (workers, owners)
  }

  private static func experiment(
    _ method: MethodChoice, _ fleet: (workers: [Worker], owners: [any DelayOwner]), isSum: Bool,
    differs: Bool
  ) throws -> Experiment {
    var problem = Quadratic<Double>(dimension: 6, noise: 0.5)
    if isSum { problem.samples = 9 }
    if differs { problem.heterogeneity = 0.3 }
    var experiment = Experiment(
      problem: ProblemChoice(problem), workers: fleet.workers, method: method, epsilon: 0.5)
    experiment.assumed.smoothness = 1
    experiment.assumed.variance = 1.5
    experiment.assumed.gap = 0.8
    experiment.assumed.distance = 1
    if differs { experiment.assumed.dissimilarity.constant = 0.1 }
    experiment.owners = fleet.owners
    experiment.topology = try Topology(.ring, nodes: fleet.workers.count) { _, _ in LinkTime(seconds: 0.1) }
    return experiment
  }

  /// The times of `steps` updates under seeds of their own, and the share of trials of each worker that
  /// succeed.
  private static func simulate(_ experiment: Experiment, steps: Int, runs: Int) throws
    -> (times: [Double], shares: [[Double]])
  {
    var (experiment, times, shares) = (experiment, [Double](), [[Double]]())
    experiment.isLogging = true
    for seed in 0..<runs {
      experiment.seed = 1_000 + UInt64(seed)
      let run = try experiment.start()
      var succeeded = [Double](repeating: 0, count: experiment.workers.count)
      var trials = succeeded
      run.onLog = { entry in
        if entry.kind == .arrive { succeeded[entry.worker] += Double(entry.count) }
        if entry.kind == .arrive || entry.kind == .clip { trials[entry.worker] += Double(entry.count) }
      }
      let state = run.rehearse(upTo: 2_000_000, steps: steps)
      #expect(state.isStarved || state.iteration == steps)
      times.append(state.isStarved ? .infinity : state.time)
      shares.append(zip(succeeded, trials).map { $0 / $1 })
    }
    return (times, shares)
  }

  private static func spread(_ values: [Double]) -> (mean: Double, error: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    return (mean, (variance / Double(values.count)).squareRoot())
  }

  @Test(arguments: draws) func noClaimIsFalsified(_ draw: Draw) throws {
    let fleet = try Self.fleet(draw)
    var told: Set<String> = []
    for entry in Catalogue().methods {
      for isSum in [false, true] {
        let method = try entry.choose()
        let experiment = try Self.experiment(method, fleet, isSum: isSum, differs: draw.differs)
        guard let forecast = try? method.forecast(try experiment.situation()), forecast.time < .infinity,
          forecast.iterations <= 1_500, !told.contains(entry.name)
        else { continue }
        told.insert(entry.name)
        try Self.check(forecast, experiment, "\(entry.name) on \(draw)")
      }
    }
    // Nearly all that have a theorem about such data.
    #expect(told.count >= (draw.differs ? 6 : 18), "\(told.sorted())")
  }

  private static func check(_ forecast: Forecast, _ experiment: Experiment, _ what: String) throws {
    func number(_ name: String) -> Double { forecast.parameters.first { $0.name == name }?.value ?? .nan }
    let isBound = forecast.durations == .fixed || ["mindflayer", "vecna"].contains(forecast.method)
    let runs = forecast.durations == .fixed ? 3 : Self.runs
    let (times, shares) = try simulate(experiment, steps: Int(forecast.iterations), runs: runs)
    switch forecast.durations {
    case .changing: break
    case .fixed:
      #expect((times.max() ?? 0) <= forecast.time * (1 + 1e-9), "\(what): \(times) \(forecast.time)")
    case .independent:
      let text = forecast.notes.joined(separator: "; ")
      if isBound {
        #expect((times.max() ?? 0) <= forecast.time * (1 + 1e-9), "\(what)")
        try checkShares(forecast, shares, what)
      } else if text.contains("the mean for so many steps") {
        let (mean, error) = spread(times)
        #expect(abs(mean - forecast.time) <= 4.5 * error + 1e-9 * mean, "\(what): \(mean) \(forecast.time)")
      } else {
        #expect(text.contains("no bound"), "\(what): \(text)")
      }
      if !number("time_q10").isNaN { checkQuantiles(forecast, times, what) }
    case .dependent:
      let (mean, error) = spread(times)
      let told = number("time_error")
      let band = 4.5 * (error * error + told * told).squareRoot()
      #expect(abs(mean - forecast.time) <= band + 1e-9 * mean, "\(what): \(mean) \(forecast.time) ± \(told)")
      checkQuantiles(forecast, times, what)
      try checkShares(forecast, shares, what)
      let report = ForecastReport([forecast])
      let text = report.text(width: 400) + "\(report.json.map(\.line))"
      for word in ["theorem", "published", "bound for", "at most"] {
        #expect(!text.contains(word), "\(what): \(text)")
      }
      #expect(forecast.table.isNaN && forecast.lowerBound.isNaN)
    }
  }

  /// A share of the runs is below each quantile, to four standard deviations.
  private static func checkQuantiles(_ forecast: Forecast, _ times: [Double], _ what: String) {
    for (name, p) in [("time_q10", 0.1), ("time_median", 0.5), ("time_q90", 0.9)] {
      guard let value = forecast.parameters.first(where: { $0.name == name })?.value else {
        Issue.record("\(what) has no \(name)")
        continue
      }
      let band = 4 * (p * (1 - p) / Double(times.count)).squareRoot() + 0.05
      let (below, upTo) = (times.count { $0 < value * (1 - 1e-9) }, times.count { $0 <= value * (1 + 1e-9) })
      #expect(Double(below) / Double(times.count) <= p + band, "\(what): \(name)")
      #expect(Double(upTo) / Double(times.count) >= p - band, "\(what): \(name)")
    }
  }

  /// What is said to succeed does.
  private static func checkShares(_ forecast: Forecast, _ shares: [[Double]], _ what: String) throws {
    guard let p = forecast.lists.first(where: { $0.name == "p" })?.values else { return }
    for worker in p.indices {
      let values = shares.map { $0[worker] }.filter { !$0.isNaN }
      guard values.count > 1 else { continue }
      let (mean, error) = spread(values)
      // Forecasts from simulations have an error of about the same size.
      let band = 4.5 * error * (forecast.durations == .dependent ? 2.5 : 1) + 1e-3
      #expect(abs(mean - p[worker]) <= band, "\(what), worker \(worker): \(mean) \(p[worker])")
    }
  }
}

extension ClaimsOverTimeTests.Kind {
  fileprivate var hashNumber: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
