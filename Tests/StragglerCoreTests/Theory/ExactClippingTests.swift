// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@Suite struct ExactClippingTests {
  @Test(arguments: ClippingTimesTests.laws) func singleExactIsBest(_ delay: Delay) {
    for tau in [0.01, 1, 30] {
      let best = ClippingTimes.singleExact(tau: tau, delay: delay)
      #expect(best.cost == ClippingTimes.exactCost(tau: tau, delay: delay, time: best.time))
      var slow = ClippingTimes.exactCost(tau: tau, delay: delay, time: .infinity)
      for k in 1..<100 {
        let t = delay.quantile(Double(k) / 100)
        slow = min(slow, ClippingTimes.exactCost(tau: tau, delay: delay, time: t))
      }
      #expect(best.cost <= slow * (1 + 1e-9), "τ = \(tau), \(delay): \(best) against \(slow)")
      // What is exact is no more than the bound.
      #expect(best.cost <= ClippingTimes.single(tau: tau, delay: delay).cost * (1 + 1e-12))
    }
  }

  /// E of the time until the first success, simulated.
  @Test func exactCostIsTheMeanTimeOfASuccess() {
    let delay = Delay.lognormal(mu: 0, sigma: 1.5)
    let (tau, clip) = (0.7, 1.3)
    var stream = RandomStream(seed: 7, purpose: .data)
    var (sum, squares) = (0.0, 0.0)
    let count = 20_000
    for job in 0..<count {
      var time = 0.0
      while true {
        let eta = delay.sample(&stream, job: job)
        time += tau + min(eta, clip)
        if eta <= clip { break }
      }
      sum += time
      squares += time * time
    }
    let mean = sum / Double(count)
    let error = ((squares / Double(count) - mean * mean) / Double(count)).squareRoot()
    #expect(abs(mean - ClippingTimes.exactCost(tau: tau, delay: delay, time: clip)) < 4 * error)
  }

  /// Memoryless durations: giving up never pays.
  @Test func exponentialsAreNotGivenUp() {
    let best = ClippingTimes.singleExact(tau: 1, delay: .exponential(rate: 0.5))
    #expect(abs(best.cost - 3) < 1e-9)
  }
}
