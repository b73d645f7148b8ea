// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// Samples against the distribution function of their law; bands follow from the number of samples.
@Suite struct DelaySampleTests {
  static let count = 20_000

  static func samples(_ delay: Delay, seed: UInt64 = 7) -> [Double] {
    (1...count).map { job in
      var stream = RandomStream(seed: seed, purpose: .delay, worker: 3, job: job)
      return delay.sample(&stream, job: job)
    }
  }

  static let continuous: [Delay] = [
    .uniform(a: 1, b: 3), .exponential(rate: 2), .gamma(shape: 0.02, scale: 1), .gamma(shape: 0.5, scale: 2),
    .gamma(shape: 2, scale: 200), .gamma(shape: 1e4, scale: 1e-4), .weibull(shape: 0.5, scale: 3),
    .weibull(shape: 8, scale: 5), .pareto(minimum: 2, alpha: 1.5), .lognormal(mu: 0, sigma: 1),
    .lognormal(mu: -3, sigma: 100), .logcauchy(mu: 0, gamma: 1), .logcauchy(mu: 2, gamma: 50),
    .logt(mu: 0, sigma: 5, dof: 5), .logt(mu: 1, sigma: 0.1, dof: 0.8), .levy(mu: 1, c: 2),
    .normal(mu: 0, sigma: 3), .normal(mu: 2, sigma: 1), .normal(mu: -30, sigma: 2),
  ]

  /// Kolmogorov–Smirnov: √n times the distance exceeds 1.95 with probability 10⁻³.
  @Test(arguments: continuous) func followLaw(_ delay: Delay) {
    let n = Double(Self.count)
    var distance = 0.0
    for (index, t) in Self.samples(delay).sorted().enumerated() {
      // What over- and underflows has its own test.
      guard t > 0 && t < .infinity else { continue }
      let p = delay.cdf(t)
      distance = max(distance, max(p - Double(index) / n, Double(index + 1) / n - p))
    }
    #expect(distance * n.squareRoot() < 1.95, "\(delay)")
  }

  /// Frequencies of atoms: every z-score below 4.
  @Test(arguments: [
    Delay.poisson(lambda: 0.3), .poisson(lambda: 12), .poisson(lambda: 29.9), .poisson(lambda: 47),
  ])
  func poissonFrequencies(_ delay: Delay) {
    let n = Double(Self.count)
    let samples = Self.samples(delay)
    for k in 0..<80 {
      let t = Double(k)
      let p = delay.cdf(t) - (k > 0 ? delay.cdf(t - 1) : 0)
      guard n * p > 20 else { continue }
      let hits = Double(samples.count { $0 == t })
      let z = (hits - n * p) / (n * p * (1 - p)).squareRoot()
      #expect(z.magnitude < 4, "\(delay) at \(k): z = \(z)")
    }
  }

  @Test func largePoisson() {
    for lambda in [1e3, 1e6, 1e12] {
      let samples = Self.samples(.poisson(lambda: lambda))
      let n = Double(Self.count)
      let mean = samples.reduce(0) { $0 + ($1 - lambda) } / n
      let variance = samples.reduce(0) { $0 + ($1 - lambda) * ($1 - lambda) } / n
      #expect(mean.magnitude < 4 * (lambda / n).squareRoot())
      // The variance of (X − λ)² is λ + 2λ².
      #expect((variance - lambda).magnitude < 4 * ((lambda + 2 * lambda * lambda) / n).squareRoot())
    }
  }

  @Test func infiniteJobs() {
    let samples = Self.samples(.infbernoulli(q: 0.6))
    let infinite = samples.count { $0 == .infinity }
    #expect(samples.allSatisfy { $0 == 0 || $0 == .infinity })
    let n = Double(Self.count)
    #expect((Double(infinite) - 0.6 * n).magnitude < 4 * (0.24 * n).squareRoot())
    #expect(Self.samples(.infbernoulli(q: 0)).allSatisfy { $0 == 0 })
    #expect(Self.samples(.infbernoulli(q: 1)).allSatisfy { $0 == .infinity })
  }

  /// Tails of laws that are wider than the doubles become 0 and ∞, in the right proportions.
  @Test func overflow() {
    let delay = Delay.lognormal(mu: 0, sigma: 1_000)
    let samples = Self.samples(delay)
    let n = Double(Self.count)
    for (hits, p) in [
      (samples.count { $0 == .infinity }, 1 - delay.cdf(Delay.longest)),
      (samples.count { $0 < 1e-300 }, delay.cdf(1e-300)),
    ] {
      #expect((Double(hits) - n * p).magnitude < 4 * (n * p * (1 - p)).squareRoot())
    }
    #expect(samples.allSatisfy { $0 <= Delay.longest || $0 == .infinity })
  }

  /// A sample depends on seed, worker and job, and on nothing else.
  @Test func arePureFunctions() {
    for delay in Self.continuous {
      #expect(Self.samples(delay).prefix(50) == Self.samples(delay).prefix(50))
      #expect(Self.samples(delay).prefix(50) != Self.samples(delay, seed: 8).prefix(50))
    }
  }
}
