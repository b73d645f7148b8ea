// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct DecentralizedAsynchronousTests {
  private func gossip(_ gamma: Double) -> DecentralizedAsynchronous {
    MethodLab.make(DecentralizedAsynchronous.self) { $0.gamma.given = gamma }
  }

  /// Two nodes written out with arrays: their gradients, and the calls that each makes.
  private func slow(_ tau: [Double], link: Double, gamma: Double, steps: Int) -> (
    model: [Double], time: Double
  ) {
    var models = Array(repeating: MethodLab.start(20), count: 2)
    var bases = models
    var (gradients, calls) = (tau, [Double.infinity, .infinity])
    var (count, time) = (0, 0.0)
    while count < steps {
      time = (gradients + calls).min()!
      if let i = calls.firstIndex(of: time) {
        let mean = NetworkLab.mean(models)
        models = [mean, mean]
        calls[i] = .infinity
      } else {
        let i = gradients.firstIndex(of: time)!
        models[i] = NetworkLab.add(models[i], -gamma, MethodLab.gradient(bases[i]))
        bases[i] = models[i]
        gradients[i] = time + tau[i]
        if calls[i] == .infinity { calls[i] = time + link }
        count += 1
      }
    }
    return (NetworkLab.mean(models), time)
  }

  @Test(arguments: [0.13, 0.77, 5.3]) func twoNodesDoWhatTheSlowOnesDo(link: Double) throws {
    let tau = [1, 2.0.squareRoot()]
    let topology = try NetworkLab.topology(.line, 2, seconds: link)
    for steps in [1, 2, 7, 200] {
      let found = try NetworkLab.run(
        gossip(0.4), MethodLab.workers(tau), topology, until: Stop(updates: steps))
      let expected = slow(tau, link: link, gamma: 0.4, steps: steps)
      expectClose(found.run.model, expected.model, 1e-11)
      #expect(abs(found.run.statistics.point.time - expected.time) < 1e-9)
    }
  }

  @Test func asynchronousGossipComesToAgree() throws {
    let method = MethodLab.make(DecentralizedAsynchronous.self) { $0.gamma = 0.5 }
    let workers = MethodLab.workers((1...16).map { Double($0).squareRoot() }, delay: .exponential(rate: 1))
    let topology = try NetworkLab.topology(.torus(rows: 4), 16, seconds: 0.3)
    let run = try NetworkLab.start(method, workers, topology, dimension: 5, logging: false)
    var consensus: [Double] = []
    for steps in [50, 500, 2_000, 8_000] {
      run.run(until: Stop(updates: steps))
      consensus.append(run.statistics.consensus)
    }
    for (before, after) in zip(consensus, consensus.dropFirst()) { #expect(after < before / 2) }
    #expect(run.statistics.point.gap < 1e-6)
    #expect(run.statistics.point.used == 8_000)
  }

  @Test func aloneItIsSGD() throws { try NetworkLab.expectSGDAlone(gossip(0.3)) }

  @Test func linksMustGoBothWays() throws { try NetworkLab.expectBothWaysAreNeeded(gossip(0.3)) }

  @Test func hasItsKeys() throws { try expectKeys("asgd-decentralized", [:]) }

  /// γ = min{1/(4L), nγ'} with Asynchronous SGD's γ'.
  @Test func hasTheTheorysNumbers() throws {
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let forecast = try TheoryLab.forecast(
      "asgd-decentralized", MethodLab.workers([1, 2, 4]), topology: topology)
    expectNear(forecast.gamma, 3 / (4 * TheoryLab.L * TheoryLab.noise))
    #expect(forecast.time.isNaN)
  }
}
