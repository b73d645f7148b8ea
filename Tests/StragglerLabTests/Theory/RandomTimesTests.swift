// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@testable import StragglerLab

@Suite struct RandomTimesTests {
  private func situation(_ workers: [Worker], seed: UInt64 = 1) throws -> Situation {
    try Experiment(Quadratic<Double>(dimension: 2), workers: workers, method: Rennala(), seed: seed)
      .situation()
  }

  @Test func orderStatisticsOfExponentialsAreHarmonicSums() {
    for (n, rate) in [(1, 2.0), (7, 1), (40, 0.1)] {
      let workers = (1...n).map { _ in Worker(tau: 0.5, delay: .exponential(rate: rate)) }
      for rank in [1, (n + 1) / 2, n] {
        let expected = 0.5 + ((n - rank + 1)...n).reduce(0) { $0 + 1 / (rate * Double($1)) }
        let mean = OrderStatistic(workers, rank: rank).mean
        #expect(abs(mean / expected - 1) < 1e-8, "\(n) \(rank)")
      }
    }
  }

  /// Laws with atoms, jumps and different starts, against the plain sum over a fine grid.
  @Test func orderStatisticsOfMixedFleets() {
    let workers = [
      Worker(tau: 1, delay: .uniform(a: 0, b: 2)), Worker(tau: 0.3, delay: .poisson(lambda: 2)),
      Worker(tau: 2), Worker(tau: 0.1, delay: .lognormal(mu: 0, sigma: 1)), Worker(tau: 1, upload: 0.7),
    ]
    for rank in 1...5 {
      let statistic = OrderStatistic(workers, rank: rank)
      let step = 1e-3
      let slow = (0..<200_000).reduce(0.0) { $0 + step * statistic.survival((Double($1) + 0.5) * step) }
      #expect(abs(statistic.mean / slow - 1) < 3e-3, "\(rank)")
      // P(fewer than m are done) over all subsets.
      for time in [0.2, 0.9, 1.4, 2.2, 5] {
        let done = workers.map { $0.delay.cdf(time - $0.tau - $0.upload) }
        let survival = (0..<32).filter { $0.nonzeroBitCount < rank }.reduce(0.0) { sum, subset in
          sum + done.indices.reduce(1.0) { $0 * (subset >> $1 & 1 == 1 ? done[$1] : 1 - done[$1]) }
        }
        #expect(abs(statistic.survival(time) - survival) < 1e-12)
      }
    }
  }

  @Test func orderStatisticsThatHaveNoMean() {
    let levy = (1...5).map { _ in Worker(tau: 1, delay: .levy(mu: 0, c: 1)) }
    // P(η > t) ~ t^(−1/2): the third longest of five has a mean, the second longest has none.
    #expect(OrderStatistic(levy, rank: 3).mean < 100)
    #expect(OrderStatistic(levy, rank: 4).mean == .infinity)
    let cauchy = (1...5).map { _ in Worker(tau: 1, delay: .logcauchy(mu: 0, gamma: 1)) }
    #expect(OrderStatistic(cauchy, rank: 1).mean == .infinity)
    #expect(OrderStatistic([Worker(tau: 0)], rank: 1).mean == 0)
    #expect(OrderStatistic([Worker(tau: .infinity)], rank: 1).mean == .infinity)
    #expect(abs(OrderStatistic([Worker(tau: 3), Worker(tau: 2)], rank: 2).mean - 3) < 1e-9)
  }

  @Test func oneWorkersBatchTakesTheSumOfItsJobs() throws {
    // Gamma durations: T_B of one worker is Gamma with B times the shape, and so are K of them.
    let workers = [Worker(tau: 0, delay: .gamma(shape: 2, scale: 1))]
    let times = try #require(BatchTimes(try situation(workers), batch: 3, stops: true))
    #expect(times.times.count == 4_000 && times.endless == 0)
    let mean = times.times.reduce(0, +) / 4_000
    // z = 4.
    #expect(abs(mean - 6) < 4 * 6.0.squareRoot() / 4_000.0.squareRoot())
    let sorted = times.times.sorted()
    for p in [0.1, 0.5, 0.9] {
      let law = Delay.gamma(shape: 6, scale: 1)
      let rank = law.cdf(sorted[Int(p * 4_000)])
      #expect(abs(rank - p) < 4 * (p * (1 - p) / 4_000).squareRoot())
    }
  }

  /// The band of very many iterations holds their mean as often as it says, though that is known from 4,000
  /// of them only.
  @Test(arguments: [2.0, 60]) func bandsHoldWhatIsNotKnownOfTheMean(_ batch: Double) throws {
    let worker = Worker(tau: 0, delay: .gamma(shape: 2, scale: 1))
    let (forecasts, progress) = (20, 1e6 / batch)
    var inside = 0.0
    for seed in 1...forecasts {
      let rennala = MethodLab.make(Rennala.self) { ($0.batch.given, $0.stops) = (Int(batch), true) }
      var experiment = Experiment(
        Quadratic<Double>(dimension: 2), workers: [worker], method: rennala, seed: UInt64(seed), epsilon: 1)
      (experiment.assumed.smoothness, experiment.assumed.variance) = (1, 0)
      experiment.assumed.gap = progress
      let forecast = try experiment.method.forecast(try experiment.situation())
      func number(_ name: String) -> Double { forecast.parameters.first { $0.name == name }?.value ?? .nan }
      let mean = 2 * batch * forecast.iterations
      if number("time_q10") <= mean, mean <= number("time_q90") { inside += 1 }
      // z = 5, for twenty of them.
      #expect(abs(number("time_mean") - mean) < 5 * number("time_error"), "\(seed)")
    }
    // z = 4.
    #expect(abs(inside / Double(forecasts) - 0.8) < 4 * (0.16 / Double(forecasts)).squareRoot(), "\(inside)")
  }

  /// Large batches, of which only the steady flow is simulated, against runs of one iteration.
  @Test func flowsAreLargeBatches() throws {
    let workers = (1...5).map { Worker(tau: Double($0) / 5, delay: .lognormal(mu: 0, sigma: 1)) }
    for stops in [true, false] {
      let flow = try #require(FlowTimes(try situation(workers), batch: 2_000, stops: stops))
      let times = try #require(BatchTimes(try situation(workers, seed: 7), batch: 2_000, stops: stops))
      let (mean, error) = flow.mean(1)
      // z = 4, and a job of every worker where an iteration begins.
      let band = 4 * (error * error + times.error * times.error).squareRoot() + times.mean * 5 / 2_000
      #expect(abs(mean - times.mean) < band, "\(stops): \(mean) \(times.mean)")
    }
    #expect(FlowTimes(try situation(workers), batch: 50, stops: true) == nil)
    #expect(
      FlowTimes(try situation([Worker(tau: 1, delay: .levy(mu: 0, c: 1))]), batch: 1e6, stops: true) == nil)
  }

  @Test func interruptionsEndTheWork() throws {
    let workers = (1...3).map { _ in Worker(tau: 1, delay: .lognormal(mu: 0, sigma: 2)) }
    let situation = try situation(workers)
    var asked = 0
    let times = BatchTimes(situation, batch: 10_000, stops: true) {
      asked += 1
      return asked == 3
    }
    #expect(times == nil && asked == 3)
    #expect(FlowTimes(situation, batch: 1e6, stops: true, interrupted: { true }) == nil)
  }

  /// What is simulated has a bound on its work however many workers there are.
  @Test func largeFleetsAreNotSimulatedForLong() throws {
    let exponential = (1...2_000).map { Worker(tau: Double($0), delay: .exponential(rate: 1)) }
    for stops in [true, false] {
      let times = try #require(
        BatchTimes(try situation(exponential), batch: 1, stops: stops, mostJobs: 100_000))
      // Without cancelling, an iteration of one gradient begins few jobs.
      #expect((20...51).contains(times.times.count) || !stops)
      #expect(BatchTimes(try situation(exponential), batch: 1, stops: true, mostJobs: 30_000) == nil)
    }
    // The last of all has no mean: nothing need be integrated.
    var asked = 0
    let heavy = (1...100).map { Worker(tau: Double($0), delay: .logt(mu: 0, sigma: 1, dof: 3)) }
    let last = OrderStatistic(
      heavy, rank: 100,
      interrupted: {
        asked += 1
        return false
      })
    #expect(last.mean == .infinity && asked == 0)
    // Every update begins jobs of all workers, most of them in vain.
    let off = (1...4_000).map { _ in Worker(tau: 1, delay: .markov(up: 10, down: 200)) }
    let single = MethodLab.make(MSynchronous.self) { $0.m = 1 }
    let forecast = try forecast(single, off)
    #expect(forecast.time > 0)
    let updates = forecast.notes.joined().split(separator: " ").compactMap { Int($0) }.first ?? .max
    #expect(updates <= 60, "\(forecast.notes)")
    // The first trials of all workers would be more than that.
    let ata = try self.forecast(ATA(), Array(off.prefix(1_500)))
    #expect(ata.time.isNaN && ata.notes.contains { $0.contains("too many jobs") }, "\(ata.notes)")
  }

  /// Where almost all runs take the same time, all quantiles are that time.
  @Test func quantilesOfTimesThatAreAlmostAllTheSame() throws {
    let workers = (1...8).map { _ in Worker(tau: 1, delay: .markov(up: 0.798, down: 19.3)) }
    for seed in 18...20 {
      var experiment = Experiment(
        Quadratic<Double>(dimension: 2), workers: workers, method: Vecna(), seed: UInt64(seed), epsilon: 0.5)
      (experiment.assumed.smoothness, experiment.assumed.variance) = (1, 0.2)
      experiment.assumed.gap = 0.5
      let forecast = try experiment.method.forecast(try experiment.situation())
      func number(_ name: String) -> Double { forecast.parameters.first { $0.name == name }?.value ?? .nan }
      let q10 = number("time_q10")
      #expect(q10 <= number("time_median") && number("time_median") <= number("time_q90"))
      // No update takes longer than trials that all fail.
      let trial = 1 + (forecast.lists.first { $0.name == "clip" }?.values.first ?? .nan)
      let trials = forecast.lists.first { $0.name == "trials" }?.values.max() ?? .nan
      #expect(q10 <= trials * trial * forecast.iterations * (1 + 1e-9), "\(q10)")
    }
  }

  private func forecast(_ method: some Method, _ workers: [Worker]) throws -> Forecast {
    var experiment = Experiment(
      Quadratic<Double>(dimension: 2), workers: workers, method: method, epsilon: 1e-3)
    (experiment.assumed.smoothness, experiment.assumed.variance, experiment.assumed.gap) = (1, 1e-3, 100)
    return try experiment.method.forecast(try experiment.situation())
  }

  /// Against the gamma law, of which sums of equal ones are known.
  @Test func sumsAreConvolutions() {
    let law = Delay.gamma(shape: 0.5, scale: 2)
    let times = (0..<4_000).map { law.quantile((Double($0) + 0.5) / 4_000) }
    let one = TimeSum(times: times, endless: 0)
    let mean = times.reduce(0, +) / 4_000
    for count in [1.0, 2, 7, 100, 1_000] {
      let sum = one.repeated(count)
      #expect(abs(sum.mean / (count * mean) - 1) < 1e-9)
      for p in [0.1, 0.5, 0.9] {
        let exact = Delay.gamma(shape: 0.5 * count, scale: 2).quantile(p)
        #expect(abs(sum.quantile(p) / exact - 1) < 0.02, "\(count) \(p) \(sum.quantile(p)) \(exact)")
      }
    }
  }

  @Test func sumsOfTimesOfDifferentSizes() {
    // 99 in 100 times are 1, the rest 10⁸: the sum of 10 is 10 with probability 0.9, else about 10⁸.
    let sum = TimeSum(times: (0..<100).map { $0 == 0 ? 1e8 : 1 }, endless: 0).repeated(10)
    #expect(abs(sum.quantile(0.5) / 10 - 1) < 0.1)
    #expect(abs(sum.quantile(0.97) / 1e8 - 1) < 0.1)
    #expect(abs(sum.mean / (10 * (0.99 + 1e6)) - 1) < 1e-9)
  }

  @Test func timesThatMayNeverEnd() throws {
    let sum = TimeSum(times: Array(repeating: 2, count: 90), endless: 10)
    #expect(sum.mean == .infinity && sum.quantile(0.95) == .infinity && sum.quantile(0.5) == 2)
    let three = sum.repeated(3)
    #expect(abs(three.quantile(0.7) - 6) < 1e-9 && three.quantile(0.75) == .infinity)
    // Every job of one worker in five ends at all: T_1 of two workers is endless with probability 0.64.
    let workers = [1.0, 1.0].map { Worker(tau: $0, delay: .infbernoulli(q: 0.8)) }
    let times = try #require(BatchTimes(try situation(workers), batch: 1, stops: true))
    let share = Double(times.endless) / 4_000
    #expect(abs(share - 0.64) < 4 * (0.64 * 0.36 / 4_000).squareRoot())
  }

  /// The total over K iterations is what a run of K iterations takes.
  @Test func totalsAreThoseOfRuns() throws {
    let workers = (1...4).map { Worker(tau: Double($0), delay: .lognormal(mu: 0, sigma: 1.5)) }
    for stops in [true, false] {
      let total = TimeSum(try #require(BatchTimes(try situation(workers), batch: 5, stops: stops)))
        .repeated(50)
      var below = 0
      for seed in 100..<300 {
        let rennala = MethodLab.make(Rennala.self) { ($0.batch, $0.gamma, $0.stops) = (5, 0.1, stops) }
        let run = try Experiment(
          Quadratic<Double>(dimension: 2), workers: workers, method: rennala, seed: UInt64(seed)
        ).start()
        run.run(until: Stop(updates: 50))
        if run.statistics.point.time <= total.quantile(0.5) { below += 1 }
      }
      // 200 runs, z = 4, with room for the histogram's percent.
      #expect(abs(Double(below) / 200 - 0.5) < 4 * 0.5 / 200.0.squareRoot() + 0.03, "\(below)")
    }
  }
}
