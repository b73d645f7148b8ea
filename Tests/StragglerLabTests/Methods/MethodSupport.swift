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
      method, workers(durations), heterogeneity: heterogeneity, dimension: 10, until: Stop(steps: steps)
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
    return method.gamma
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

  private static let file: Data? = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    var folders = [root.appendingPathComponent("../shared").path]
    if let folder = ProcessInfo.processInfo.environment["STRAGGLER_SHARED"] { folders.append(folder) }
    for folder in folders {
      if let data = FileManager.default.contents(atPath: folder + "/spec/reference/theory.json") {
        return data
      }
    }
    return nil
  }()

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
