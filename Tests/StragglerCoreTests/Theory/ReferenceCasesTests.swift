// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

/// The numeric cases of `spec/reference/theory.json` about delays and clipping times.
///
/// The file is beside the package, or below the folder that STRAGGLER_SHARED names.
@Suite(.enabled(if: TheoryReference.isPresent, "the shared folder with reference/theory.json is absent"))
struct ReferenceCasesTests {
  private func isClose(_ value: Double, _ reference: Double, _ tolerance: Double = 1e-11) -> Bool {
    value == reference || (value - reference).magnitude <= tolerance * reference.magnitude
  }

  @Test func distributions() throws {
    for test in try TheoryReference.cases(of: "distribution") {
      let delay = try test.delay()
      for (key, value) in test.numbers("F") {
        #expect(isClose(delay.cdf(try #require(Double(key))), value), "\(test.id) F(\(key))")
      }
      for (key, value) in test.numbers("quantile") {
        #expect(isClose(delay.quantile(try #require(Double(key))), value), "\(test.id) quantile(\(key))")
      }
      for (key, value) in test.numbers("partial_mean_E[eta;eta<=t]") {
        #expect(
          isClose(delay.partialMean(try #require(Double(key))), value), "\(test.id) partial mean (\(key))")
      }
      #expect(isClose(delay.median, test.number("median")), "\(test.id)")
      #expect(isClose(delay.mean, test.number("mean")), "\(test.id)")
    }
  }

  @Test func clippingOfOneWorker() throws {
    for test in try TheoryReference.cases(of: "clipping_n1") {
      let delay = try test.delay()
      let tau = test.inputs["tau"] as? Double ?? .nan
      let best = ClippingTimes.single(tau: tau, delay: delay)
      #expect(isClose(best.time, test.number("t_star"), 1e-10), "\(test.id): \(best.time)")
      #expect(isClose(best.probability, test.number("p_star"), 1e-10), "\(test.id)")
      #expect(isClose(best.cost, test.number("value")), "\(test.id)")
      #expect(isClose((tau + delay.median) / 0.5, test.number("value_at_median")), "\(test.id)")
      #expect(isClose(tau + delay.mean, test.number("rennala")), "\(test.id)")
      for batch in [1.0, 10] {
        var (workers, times) = ([Worker(tau: tau, delay: delay)], [0.0])
        let time = workers.withUnsafeMutableBufferPointer { workers in
          times.withUnsafeMutableBufferPointer { times in
            ClippingTimes.optimize(
              fleet: Fleet(Table(base: workers.baseAddress, count: 1)), batch: batch,
              into: Table(base: times.baseAddress, count: 1))
          }
        }
        #expect(
          isClose(times[0], test.number("t_star_thm45_S\(Int(batch))"), 1e-10), "\(test.id): \(times[0])")
        #expect(isClose(time, test.number("t(1)_S\(Int(batch))")), "\(test.id)")
      }
    }
  }

  /// The exact expectation of the time for a success, (τ + (1 − p)t + E[η; η ≤ t])/p.
  @Test func exactTimePerSuccess() throws {
    for test in try TheoryReference.cases(of: "clipping_n1_exact") {
      let delay = try test.delay()
      let tau = test.inputs["tau"] as? Double ?? .nan
      func exact(_ t: Double) -> Double {
        let p = delay.cdf(t)
        return (tau + (1 - p) * t + delay.partialMean(t)) / p
      }
      for (key, value) in test.outputs {
        guard let t = Double(key), let value = value as? Double else { continue }
        #expect(isClose(exact(t), value), "\(test.id) at \(t)")
      }
      #expect(isClose(exact(test.number("t_star_exact")), test.number("value_star")), "\(test.id)")
      #expect(isClose(tau + delay.mean, test.number("rennala")), "\(test.id)")
    }
  }

  @Test func jointClipping() throws {
    for test in try TheoryReference.cases(of: "clipping_joint") {
      let delay = try test.delay()
      var workers = (test.inputs["tau"] as? [Double] ?? []).map { Worker(tau: $0, delay: delay) }
      var times = [Double](repeating: 0, count: workers.count)
      let batch = test.inputs["S"] as? Double ?? .nan
      let time = workers.withUnsafeMutableBufferPointer { workers in
        times.withUnsafeMutableBufferPointer { times in
          ClippingTimes.optimize(
            fleet: Fleet(Table(base: workers.baseAddress, count: workers.count)), batch: batch,
            into: Table(base: times.baseAddress, count: times.count))
        }
      }
      #expect(isClose(time, test.number("T")), "\(test.id): \(time)")
      let expected = test.outputs["t"] as? [Double] ?? []
      let probabilities = test.outputs["p"] as? [Double] ?? []
      let active = test.outputs["active"] as? [Bool] ?? []
      #expect(expected.count == workers.count)
      for index in workers.indices where active[index] {
        #expect(
          isClose(times[index], expected[index], 1e-9), "\(test.id): t of worker \(index) is \(times[index])")
        #expect(isClose(delay.cdf(times[index]), probabilities[index], 1e-9), "\(test.id)")
      }
    }
  }
}

/// `theory.json`, read.
struct TheoryReference {
  let id: String
  let inputs: [String: Any]
  let outputs: [String: Any]

  static var path: String? {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    var folders = [root.appendingPathComponent("../shared").path]
    if let folder = ProcessInfo.processInfo.environment["STRAGGLER_SHARED"] { folders.append(folder) }
    return folders.map { $0 + "/spec/reference/theory.json" }.first {
      FileManager.default.isReadableFile(atPath: $0)
    }
  }

  static var isPresent: Bool { path != nil }

  static func cases(of kind: String) throws -> [TheoryReference] {
    let data = try Data(contentsOf: URL(fileURLWithPath: #require(path)))
    let file = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let cases = try #require(file["cases"] as? [[String: Any]]).filter { $0["kind"] as? String == kind }
    #expect(!cases.isEmpty, "no cases of kind \(kind)")
    return cases.map {
      TheoryReference(
        id: $0["id"] as? String ?? "", inputs: $0["inputs"] as? [String: Any] ?? [:],
        outputs: $0["outputs"] as? [String: Any] ?? [:])
    }
  }

  /// An output; numbers too large for a double are text there and infinite here.
  func number(_ key: String) -> Double {
    if let text = outputs[key] as? String { return Double(text) ?? .nan }
    return outputs[key] as? Double ?? .nan
  }

  func numbers(_ key: String) -> [String: Double] { outputs[key] as? [String: Double] ?? [:] }

  /// The law as it is written there: `lognormal(0,1)`, `log-t5(scale 5)`, `InfBernoulli(0.6)`.
  func delay() throws -> Delay {
    let text = try #require(inputs["law"] as? String)
    let parts = text.split(whereSeparator: { "(,) ".contains($0) })
    let values = parts.dropFirst().compactMap { Double($0) }
    switch parts[0].lowercased() {
    case "lognormal": return .lognormal(mu: values[0], sigma: values[1])
    case "logcauchy": return .logcauchy(mu: values[0], gamma: values[1])
    case "log-t5": return .logt(mu: 0, sigma: values[0], dof: 5)
    case "infbernoulli": return .infbernoulli(q: values[0])
    default: throw DelayError(law: "", parameter: "law", expected: "a law that the tests know")
    }
  }
}
