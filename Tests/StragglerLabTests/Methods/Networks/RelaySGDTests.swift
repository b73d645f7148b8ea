// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct RelaySGDTests {
  private let dimension = 6
  private let method = MethodLab.make(RelaySGD.self) { $0.gamma = 0.3 }

  /// RelaySGD by its definition, on the line 0 – 1 – … – n−1, with g_i = ∇f + i so that nodes differ.
  private func relay(_ n: Int, gamma: Double, steps: Int) -> (mean: [Double], counts: [Int]) {
    let start = MethodLab.start(dimension)
    var x = Array(repeating: start, count: n)
    let zero = [Double](repeating: 0, count: dimension)
    // To the right and to the left of every node.
    var right = Array(repeating: (zero, 0), count: n)
    var left = right
    for _ in 0..<steps {
      let half = x.map { NetworkLab.add($0, -gamma, MethodLab.gradient($0)) }
      var (newRight, newLeft) = (right, left)
      for i in 0..<n {
        if i + 1 < n {
          let old = i > 0 ? right[i - 1] : (zero, 0)
          newRight[i] = (NetworkLab.add(half[i], 1, old.0), 1 + old.1)
        }
        if i > 0 {
          let old = i + 1 < n ? left[i + 1] : (zero, 0)
          newLeft[i] = (NetworkLab.add(half[i], 1, old.0), 1 + old.1)
        }
      }
      (right, left) = (newRight, newLeft)
      for i in 0..<n {
        var (sum, count) = (half[i], 0)
        if i > 0 { (sum, count) = (NetworkLab.add(sum, 1, right[i - 1].0), count + right[i - 1].1) }
        if i + 1 < n { (sum, count) = (NetworkLab.add(sum, 1, left[i + 1].0), count + left[i + 1].1) }
        x[i] = NetworkLab.add(sum, Double(n - 1 - count), start).map { $0 / Double(n) }
      }
    }
    let counts = (0..<n).map { i in
      1 + (i > 0 ? right[i - 1].1 : 0) + (i + 1 < n ? left[i + 1].1 : 0)
    }
    return (NetworkLab.mean(x), counts)
  }

  @Test(arguments: [1, 2, 3, 4, 7]) func relaySGDIsAsDefined(n: Int) throws {
    let method = MethodLab.make(RelaySGD.self) { $0.gamma = 0.3 }
    let topology = try NetworkLab.topology(.line, n, seconds: 0.5)
    for steps in [1, 2, 3, 9, 30] {
      let found = try NetworkLab.run(
        method, MethodLab.workers((0..<n).map { 1 + Double($0) }), topology, dimension: dimension,
        until: Stop(updates: steps))
      let slow = relay(n, gamma: 0.3, steps: steps)
      expectClose(found.run.model, slow.mean, 1e-12)
      // The slowest node's gradient, then the slowest link.
      let last = try #require(found.updates.last)
      #expect(abs(last - Double(steps) * (Double(n) + (n > 1 ? 0.5 : 0))) < 1e-9)
      // After as many steps as the line is long, every node has received every other node's gradients.
      #expect(slow.counts.allSatisfy { steps < n - 1 || $0 == n })
    }
  }

  /// With two nodes each step averages exactly: both have the same model, to the last bit.
  @Test func relaySGDOnTwoNodesAverages() throws {
    let method = MethodLab.make(RelaySGD.self) { $0.gamma = 0.3 }
    let topology = try NetworkLab.topology(.line, 2, seconds: 1)
    let found = try NetworkLab.run(
      method, MethodLab.workers([1, 1]), topology, noise: 0.2, heterogeneity: 1, until: Stop(updates: 25))
    #expect(found.run.statistics.consensus == 0)
    // Which is Minibatch SGD.
    let minibatch = MethodLab.make(Minibatch.self) { $0.gamma = 0.3 }
    let expected = try NetworkLab.run(
      minibatch, MethodLab.workers([1, 1]), nil, noise: 0.2, heterogeneity: 1, until: Stop(updates: 25))
    expectClose(found.run.model, expected.run.model, 1e-12)
  }

  @Test func aloneItIsSGD() throws { try NetworkLab.expectSGDAlone(method) }

  @Test func linksMustGoBothWays() throws { try NetworkLab.expectBothWaysAreNeeded(method) }

  @Test func hasItsKeys() throws { try expectKeys("relaysgd", [:]) }

  @Test func hasTheTheorysNumbers() throws {
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let forecast = try TheoryLab.forecast("relaysgd", MethodLab.workers([1, 2, 4]), topology: topology)
    #expect(forecast.gamma == 1 / (4 * TheoryLab.L))
    #expect(forecast.time.isNaN)
  }
}
