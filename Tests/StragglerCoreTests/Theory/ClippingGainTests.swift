// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerCore

@Suite struct ClippingGainTests {
  /// d ln F/d ln t against differences of F, for laws with a density.
  @Test(arguments: ClippingTimesTests.laws) func elasticitiesAreSlopes(_ delay: Delay) throws {
    if delay.isDiscrete { return }
    let memory = TestMemory()
    let mixture = Delay.mixture(
      try Mixture(0.4, memory.table([delay, .exponential(rate: 0.3)])))
    for law in [delay, mixture] {
      for p in [0.01, 0.2, 0.5, 0.8] {
        let t = delay.quantile(p)
        guard t > 0, t < 1e300 else { continue }
        let value = law.elasticity(t, Foundation.log(t))
        // Steps that are small against the law's width, and against the distance from where it starts.
        let h = min(1e-3, 1e-3 * Foundation.log(delay.quantile(0.9) / delay.quantile(0.5)), 1e-2 / value)
        guard h > 1e-9 else { continue }
        func slope(_ h: Double) -> Double {
          let (right, left) = (law.cdf(t * Foundation.exp(h)), law.cdf(t * Foundation.exp(-h)))
          return (Foundation.log(right) - Foundation.log(left)) / (2 * h)
        }
        let expected = (4 * slope(h / 2) - slope(h)) / 3
        #expect(abs(value - expected) <= 1e-5 * expected + 1e-9, "\(law) at \(t): \(value), not \(expected)")
      }
    }
  }

  /// The end of a uniform law is a peak of the mixture's gain that no slope vanishes at.
  @Test func kinksArePeaks() throws {
    let memory = TestMemory()
    let law = Delay.mixture(
      try Mixture(0.9, memory.table([.uniform(a: 0, b: 1), .lognormal(mu: 5, sigma: 1)])))
    let gain = ClippingGain(tau: 1, time: 100)
    for start in [nil, ClippingStart(time: 1, change: 0.01), ClippingStart(time: 0.9, change: 1)] {
      #expect(abs(law.clip(for: gain, near: start) - 1) < 1e-12)
    }
  }

  /// Two peaks close to each other, of which workers with another τ have the other one.
  @Test func peaksThatAreClose() throws {
    let memory = TestMemory()
    let law = Delay.mixture(
      try Mixture(0.544, memory.table([.lognormal(mu: 0, sigma: 1), .levy(mu: 1, c: 0.254)])))
    let fleet = Fleet(memory.table([0.266, 0.999, 0.212].map { Worker(tau: $0, delay: law) }))
    let times = memory.table([0.0, 0, 0])
    let time = ClippingTimes.optimize(fleet: fleet, batch: 1, into: times)
    for index in 0..<3 {
      let gain = ClippingGain(tau: fleet[index].tau, time: time)
      let found = gain.at(times[index], law.cdf(times[index]))
      for step in 1..<5_000 {
        let t = time * Double(step) / 5_000
        #expect(gain.at(t, law.cdf(t)) <= found * (1 + 1e-12), "worker \(index + 1) at \(t)")
      }
    }
  }

  /// Two peaks, of which a look at the grid finds the other one.
  @Test func gridsShowOtherPeaks() {
    let law = Delay.logcauchy(mu: 0, gamma: 0.05)
    var grid = ClippingGrid()
    grid.fill(law, below: 300)
    let gain = ClippingGain(tau: 1e-6, time: 300)
    let best = law.clip(for: gain, near: nil)
    let height = gain.at(best, law.cdf(best))
    #expect(grid.best(for: gain, apartFrom: best, height) == nil)
    let other = best > 0.1 ? 1e-6 : 1.0
    #expect(grid.best(for: gain, apartFrom: other, gain.at(other, law.cdf(other))) != nil)
  }
}
