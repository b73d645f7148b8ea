// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct DecentralizedMinibatchTests {
  private let method = MethodLab.make(DecentralizedMinibatch.self) { $0.gamma = 0.5 }

  /// Gradient descent, with rounds of a broadcast, the slowest gradient and a way back.
  @Test(arguments: [0.0, 0.25, 3]) func roundsAreAsDefined(link: Double) throws {
    let workers = MethodLab.workers([1, 2, 4, 3, 2])
    let topology = try NetworkLab.topology(.line, 5, seconds: link)
    let found = try NetworkLab.run(method, workers, topology, until: Stop(updates: 30))
    expectClose(found.run.model, MethodLab.descent(20, gamma: 0.5, steps: 30))
    #expect(found.run.statistics.delayMax == 0)
    // Node 3 is the centre and the slowest; the others have their gradients by then, or two links later.
    let slowest = [4, 2 + link, 3 + link, 1 + 2 * link, 2 + 2 * link].max()!
    for (index, time) in found.updates.enumerated() {
      #expect(abs(time - Double(index + 1) * (slowest + 2 * link)) < 1e-9)
    }
  }

  @Test(arguments: NetworkLab.shapes) func freeLinksMakeItMinibatch(_ shape: Topology.Shape) throws {
    let minibatch = MethodLab.make(Minibatch.self) { $0.gamma = 0.5 }
    for fleet in NetworkLab.fleets {
      for heterogeneity in [0.0, 1] {
        let expected = try NetworkLab.run(
          minibatch, fleet, nil, noise: 0.1, heterogeneity: heterogeneity, until: Stop(updates: 20))
        let found = try NetworkLab.run(
          method, fleet, try NetworkLab.topology(shape, fleet.count), noise: 0.1,
          heterogeneity: heterogeneity, until: Stop(updates: 20))
        expectClose(found.run.model, expected.run.model, 1e-12)
        #expect(found.updates == expected.updates)
        #expect(found.run.statistics.point.arrivals == expected.run.statistics.point.arrivals)
      }
    }
  }

  /// The facts of the authors' unit test: a line of 11, a second a coordinate, d = 100, 100 s a gradient.
  @Test func lineOfEleven() throws {
    let workers = MethodLab.workers(Array(repeating: 100, count: 11))
    for (perCoordinate, seconds) in [(1.0, 1_100.0), (0, 100)] {
      let topology = try NetworkLab.topology(.line, 11, perCoordinate: perCoordinate)
      let found = try NetworkLab.run(method, workers, topology, dimension: 100, until: Stop(updates: 4))
      #expect(found.updates == (1...4).map { seconds * Double($0) })
    }
  }

  @Test func aloneItIsSGD() throws {
    try NetworkLab.expectSGDAlone(MethodLab.make(DecentralizedMinibatch.self) { $0.gamma = 0.3 })
  }

  @Test func hasItsKeys() throws { try expectKeys("minibatch-decentralized", [:]) }

  @Test func hasTheTheorysNumbers() throws {
    let (noise, progress) = (TheoryLab.noise, TheoryLab.progress)
    let topology = try NetworkLab.topology(.line, 3, seconds: 0.25)
    let forecast = try TheoryLab.forecast(
      "minibatch-decentralized", MethodLab.workers([1, 2, 4]), topology: topology)
    #expect(forecast["pivot"] == 2 && forecast["iteration_time"] == 4.5)
    expectNear(forecast.gamma, 3 / (2 * TheoryLab.L * noise))
    #expect(forecast.iterations == 8 * progress * (1 + noise / 3))
    expectNear(forecast.time, 4.5 * forecast.iterations)
    expectNear(forecast.table, progress * 4 * (1 + noise / 3))
  }
}
