// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct QSGDTests {
  private let workers = (1...7).map { Worker(tau: Double($0).squareRoot()) }

  @Test(arguments: [0, 0.1]) func keepingAllIsMinibatch(noise: Double) throws {
    let methods: [MethodChoice] = [
      MethodChoice(
        configured(QSGD.self) {
          $0.gamma = 0.4
          $0.coordinates = 12
        }), MethodChoice(configured(Minibatch.self) { $0.gamma = 0.4 }),
    ]
    let runs = try methods.map { method in
      var experiment = Experiment(
        problem: ProblemChoice(Quadratic<Double>(dimension: 12, noise: noise)), workers: workers,
        method: method)
      experiment.uploadPerCoordinate = workers.map { 0.01 * $0.tau }
      return try experiment.start()
    }
    for run in runs { run.run(until: Stop(updates: 50)) }
    #expect(runs[0].model == runs[1].model)
    #expect(runs[0].statistics.point.time == runs[1].statistics.point.time)
    #expect(runs[0].statistics.coordinates == runs[1].statistics.coordinates)
  }

  @Test func compressionIsUnbiasedWithVarianceOmega() throws {
    var (estimates, gradient): ([[Double]], [Double]) = ([], [])
    for seed in 1...800 {
      let method = configured(QSGD.self) {
        $0.gamma = 1
        $0.coordinates = 3
      }
      let run = try Experiment(
        Quadratic<Double>(dimension: 12, noise: 0, x0: .ones), workers: [Worker(tau: 1)], method: method,
        seed: UInt64(seed)
      ).start()
      let (models, estimators) = estimators(of: run, steps: 1)
      gradient = slowGradient(models[0])
      estimates.append(estimators[0])
    }
    #expect(haveMean(estimates, gradient))
    // E‖C(v) − v‖² = ω‖v‖² for RandK, ω = 12/3 − 1.
    let distances = estimates.map { [squaredNorm(zip($0, gradient).map { $0 - $1 })] }
    #expect(haveMean(distances, [3 * squaredNorm(gradient)]))
  }

  @Test func theoryShrinksTheStepWithOmega() throws {
    let problem = Quadratic<Double>(dimension: 12, noise: 0)
    let run = try Experiment(
      problem, workers: workers, method: configured(QSGD.self) { $0.coordinates = 3 }
    ).start()
    #expect(abs(run.gamma * run.conditions.smoothness - 1 / (1 + 3 / 7.0)) < 1e-14)
  }

  /// With hᵢ = i and θ̇ᵢ = i/d a step takes n + nK/d seconds.
  @Test(arguments: [1, 7, 20]) func waitsForTheSlowestMessage(coordinates: Int) throws {
    let method = MethodLab.make(QSGD.self) { ($0.gamma, $0.coordinates) = (0.1, coordinates) }
    var experiment = Experiment(
      Quadratic<Double>(dimension: 20), workers: MethodLab.workers((1...10).map(Double.init)),
      method: method)
    experiment.uploadPerCoordinate = (1...10).map { Double($0) / 20 }
    let run = try experiment.start()
    run.run(until: Stop(updates: 5))
    #expect(abs(run.statistics.point.time - 5 * (10 + 10 * Double(coordinates) / 20)) <= 1e-10)
    #expect(run.statistics.messages == 50)
    #expect(run.statistics.coordinates == 50 * coordinates)
  }

  @Test(arguments: [0, -1, 11]) func messagesHaveFromOneToAllCoordinates(coordinates: Int) {
    let method = MethodLab.make(QSGD.self) { ($0.gamma, $0.coordinates) = (0.1, coordinates) }
    #expect(throws: LabError.self) {
      try Experiment(Quadratic<Double>(dimension: 10), workers: workers, method: method).start()
    }
  }

  @Test func hasItsKeys() throws {
    try expectKeys("qsgd", ["K": "1"])
    try expectRefused("qsgd", ["K": 0], "1 to d, the dimension of the problem")
    try expectRefused("qsgd", ["K": 11], "1 to d, the dimension of the problem")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (L, noise, progress) = (TheoryLab.L, TheoryLab.noise, TheoryLab.progress)
    let forecast = try TheoryLab.forecast(
      "qsgd", MethodLab.workers([1, 2, 4]), ["K": 2], uploadPerCoordinate: [3, 0.5, 0.25])
    // ω = 8/2 − 1, and the first worker's message is the last to come.
    #expect(forecast["omega"] == 3 && forecast["iteration_time"] == 7)
    expectNear(forecast.gamma, min(1 / (L * 2), 3 / (2 * L * 4 * noise)))
    #expect(forecast.iterations == (12 * progress * max(2, 2 * 4 * noise / 3)).rounded(.up))
    expectNear(forecast.time, 7 * forecast.iterations)
    expectNear(forecast.table, 7 * progress * (2 + 4 * noise / 3))
  }
}
