// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

/// What the tests of methods have in common.
enum MethodLab {
  static let durations = (1...7).map { Double($0).squareRoot() }

  /// A method with its public parameters set.
  static func make<M: Method>(_ type: M.Type, _ change: (inout M) -> Void) -> M {
    var method = M()
    change(&method)
    return method
  }

  static func workers(_ durations: [Double], delay: Delay = .none) -> [Worker] {
    durations.map { Worker(tau: $0, delay: delay) }
  }

  /// Runs `method` on a small quadratic and collects the log.
  static func run(
    _ method: some Method, _ workers: [Worker], noise: Double = 0, heterogeneity: Double = 0,
    dimension: Int = 20, seed: UInt64 = 1, until stop: Stop
  ) throws -> (run: Run, log: [LogEntry]) {
    var problem = Quadratic<Double>(dimension: dimension, noise: noise)
    problem.heterogeneity = heterogeneity
    var experiment = Experiment(problem, workers: workers, method: method, seed: seed)
    // Where a method for one objective goes with many is for the test to see.
    experiment.method = MethodChoice(method, force: true)
    experiment.isLogging = true
    let run = try experiment.start()
    var log: [LogEntry] = []
    run.onLog = { log.append($0) }
    run.run(until: stop)
    return (run, log)
  }

  /// The loss above the optimum that is left, with workers whose objectives differ.
  static func gap(
    _ method: some Method, durations: [Double] = [1, 2, 4, 8, 16], heterogeneity: Double = 1, steps: Int
  ) throws -> Double {
    try run(
      method, workers(durations), heterogeneity: heterogeneity, dimension: 10, until: Stop(updates: steps)
    ).run.statistics.point.gap
  }

  /// √d·e₁, the start.
  static func start(_ dimension: Int) -> [Double] {
    (0..<dimension).map { $0 == 0 ? Double(dimension).squareRoot() : 0 }
  }

  /// ¼·tridiag(−1, 2, −1) x + ¼e₁: the gradient of the quadratic, written out.
  static func gradient(_ x: [Double]) -> [Double] {
    x.indices.map { index in
      let left = index > 0 ? x[index - 1] : -1
      let right = index + 1 < x.count ? x[index + 1] : 0
      return (2 * x[index] - left - right) / 4
    }
  }

  /// γ as the theory has it for workers with fixed durations.
  static func theoryStepsize<M: Method>(
    _ method: M, _ durations: [Double], _ change: (inout Conditions) -> Void
  ) throws -> Double {
    var (method, workers) = (method, workers(durations))
    var conditions = Conditions()
    change(&conditions)
    let count = workers.count
    try workers.withUnsafeMutableBufferPointer { buffer in
      var setup = Setup(
        fleet: Fleet(Table(base: buffer.baseAddress, count: count)), conditions: conditions,
        arena: .measuring())
      try method.prepare(&setup)
    }
    return method.gamma.value
  }
}

extension MethodLab {
  /// The last state and the model of a run of `method` on a small quadratic.
  static func outcome(
    _ method: some Method, workers: [Worker] = workers(durations), noise: Double = 0.01, steps: Int = 60
  ) throws -> Outcome {
    let run = try Experiment(
      Quadratic<Double>(dimension: 50, noise: noise), workers: workers, method: method
    ).start()
    #expect(run.run(until: Stop(updates: steps)) == .updates)
    return Outcome(statistics: run.statistics, model: run.model)
  }

  struct Outcome {
    let statistics: Statistics
    let model: [Double]
  }

  /// A finite sum of different quadratics.
  static func sum(_ samples: Int, dimension: Int = 6, spread: Double = 0.5) -> Quadratic<Double> {
    var problem = Quadratic<Double>(dimension: dimension, noise: 0)
    problem.samples = samples
    problem.spread = spread
    return problem
  }

  /// `steps` steps of gradient descent from the start, written out.
  static func descent(_ dimension: Int, gamma: Double, steps: Int) -> [Double] {
    (0..<steps).reduce(start(dimension)) { x, _ in zip(x, gradient(x)).map { $0 - gamma * $1 } }
  }

  /// The three sequences of accelerated methods, with exact gradients, written out.
  static func accelerated(_ dimension: Int, gamma: Double, steps: Int) -> [Double] {
    var x = start(dimension)
    var u = x
    for k in 0..<steps {
      let alpha = 2 / (Double(k) + 2)
      let y = zip(x, u).map { (1 - alpha) * $0 + alpha * $1 }
      u = zip(u, gradient(y)).map { $0 - gamma * Double(k + 1) * $1 }
      x = zip(x, u).map { (1 - alpha) * $0 + alpha * $1 }
    }
    return x
  }
}

/// The same model after as many updates in the same time, and the same events unless `sameEvents` is false.
func expectSame(_ a: MethodLab.Outcome, _ b: MethodLab.Outcome, sameEvents: Bool = true) {
  #expect(a.model == b.model)
  #expect(a.statistics.point.time == b.statistics.point.time)
  #expect(a.statistics.point.iteration == b.statistics.point.iteration)
  if sameEvents {
    #expect(a.statistics.point.arrivals == b.statistics.point.arrivals)
    #expect(a.statistics.discarded == b.statistics.discarded)
    #expect(a.statistics.cancelled == b.statistics.cancelled)
  }
}

func expectClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-10, _ comment: String = "") {
  #expect(a.count == b.count)
  for (a, b) in zip(a, b) { #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(comment) \(a) \(b)") }
}

/// A case of `theory.json`, from the shared folder beside the package or from where STRAGGLER_SHARED says.
struct TheoryCase {
  let inputs: [String: Any]
  let outputs: [String: Any]

  private static let file = SharedFile.data("spec/reference/theory.json")

  static var arePresent: Bool { file != nil }

  init(_ id: String) throws {
    let object = try JSONSerialization.jsonObject(with: try #require(Self.file))
    let cases = try #require((object as? [String: Any])?["cases"] as? [[String: Any]])
    let entry = try #require(cases.first { $0["id"] as? String == id })
    inputs = try #require(entry["inputs"] as? [String: Any])
    outputs = try #require(entry["outputs"] as? [String: Any])
  }

  func input(_ key: String) throws -> Double { try #require(inputs[key] as? Double) }
  func inputs(_ key: String) throws -> [Double] { try #require(inputs[key] as? [Double]) }
  func output(_ key: String) throws -> Double { try #require(outputs[key] as? Double) }
  func outputs(_ key: String) throws -> [Double] { try #require(outputs[key] as? [Double]) }
}

/// Files of the shared folder, which lies beside the package or where STRAGGLER_SHARED says.
enum SharedFile {
  static func data(_ path: String) -> Data? {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { root.deleteLastPathComponent() }
    var folders = [root.appendingPathComponent("../shared").path]
    if let folder = ProcessInfo.processInfo.environment["STRAGGLER_SHARED"] { folders.append(folder) }
    return folders.lazy.compactMap { FileManager.default.contents(atPath: $0 + "/" + path) }.first
  }
}
