// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct AcceleratedRennalaTests {
  private func accelerated(batch: Int, stops: Bool = true, gamma: Double) -> AcceleratedRennala {
    MethodLab.make(AcceleratedRennala.self) {
      ($0.gamma.given, $0.batch.given, $0.stops) = (gamma, batch, stops)
    }
  }

  @Test func followsItsThreeSequences() throws {
    for (batch, stops) in [(1, false), (5, true), (5, false), (12, true)] {
      let method = accelerated(batch: batch, stops: stops, gamma: 0.2)
      let (run, _) = try MethodLab.run(
        method, MethodLab.workers(MethodLab.durations), until: Stop(updates: 30))
      expectClose(run.model, MethodLab.accelerated(20, gamma: 0.2, steps: 30))
    }
  }

  /// Batches are collected exactly as by Rennala SGD: the same events at the same times.
  @Test func hasRennalasEvents() throws {
    for stops in [false, true] {
      let rennala = MethodLab.make(Rennala.self) {
        ($0.gamma, $0.batch, $0.stops) = (0.2, 5, stops)
      }
      let workers = MethodLab.workers(MethodLab.durations, delay: .exponential(rate: 1))
      let (a, _) = try MethodLab.run(rennala, workers, noise: 0.1, until: Stop(updates: 40))
      let (b, _) = try MethodLab.run(
        accelerated(batch: 5, stops: stops, gamma: 0.1), workers, noise: 0.1, until: Stop(updates: 40))
      #expect(a.statistics.point.time == b.statistics.point.time)
      #expect(a.statistics.point.arrivals == b.statistics.point.arrivals)
      #expect(a.statistics.cancelled == b.statistics.cancelled)
    }
  }

  /// Without noise f(x^K) − f* ≤ 4LR²/K², and it is faster than Rennala SGD.
  @Test func convergesAsFastAsPromised() throws {
    let workers = MethodLab.workers([1])
    let (run, _) = try MethodLab.run(
      MethodLab.make(AcceleratedRennala.self) { $0.batch = 1 }, workers, dimension: 200,
      until: Stop(updates: 0)
    )
    let conditions = run.conditions
    #expect(abs(run.gamma - 1 / (4 * conditions.smoothness)) < 1e-15)
    for K in [10, 50, 250] {
      run.run(until: Stop(updates: K))
      let bound = 4 * conditions.smoothness * conditions.distance * conditions.distance / Double(K * K)
      #expect(run.statistics.point.gap <= bound)
    }
    let rennala = MethodLab.make(Rennala.self) { $0.batch = 1 }
    let (other, _) = try MethodLab.run(rennala, workers, dimension: 200, until: Stop(updates: 250))
    #expect(run.statistics.point.gap < 0.5 * other.statistics.point.gap)
  }

  @Test func theDistanceToTheMinimumIsRight() throws {
    for start in [Quadratic<Double>.Start.first, .zeros, .ones] {
      let problem = Quadratic<Double>(dimension: 37, noise: 0, x0: start)
      let x = (0..<37).map { start == .ones ? 1.0 : start == .first && $0 == 0 ? 37.0.squareRoot() : 0 }
      let square = x.enumerated().map { index, x in
        let difference = x + Double(37 - index) / 38
        return difference * difference
      }.reduce(0, +)
      #expect(abs(problem.conditions.distance - square.squareRoot()) < 1e-12)
    }
  }

  @Test(.enabled(if: TheoryCase.arePresent, "the shared folder is not here"))
  func takesTheTheorysParameters() throws {
    let reference = try TheoryCase("acc_rennala")
    let (L, R) = (try reference.input("L"), try reference.input("R"))
    let (epsilon, variance) = (try reference.input("eps"), try reference.input("sigma2"))
    let batch = Theory.acceleratedBatch(smoothness: L, distance: R, variance: variance, epsilon: epsilon)
    let K = Theory.acceleratedIterations(smoothness: L, distance: R, epsilon: epsilon)
    #expect(abs(batch - (try reference.output("S"))) <= 1)
    #expect(abs(K - (try reference.output("K"))) <= 1)
    let gamma = Theory.acceleratedStepsize(
      smoothness: L, distance: R, variance: variance, batch: try reference.output("S"),
      iterations: try reference.output("K"))
    #expect(abs(gamma / (try reference.output("gamma")) - 1) < 1e-13)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("rennala-accelerated", ["batch": "max{⌈σ²R/(ε^{3/2}√L)⌉, 1}", "stops": "false"])
    try expectRefused("rennala-accelerated", ["batch": 0], "a positive integer")
    try expectRefused("rennala-accelerated", ["stops": 2], "true or false")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, K) = ([1.0, 2, 4], TheoryLab.acceleratedUpdates)
    for (settings, S, factor) in [([:], 70.0, 2.0), (["stops": true, "batch": 9], 9, 1)]
      as [(Settings, Double, Double)]
    {
      let forecast = try TheoryLab.forecast("rennala-accelerated", MethodLab.workers(tau), settings)
      let seconds = TheoryLab.collecting(S, tau)
      #expect(forecast["batch"] == S && forecast.iterations == K)
      expectNear(forecast.gamma, TheoryLab.acceleratedStepsize(S))
      expectNear(forecast["iteration_time"], seconds)
      expectNear(forecast.time, factor * seconds * K)
      expectNear(forecast.table, K / 8 * TheoryLab.collecting(TheoryLab.acceleratedNoise, tau))
    }
  }

  @Test(
    .enabled(if: ReferenceSchedule.arePresent, ReferenceSchedule.absence),
    arguments: ReferenceSchedule.of("rennala-accelerated"))
  func reportsTheReferenceSchedules(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
