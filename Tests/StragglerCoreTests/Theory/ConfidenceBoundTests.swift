// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct ConfidenceBoundTests {
  /// E exp(|η − Eη|/(2Eη)), over the midpoints of 10⁵ equally likely parts, which cuts off the end of the
  /// tail only.
  private func norm(_ law: Delay) -> Double {
    let (mean, parts) = (law.mean, 100_000)
    var sum = 0.0
    for part in 0..<parts {
      let value = law.quantile((Double(part) + 0.5) / Double(parts))
      sum += Elementary.exp((value - mean).magnitude / (2 * mean))
    }
    return sum / Double(parts)
  }

  @Test func twiceTheMeanBoundsTheNormOfLawsThatTheTheoremCovers() {
    let laws: [Delay] = [
      .uniform(a: 0, b: 3), .uniform(a: 2, b: 3), .exponential(rate: 0.2), .normal(mu: 0, sigma: 1),
      .normal(mu: 3, sigma: 1), .normal(mu: -1, sigma: 0.2), .gamma(shape: 1, scale: 2),
      .gamma(shape: 7, scale: 1),
      .weibull(shape: 1, scale: 3), .weibull(shape: 1.5, scale: 1), .weibull(shape: 8, scale: 1),
      .poisson(lambda: 1), .poisson(lambda: 1.7), .poisson(lambda: 30),
    ]
    for law in laws {
      #expect(law.isWithinTwiceItsMean)
      #expect(norm(law) <= 2, "\(law)")
    }
    for law in [
      Delay.gamma(shape: 0.3, scale: 1), .poisson(lambda: 0.2), .weibull(shape: 0.5, scale: 1),
      .lognormal(mu: 0, sigma: 1), .pareto(minimum: 1, alpha: 3), .infbernoulli(q: 0.1),
      .markov(up: 1, down: 1),
    ] { #expect(!law.isWithinTwiceItsMean, "\(law)") }
  }
}
