// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct MixtureTests {
  private static let parts: [(p: Double, Delay, Delay)] = [
    (0.9, .uniform(a: 0, b: 1), .exponential(rate: 0.1)),
    (0.25, .lognormal(mu: 0, sigma: 1), .gamma(shape: 2, scale: 9)),
    (0.5, .pareto(minimum: 1, alpha: 0.5), .weibull(shape: 3, scale: 0.01)),
  ]

  private func mixture(_ part: (p: Double, Delay, Delay), _ memory: TestMemory) throws -> Delay {
    .mixture(try Mixture(part.p, memory.table([part.1, part.2])))
  }

  @Test(arguments: parts) func lawIsTheMeanOfLaws(_ part: (p: Double, Delay, Delay)) throws {
    let memory = TestMemory()
    let delay = try mixture(part, memory)
    for t in [0.001, 0.5, 1, 3, 40, 1e4, 1e100] {
      #expect(abs(delay.cdf(t) - part.p * part.1.cdf(t) - (1 - part.p) * part.2.cdf(t)) < 1e-15)
      let partial = part.p * part.1.partialMean(t) + (1 - part.p) * part.2.partialMean(t)
      #expect(abs(delay.partialMean(t) - partial) <= 1e-15 * partial)
    }
    #expect(delay.mean == part.p * part.1.mean + (1 - part.p) * part.2.mean)
    for p in [1e-6, 0.1, 0.5, 0.77, 0.9999] {
      let t = delay.quantile(p)
      // The smallest number that suffices.
      #expect(delay.cdf(t) >= p && delay.cdf(t.nextDown) < p)
    }
  }

  @Test func atomsAndFailures() throws {
    let memory = TestMemory()
    let delay = try mixture((0.75, .constant(2), .infbernoulli(q: 0.5)), memory)
    #expect(delay.cdf(0) == 0.125 && delay.cdf(2) == 0.875 && delay.cdf(1e300) == 0.875)
    #expect(delay.quantile(0.125) == 0 && delay.quantile(0.13) == 2 && delay.quantile(0.88) == .infinity)
    #expect(delay.mean == .infinity)
    let sure = try mixture((1, .constant(2), .infbernoulli(q: 0.5)), memory)
    #expect(sure.mean == 2 && sure.quantile(0.99) == 2 && sure.quantile(1) == 2)
    let nested = try mixture((0.5, delay, .constant(1)), memory)
    #expect(nested.cdf(1) == 0.5625)
  }

  /// Kolmogorov–Smirnov: √n times the distance exceeds 1.95 with probability 10⁻³.
  @Test(arguments: parts) func samplesFollowTheLaw(_ part: (p: Double, Delay, Delay)) throws {
    let memory = TestMemory()
    let delay = try mixture(part, memory)
    let n = 10_000.0
    let samples = (1...10_000).map { job in
      var stream = RandomStream(seed: 5, purpose: .delay, worker: 1, job: job)
      return delay.sample(&stream, job: job)
    }
    var distance = 0.0
    for (index, t) in samples.sorted().enumerated() {
      let p = delay.cdf(t)
      distance = max(distance, max(p - Double(index) / n, Double(index + 1) / n - p))
    }
    #expect(distance * n.squareRoot() < 1.95)
  }

  @Test(arguments: parts) func bestTimeToAllot(_ part: (p: Double, Delay, Delay)) throws {
    let memory = TestMemory()
    let delay = try mixture(part, memory)
    for tau in [0.01, 1, 20] {
      let times = memory.table([0.0])
      let fleet = Fleet(memory.table([Worker(tau: tau, delay: delay)]))
      _ = ClippingTimes.optimize(fleet: fleet, batch: 1e9, into: times)
      let best = delay.cdf(times[0]) / (tau + times[0])
      for step in 0...1_000 {
        let t = step == 0 ? 0 : Elementary.exp(Double(step) / 50 - 12)
        #expect(delay.cdf(t) / (tau + t) <= best * (1 + 1e-9))
      }
    }
  }

  @Test func whatMakesNoSenseIsRefused() {
    let memory = TestMemory()
    let one = Delay.constant(1)
    for p in [-0.1, 1.1, .nan] {
      #expect(throws: DelayError.self) { try mixture((p, one, one), memory) }
    }
    #expect(throws: DelayError.self) { try mixture((0.5, one, .exponential(rate: -1)), memory) }
    #expect(throws: DelayError.self) { try mixture((0.5, .markov(up: 1, down: 1), one), memory) }
    #expect(throws: DelayError.self) { try Mixture(0.5, memory.table([one])) }
  }
}
