// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

@testable import StragglerLab

/// Predictions against simulation: E‖∇f‖² ≤ ε as the theorems say it, within the time that they say.
@Suite struct PredictionTests {
  struct Fleet: CustomTestStringConvertible, Sendable {
    let name: String
    let workers: [Worker]
    var testDescription: String { name }
  }

  static let fleets: [Fleet] = [
    Fleet(name: "equal", workers: (1...6).map { _ in Worker(tau: 1) }),
    Fleet(name: "sqrt", workers: (1...10).map { Worker(tau: Double($0).squareRoot()) }),
    Fleet(name: "linear", workers: (1...8).map { Worker(tau: Double($0)) }),
    Fleet(name: "straggler", workers: (1...5).map { Worker(tau: $0 == 5 ? 200 : 1) }),
    Fleet(name: "two groups", workers: (1...9).map { Worker(tau: $0 <= 2 ? 0.2 : 5) }),
    Fleet(name: "upload", workers: (1...6).map { Worker(tau: Double($0), upload: 0.5 * Double(7 - $0)) }),
    Fleet(
      name: "exponential",
      workers: (1...6).map { Worker(tau: 0.5 * Double($0), delay: .exponential(rate: 1)) }),
    Fleet(
      name: "lognormal",
      workers: (1...5).map { Worker(tau: Double($0).squareRoot(), delay: .lognormal(mu: 0, sigma: 2)) }),
  ]

  /// How much of the predicted time is used until the mean over k < K of ‖∇f(x^k)‖², over 4 seeds, is at most
  /// ε and stays there; nil if it never gets there in K updates.
  static func ratio(_ method: String, _ workers: [Worker], epsilon: Double = 0.02) throws -> Double? {
    let choice = try #require(Catalogue().method(method)).choose()
    let problem = Quadratic<Double>(dimension: 6, noise: 0.12)
    var experiment = Experiment(
      problem: ProblemChoice(problem), workers: workers, method: choice, epsilon: epsilon,
      interval: .updates(1))
    let forecast = try choice.forecast(try experiment.situation())
    let K = Int(forecast.iterations)
    // Every update of a long run would be too many points.
    let every = max(1, K / 2_000)
    experiment.interval = .updates(every)
    var sums: [Double] = []
    var times: [Double] = []
    for seed in 1...4 {
      experiment.seed = UInt64(seed)
      let run = try experiment.start()
      run.run(until: Stop(updates: K))
      #expect(run.stopped == .updates)
      let points = run.trace
      if sums.isEmpty {
        sums = Array(repeating: 0, count: points.count)
        times = sums
      }
      for (index, point) in points.enumerated() where index < sums.count {
        sums[index] += point.gradnorm2 / 4
        times[index] += point.time / 4
      }
    }
    var (total, reached) = (0.0, nil as Double?)
    for index in sums.indices.dropLast() {
      total += sums[index]
      if total / Double(index + 1) <= epsilon { reached = reached ?? times[index + 1] } else { reached = nil }
    }
    return reached.map { $0 / forecast.time }
  }

  @Test(arguments: fleets) func simulationStaysBelowTheBound(_ fleet: Fleet) throws {
    for method in ["minibatch", "rennala", "ringmaster", "mindflayer"] {
      let ratio = try #require(try Self.ratio(method, fleet.workers), "\(method) never reaches ε")
      #expect(ratio <= 1, "\(method): \(ratio)")
      if ProcessInfo.processInfo.environment["STRAGGLER_RECORD"] != nil {
        print("| \(fleet.name) | \(method) | \(ratio) |")
      }
    }
  }
}
