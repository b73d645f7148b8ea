// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// What the tests of decentralised methods have in common.
enum NetworkLab {
  struct Outcome {
    let run: Run
    let log: [LogEntry]
    /// What is known at every update.
    var updates: [Double] { log.filter { $0.kind == .update }.map(\.time) }
  }

  static func topology(
    _ shape: Topology.Shape, _ nodes: Int, seconds: Double = 0, perCoordinate: Double = 0
  ) throws -> Topology {
    try Topology(shape, nodes: nodes) { _, _ in LinkTime(seconds: seconds, perCoordinate: perCoordinate) }
  }

  static func start(
    _ method: some Method, _ workers: [Worker], _ topology: Topology?, noise: Double = 0,
    heterogeneity: Double = 0, dimension: Int = 20, seed: UInt64 = 1, logging: Bool = true
  ) throws -> Run {
    var problem = Quadratic<Double>(dimension: dimension, noise: noise)
    problem.heterogeneity = heterogeneity
    var experiment = Experiment(problem, workers: workers, method: method, seed: seed)
    experiment.method = MethodChoice(method, force: true)
    experiment.topology = topology
    experiment.isLogging = logging
    return try experiment.start()
  }

  static func run(
    _ method: some Method, _ workers: [Worker], _ topology: Topology?, noise: Double = 0,
    heterogeneity: Double = 0, dimension: Int = 20, seed: UInt64 = 1, until stop: Stop
  ) throws -> Outcome {
    let run = try start(
      method, workers, topology, noise: noise, heterogeneity: heterogeneity, dimension: dimension, seed: seed)
    var log: [LogEntry] = []
    run.onLog = { log.append($0) }
    run.run(until: stop)
    return Outcome(run: run, log: log)
  }

  /// Fleets of many kinds, with ties and with random durations.
  static let fleets: [[Worker]] = [
    MethodLab.workers(MethodLab.durations),
    MethodLab.workers(Array(repeating: 1, count: 6)),
    MethodLab.workers([1, 2, 1, 4, 3, 0.5, 2, 8], delay: .exponential(rate: 1)),
    MethodLab.workers([3]),
    MethodLab.workers([1, 1, 50], delay: .lognormal(mu: 0, sigma: 2)),
  ]

  static let shapes: [Topology.Shape] = [
    .line, .ring, .star(center: 0), .complete, .tree(branching: 2),
  ]

  /// What the log and the statistics say, to the last bit.
  static func describe(_ outcome: Outcome) -> [String] {
    let statistics = outcome.run.statistics
    let keys = [
      "time", "iteration", "assigned", "arrivals", "used", "discarded", "cancelled", "gradients", "loss",
      "gradnorm2", "delay_mean", "delay_max", "concurrency_max", "busy", "energy",
    ]
    let numbers = statistics.numbers.filter { keys.contains($0.name) }.map { "\($0.name) \($0.value)" }
    return numbers + outcome.log.map { EventReport.line($0) }
  }

  static func add(_ x: [Double], _ weight: Double, _ y: [Double]) -> [Double] {
    zip(x, y).map { $0 + weight * $1 }
  }

  static func mean(_ models: [[Double]]) -> [Double] {
    let zero = [Double](repeating: 0, count: models[0].count)
    return models.reduce(zero) { add($0, 1 / Double(models.count), $1) }
  }

  /// On one node `method`, with γ = 0.3, is SGD.
  static func expectSGDAlone(_ method: some Method) throws {
    let hero = MethodLab.make(Hero.self) { $0.gamma = 0.3 }
    let workers = MethodLab.workers([2])
    let expected = try run(hero, workers, nil, noise: 0.1, until: Stop(updates: 20))
    let found = try run(method, workers, topology(.line, 1), noise: 0.1, until: Stop(updates: 20))
    expectClose(found.run.model, expected.run.model, 1e-12)
    #expect(found.updates == expected.updates)
  }

  /// A ring of four with links in one direction only.
  static func oneWay() throws -> Topology {
    try Topology((0..<4).map { Link(from: $0, to: ($0 + 1) % 4, seconds: 1) }, nodes: 4)
  }

  /// `method` exchanges models, for which links have to go both ways.
  static func expectBothWaysAreNeeded(_ method: some Method) throws {
    let topology = try oneWay()
    let error = #expect(throws: LabError.self) {
      try start(method, MethodLab.workers([1, 1, 1, 1]), topology)
    }
    #expect(error?.description.contains("give each link both ways") == true)
  }
}
