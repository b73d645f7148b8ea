// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@Suite struct ClippingTimesTests {
  private func withFleet(_ workers: [Worker], _ body: (Fleet, Table<Double>) throws -> Void) rethrows {
    var workers = workers
    var times = [Double](repeating: -1, count: workers.count)
    try workers.withUnsafeMutableBufferPointer { workers in
      try times.withUnsafeMutableBufferPointer { times in
        try body(
          Fleet(Table(base: workers.baseAddress, count: workers.count)),
          Table(base: times.baseAddress, count: times.count))
      }
    }
  }

  static let laws: [Delay] = [
    .uniform(a: 1, b: 3), .uniform(a: 0, b: 0.1), .exponential(rate: 2), .gamma(shape: 0.5, scale: 2),
    .gamma(shape: 20, scale: 0.1), .gamma(shape: 1_000, scale: 1e-3), .weibull(shape: 0.3, scale: 3),
    .weibull(shape: 5, scale: 1), .pareto(minimum: 1, alpha: 0.5), .pareto(minimum: 0.01, alpha: 3),
    .lognormal(mu: 0, sigma: 0.01), .lognormal(mu: -5, sigma: 2), .lognormal(mu: 0, sigma: 100),
    .logcauchy(mu: 0, gamma: 1), .logcauchy(mu: 3, gamma: 0.001), .logcauchy(mu: -4, gamma: 0.05),
    .logcauchy(mu: 0, gamma: 100), .logt(mu: 0, sigma: 1, dof: 5), .logt(mu: 2, sigma: 0.01, dof: 1),
    .levy(mu: 0.5, c: 1), .levy(mu: 0, c: 1e-4), .normal(mu: 0, sigma: 1), .normal(mu: 5, sigma: 0.1),
    .poisson(lambda: 3), .poisson(lambda: 40), .poisson(lambda: 1_500), .constant(2), .infbernoulli(q: 0.7),
    .none,
  ]

  /// Candidates for a brute-force search: a fine grid in ln t, fine around the law's own quantiles too, and
  /// atoms.
  private func candidates(_ delay: Delay) -> [Double] {
    var times = stride(from: -40.0, through: 12, by: 0.03).map { Foundation.exp($0) } + [0]
    for k in 1..<100 {
      let t = delay.quantile(Double(k) / 100)
      times += [t, t * 1.0001]
    }
    if delay.parts.name == "poisson" { times += (0..<Int(2 * delay.mean) + 20).map(Double.init) }
    return times.filter { $0 < 1e300 }
  }

  @Test(arguments: laws) func singleIsBest(_ delay: Delay) {
    let times = candidates(delay).map { (t: $0, p: delay.cdf($0)) }
    for tau in [1e-3, 1, 30] {
      let best = ClippingTimes.single(tau: tau, delay: delay)
      let slow = times.map { (tau + $0.t) / $0.p }.min() ?? .infinity
      #expect(best.cost <= slow * (1 + 1e-12), "τ = \(tau), \(delay): \(best) against \(slow)")
      #expect(best.probability == delay.cdf(best.time))
    }
  }

  @Test(arguments: laws) func jointIsBestForOneWorker(_ delay: Delay) {
    let times = candidates(delay).map { (t: $0, p: delay.cdf($0)) }
    for (tau, batch) in [(1.0, 1.0), (1, 1e4), (20, 0.1), (1e-3, 1)] {
      withFleet([Worker(tau: tau, delay: delay)]) { fleet, clips in
        let time = ClippingTimes.optimize(fleet: fleet, batch: batch, into: clips)
        let slow = times.map { (tau + $0.t) * (batch + $0.p) / $0.p }.min() ?? .infinity
        #expect(time <= slow * (1 + 1e-12), "τ = \(tau), S = \(batch), \(delay)")
        // And it is attained.
        let p = delay.cdf(clips[0])
        let attained = (tau + clips[0]) * (batch + p) / p
        #expect((attained / time - 1).magnitude < 1e-12, "\(delay)")
      }
    }
  }

  /// T is the root of Σ maxₜ[F(t)(T/(τ + t) − 1)]₊ = S, by brute force over t.
  @Test func jointOverMixedFleet() {
    let workers = Self.laws.enumerated().map { Worker(tau: 0.3 * Double($0 + 1).squareRoot(), delay: $1) }
    for batch in [1.0, 50] {
      withFleet(workers) { fleet, clips in
        let time = ClippingTimes.optimize(fleet: fleet, batch: batch, into: clips)
        var (sum, slow) = (0.0, 0.0)
        for (index, worker) in workers.enumerated() {
          let gain = { (t: Double) in worker.delay.cdf(t) * (time / (worker.tau + t) - 1) }
          sum += max(0, gain(clips[index]))
          slow += max(0, candidates(worker.delay).map(gain).max() ?? 0)
        }
        #expect((sum / batch - 1).magnitude < 1e-12)
        #expect(slow <= sum * (1 + 1e-9))
        #expect(
          (Theory.mindFlayerTime(
            fleet: fleet, times: clips, successes: successes(fleet, clips), batch: batch) / time - 1)
            .magnitude < 1e-12)
      }
    }
  }

  static var fleetsOfOneLaw: [Delay] {
    laws + [.logcauchy(mu: -8, gamma: 0.2), .logt(mu: -6, sigma: 0.3, dof: 2)]
  }

  /// Workers with the same law share what is known of it; none may do worse for that. Far from the others,
  /// some have another of several peaks.
  @Test(arguments: fleetsOfOneLaw) func jointOverFleetOfOneLaw(_ delay: Delay) throws {
    let memory = TestMemory()
    let mixtures: [Delay] = [
      .mixture(try Mixture(0.6, memory.table([delay, .infbernoulli(q: 0.9)]))),
      .mixture(try Mixture(0.3, memory.table([.uniform(a: 0, b: 0.02), delay]))),
    ]
    let times = candidates(delay) + [0.02]
    for (law, batch) in [(delay, 3.0), (delay, 500), (mixtures[0], 20), (mixtures[1], 20)] {
      let probabilities = times.map { law.cdf($0) }
      let workers = (0..<12).map { Worker(tau: 0.01 * Foundation.exp(0.6 * Double($0 * 7 % 12)), delay: law) }
      withFleet(workers) { fleet, clips in
        let time = ClippingTimes.optimize(fleet: fleet, batch: batch, into: clips)
        guard time < .infinity else { return }
        for (index, worker) in workers.enumerated() {
          func gain(_ t: Double, _ p: Double) -> Double { max(0, p * (time / (worker.tau + t) - 1)) }
          let found = gain(clips[index], law.cdf(clips[index]))
          let slow = zip(times, probabilities).map(gain).max() ?? 0
          #expect(slow <= found * (1 + 1e-9), "τ = \(worker.tau), S = \(batch), \(law)")
        }
      }
    }
  }

  private var scratch: UnsafeMutablePointer<Double> { .allocate(capacity: 256) }

  private func successes(_ fleet: Fleet, _ clips: Table<Double>) -> Table<Double> {
    let table = Table(base: scratch, count: fleet.count)
    for index in table.indices { table[index] = fleet[index].delay.cdf(clips[index]) }
    return table
  }

  @Test func slowWorkersStayOut() {
    withFleet([Worker(tau: 1), Worker(tau: 1e6, delay: .lognormal(mu: 0, sigma: 1))]) { fleet, clips in
      // One worker without delay: T = τ(1 + S).
      #expect(ClippingTimes.optimize(fleet: fleet, batch: 3, into: clips) == 4)
      #expect(clips[0] == 0 && clips[1] == 0)
    }
  }

  @Test func hopelessFleets() {
    withFleet([Worker(tau: 1, delay: .infbernoulli(q: 1)), Worker(tau: 1, delay: .constant(.infinity))]) {
      fleet, clips in
      #expect(ClippingTimes.optimize(fleet: fleet, batch: 1, into: clips) == .infinity)
    }
    withFleet([]) { fleet, clips in
      #expect(ClippingTimes.optimize(fleet: fleet, batch: 1, into: clips) == .infinity)
    }
    // Without a sure part, and with density at 0, ever shorter trials are ever better: only sanity is asked.
    for delay in Self.laws {
      withFleet([Worker(tau: 0, delay: delay)]) { fleet, clips in
        let time = ClippingTimes.optimize(fleet: fleet, batch: 1, into: clips)
        #expect(time >= 0 && clips[0] >= 0 && clips[0] < .infinity)
      }
    }
  }
}
