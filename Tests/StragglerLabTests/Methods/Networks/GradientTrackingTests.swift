// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct GradientTrackingTests {
  private let dimension = 6

  /// x⁺ = W(x − γy), y⁺ = Wy + ∇F(x⁺) − ∇F(x), y⁰ = ∇F(x⁰), with Metropolis weights on a line.
  @Test(arguments: [2, 3, 6]) func gradientTrackingIsAsDefined(n: Int) throws {
    func mix(_ rows: [[Double]]) -> [[Double]] {
      (0..<n).map { i in
        var (sum, own) = ([Double](repeating: 0, count: dimension), 1.0)
        for j in [i - 1, i + 1] where j >= 0 && j < n {
          let degrees = [i, j].map { ($0 > 0 ? 1 : 0) + ($0 + 1 < n ? 1 : 0) }
          let weight = 1 / Double(1 + max(degrees[0], degrees[1]))
          sum = NetworkLab.add(sum, weight, rows[j])
          own -= weight
        }
        return NetworkLab.add(sum, own, rows[i])
      }
    }
    var x = Array(repeating: MethodLab.start(dimension), count: n)
    var g = x.map { MethodLab.gradient($0) }
    var y = g
    let method = MethodLab.make(GradientTracking.self) { $0.gamma = 0.2 }
    let topology = try NetworkLab.topology(.line, n, seconds: 0.25)
    let run = try NetworkLab.start(
      method, MethodLab.workers(Array(repeating: 2, count: n)), topology, dimension: dimension)
    for step in 1...40 {
      x = mix(zip(x, y).map { NetworkLab.add($0, -0.2, $1) })
      let next = x.map { MethodLab.gradient($0) }
      y = zip(mix(y), zip(next, g)).map { NetworkLab.add(NetworkLab.add($0, 1, $1.0), -1, $1.1) }
      g = next
      run.run(until: Stop(updates: step))
      expectClose(run.model, NetworkLab.mean(x), 1e-11)
      #expect(abs(run.statistics.point.time - 2.25 * Double(step)) < 1e-9)
    }
  }

  /// The mean of the estimates is that of the gradients, so that the mean model makes exact gradient steps.
  @Test func gradientTrackingKeepsItsInvariant() throws {
    let n = 9
    let topology = try NetworkLab.topology(.grid(rows: 3), n, seconds: 0.1)
    let method = MethodLab.make(GradientTracking.self) { $0.gamma = 0.1 }
    let found = try NetworkLab.run(
      method, MethodLab.workers(Array(repeating: 1, count: n)), topology, heterogeneity: 1, dimension: 8,
      until: Stop(updates: 6_000))
    #expect(found.run.statistics.point.gap < 1e-9)
    #expect(found.run.statistics.consensus < 1e-15)
  }

  @Test func aloneItIsSGD() throws {
    try NetworkLab.expectSGDAlone(MethodLab.make(GradientTracking.self) { $0.gamma = 0.3 })
  }

  @Test func linksMustGoBothWays() throws {
    try NetworkLab.expectBothWaysAreNeeded(MethodLab.make(GradientTracking.self) { $0.gamma = 0.3 })
  }

  @Test func hasItsKeys() throws { try expectKeys("gradient-tracking", [:]) }

  @Test func hasTheTheorysNumbers() throws {
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let forecast = try TheoryLab.forecast(
      "gradient-tracking", MethodLab.workers([1, 2, 4]), topology: topology)
    #expect(forecast.gamma == 1 / (8 * TheoryLab.L))
    #expect(forecast.time.isNaN)
  }
}
