// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct DelayTests {
  static let probabilities = [1e-12, 1e-4, 0.01, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99, 0.9999]

  @Test func size() { #expect(MemoryLayout<Delay>.stride <= 32) }

  @Test(arguments: DelaySampleTests.continuous) func quantileRoundTrip(_ delay: Delay) {
    for p in Self.probabilities {
      let t = delay.quantile(p)
      guard t > 0 && t < .infinity else { continue }
      let back = delay.cdf(t)
      // Where the support starts above 0, t has no digits for tiny probabilities.
      let slack = delay.quantile(0) > 0 ? 3e-16 : 0
      #expect((back - p).magnitude <= 1e-11 * p + slack, "cdf(quantile(\(p))) = \(back) of \(delay)")
    }
    #expect(delay.quantile(-0.1).isNaN && delay.quantile(1.1).isNaN && delay.quantile(.nan).isNaN)
    #expect(delay.median == delay.quantile(0.5))
  }

  @Test(arguments: DelaySampleTests.continuous) func distributionIsMonotone(_ delay: Delay) {
    var last = 0.0
    var t = 1e-300
    while t < 1e308 {
      let p = delay.cdf(t)
      #expect(p >= last - 1e-15 && p <= 1)
      last = max(p, last)
      t *= 3
    }
    #expect(delay.cdf(.infinity) == 1 && delay.cdf(-1) == 0 && delay.cdf(.nan).isNaN)
    #expect(delay.cdf(1.5e308) == delay.cdf(Delay.longest))
  }

  @Test func atoms() {
    #expect(Delay.constant(2).cdf(2) == 1 && Delay.constant(2).cdf(1.999) == 0)
    #expect(Delay.constant(2).median == 2 && Delay.constant(2).mean == 2)
    #expect(Delay.infbernoulli(q: 0.6).median == .infinity && Delay.infbernoulli(q: 0.4).median == 0)
    #expect(Delay.infbernoulli(q: 0.6).quantile(0.4) == 0 && Delay.infbernoulli(q: 0.5).median == 0)
    #expect(Delay.infbernoulli(q: 0.1).mean == .infinity && Delay.infbernoulli(q: 0).mean == 0)
    #expect(Delay.infbernoulli(q: 0.6).cdf(1e9) == 0.4 && Delay.infbernoulli(q: 0.6).cdf(0) == 0.4)
    #expect(Delay.none.cdf(0) == 1 && Delay.none.quantile(0.7) == 0)
  }

  /// The smallest whole number whose probability suffices, by counting up.
  @Test func poissonQuantiles() {
    for lambda in [0, 0.1, 1, 7.5, 100, 1234.5] {
      let delay = Delay.poisson(lambda: lambda)
      for p in Self.probabilities {
        var k = 0.0
        while delay.cdf(k) < p { k += 1 }
        #expect(delay.quantile(p) == k, "poisson(\(lambda)), p = \(p)")
      }
    }
    #expect(Delay.poisson(lambda: 1e15).median.magnitude - 1e15 < 2)
    #expect(Delay.poisson(lambda: 3).quantile(1) == .infinity)
  }

  @Test func degenerateLawsAreConstants() {
    let e = Elementary.exp(1.5)
    for (delay, value) in [
      (Delay.uniform(a: 2, b: 2), 2), (.lognormal(mu: 1.5, sigma: 0), e), (.logcauchy(mu: 1.5, gamma: 0), e),
      (.logt(mu: 1.5, sigma: 0, dof: 3), e), (.levy(mu: 4, c: 0), 4), (.poisson(lambda: 0), 0),
      (.normal(mu: -3, sigma: 0), 3),
    ] {
      #expect(throws: Never.self) { try delay.validate() }
      var stream = RandomStream(seed: 1, purpose: .delay)
      #expect(
        delay.sample(&stream, job: 1) == value && delay.mean == value && delay.median == value, "\(delay)")
      #expect(delay.cdf(value) == 1 && delay.cdf(value.nextDown) == 0)
      #expect(delay.partialMean(value) == value && delay.partialMean(value.nextDown) == 0)
    }
  }

  @Test func widerThanTheDoubles() {
    let wide = Delay.lognormal(mu: 0, sigma: 1_000)
    #expect(wide.quantile(0.99) == .infinity && wide.quantile(0.01) == 0 && wide.median == 1)
    #expect(wide.mean == .infinity && Delay.logcauchy(mu: 0, gamma: 100).quantile(0.9999) == .infinity)
    #expect(Delay.gamma(shape: 1e-3, scale: 1).quantile(0.01) == 0)
    #expect(Delay.weibull(shape: 0.005, scale: 1).mean == .infinity)
    // ∫₀^z u^(1/k) e^(−u) du with z = t^k, 1/k = 200, by its series.
    let z = Elementary.exp(0.005 * Elementary.log(1e10))
    var (sum, term) = (1.0, 1.0)
    for n in 1...60 {
      term *= z / (201 + Double(n))
      sum += term
    }
    let expected = 1e10 * z * Elementary.exp(-z) / 201 * sum
    #expect((Delay.weibull(shape: 0.005, scale: 1).partialMean(1e10) / expected - 1).magnitude < 1e-10)
  }

  @Test func invalidParameters() {
    let bad: [(Delay, StaticText)] = [
      (.constant(-1), "c"), (.constant(.nan), "c"), (.uniform(a: -1, b: 2), "a"), (.uniform(a: 3, b: 2), "b"),
      (.uniform(a: 0, b: .infinity), "b"), (.exponential(rate: 0), "rate"),
      (.exponential(rate: .infinity), "rate"),
      (.gamma(shape: 0, scale: 1), "shape"), (.gamma(shape: 1, scale: -1), "scale"),
      (.weibull(shape: .nan, scale: 1), "shape"), (.weibull(shape: 1, scale: 0), "scale"),
      (.pareto(minimum: 0, alpha: 1), "minimum"), (.pareto(minimum: 1, alpha: 0), "alpha"),
      (.lognormal(mu: .infinity, sigma: 1), "mu"), (.lognormal(mu: 0, sigma: -1), "sigma"),
      (.logcauchy(mu: .nan, gamma: 1), "mu"), (.logcauchy(mu: 0, gamma: .infinity), "gamma"),
      (.logt(mu: 0, sigma: 1, dof: 0), "dof"), (.logt(mu: 0, sigma: -1, dof: 1), "sigma"),
      (.levy(mu: -1, c: 1), "mu"), (.levy(mu: 0, c: -1), "c"), (.poisson(lambda: -1), "lambda"),
      (.poisson(lambda: 1e16), "lambda"), (.normal(mu: 0, sigma: -1), "sigma"),
      (.normal(mu: .nan, sigma: 1), "mu"),
      (.infbernoulli(q: -0.1), "q"), (.infbernoulli(q: 1.1), "q"), (.infbernoulli(q: .nan), "q"),
    ]
    for (delay, parameter) in bad {
      do {
        try delay.validate()
        Issue.record("\(delay) passes")
      } catch {
        #expect(error.parameter == parameter && error.law == delay.parts.name)
      }
      // Nothing traps all the same.
      var stream = RandomStream(seed: 1, purpose: .delay)
      _ = (delay.sample(&stream, job: 1), delay.cdf(1), delay.quantile(0.3), delay.mean, delay.partialMean(1))
      _ = ClippingTimes.single(tau: 1, delay: delay)
    }
    for delay in DelaySampleTests.continuous { #expect(throws: Never.self) { try delay.validate() } }
  }

  /// Extreme but valid parameters: no trap, no NaN.
  @Test func extremeParameters() {
    let scales = [1e-300, 1e-10, 1, 1e10, 1e300]
    var delays: [Delay] = [.constant(.infinity), .poisson(lambda: 1e15), .poisson(lambda: 1e-300)]
    for a in scales {
      delays += [.exponential(rate: a), .uniform(a: 0, b: a), .uniform(a: a, b: 1e300)]
      for b in scales {
        delays += [
          .gamma(shape: a, scale: b), .weibull(shape: a, scale: b), .pareto(minimum: a, alpha: b),
          .levy(mu: a, c: b),
          .lognormal(mu: a, sigma: b), .lognormal(mu: -a, sigma: b), .logcauchy(mu: -a, gamma: b),
          .logt(mu: a, sigma: b, dof: 3), .logt(mu: 0, sigma: a, dof: b), .normal(mu: a, sigma: b),
        ]
      }
    }
    for delay in delays {
      var stream = RandomStream(seed: 1, purpose: .delay)
      #expect(delay.sample(&stream, job: 1) >= 0, "sample of \(delay)")
      for t in [0, 1e-300, 1, 1e100, 1e308] {
        let p = delay.cdf(t)
        #expect(p >= 0 && p <= 1, "F(\(t)) of \(delay)")
      }
      for p in [0, 1e-10, 0.5, 1 - 1e-10, 1] { #expect(delay.quantile(p) >= 0, "quantile(\(p)) of \(delay)") }
      #expect(delay.mean >= 0, "mean of \(delay)")
      let best = ClippingTimes.single(tau: 1, delay: delay)
      #expect(best.time >= 0 && best.cost >= 1, "clipping of \(delay)")
    }
  }
}
