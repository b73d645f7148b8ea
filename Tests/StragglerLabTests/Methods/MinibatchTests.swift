// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct MinibatchTests {
  private let minibatch = MethodLab.make(Minibatch.self) { $0.gamma = 0.1 }

  @Test func agreesWithSlowRuns() throws {
    try SlowSchedule.expectAgreement { workers, _ in
      let n = workers.count
      return [
        SlowCase(
          "minibatch", minibatch,
          .batch(enough: { $0.reduce(0, +) == n }, ofMeans: true, isOnce: true, stops: true))
      ]
    }
  }

  /// With hᵢ = i and θ̇ᵢ = i/d a step takes 2n seconds.
  @Test func waitsForTheSlowestMessage() throws {
    var experiment = Experiment(
      Quadratic<Double>(dimension: 20), workers: MethodLab.workers((1...10).map(Double.init)),
      method: minibatch)
    experiment.uploadPerCoordinate = (1...10).map { Double($0) / 20 }
    let run = try experiment.start()
    run.run(until: Stop(updates: 5))
    #expect(abs(run.statistics.point.time - 100) <= 1e-10)
    #expect(run.statistics.messages == 50)
    #expect(run.statistics.coordinates == 1_000)
  }

  @Test func hasItsKeys() throws { try expectKeys("minibatch", [:]) }

  @Test func hasTheTheorysNumbers() throws {
    for tau in [[1.0], [1, 2, 4], [1, 1, 1, 1, 1, 1, 1, 1, 30]] {
      let forecast = try TheoryLab.forecast("minibatch", MethodLab.workers(tau))
      let noise = TheoryLab.noise / Double(tau.count)
      expectNear(forecast.gamma, min(1, 1 / noise) / (2 * TheoryLab.L))
      #expect(abs(forecast.iterations - 8 * TheoryLab.progress * (1 + noise)) <= 1)
      expectNear(forecast.time, tau.max()! * forecast.iterations)
      expectNear(forecast.table, tau.max()! * TheoryLab.progress * (1 + noise))
      #expect(forecast["iteration_time"] == tau.max())
    }
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("minibatch"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
