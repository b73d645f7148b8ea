// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@testable import StragglerLab

/// What is set in Swift is held to the same ranges as what is given by a key.
struct SetParametersTests {
  private static func error(
    _ problem: some Problem = Quadratic<Double>(dimension: 4), _ method: some Method = Minibatch(),
    interval: TraceInterval = .adaptive
  ) -> String? {
    let experiment = Experiment(
      problem, workers: [Worker(tau: 1), Worker(tau: 2)], method: method, interval: interval)
    do {
      _ = try experiment.start()
      return nil
    } catch { return error.message }
  }

  private static func changed<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var value = value
    change(&value)
    return value
  }

  @Test func valuesInRange() {
    #expect(Self.error() == nil)
    #expect(Self.error(Quadratic<Double>(dimension: 4), Self.changed(Hogwild()) { $0.window = 0.5 }) == nil)
  }

  @Test(arguments: [0, -1, 1.5, Double.nan])
  func windowOfHogwild(_ window: Double) throws {
    let message = try #require(
      Self.error(Quadratic<Double>(dimension: 4), Self.changed(Hogwild()) { $0.window = window }))
    #expect(message.contains("window"))
  }

  @Test(arguments: [0, -1, 2, Double.nan])
  func alphaOfPIAG(_ alpha: Double) throws {
    let method = Self.changed(PIAG()) { ($0.alpha, $0.gamma) = (alpha, 0.1) }
    #expect(try #require(Self.error(Quadratic<Double>(dimension: 4), method)).contains("alpha"))
  }

  @Test func countsOfMethods() throws {
    let methods: [any Method] = [
      Self.changed(AsGrad()) { $0.active = 0 }, Self.changed(Hero()) { $0.worker = -3 },
      Self.changed(Rennala()) { $0.batch = -1 }, Self.changed(ATA()) { $0.confidence = .nan },
    ]
    for method in methods { #expect(Self.error(Quadratic<Double>(dimension: 4), method) != nil) }
  }

  @Test func problems() throws {
    let problems: [any Problem] = [
      Self.changed(Quadratic<Double>(dimension: 4)) { $0.noise = -1 },
      Self.changed(Quadratic<Double>(dimension: 4)) { $0.keep = 2 },
      Self.changed(Quadratic<Double>(dimension: 4)) { $0.samples = 0 },
      Self.changed(Quadratic<Double>(dimension: 4)) { $0.heterogeneity = .nan },
    ]
    for problem in problems { #expect(Self.error(problem) != nil) }
  }

  @Test(arguments: [TraceInterval.updates(0), .updates(-3), .updates(.min), .seconds(0), .seconds(.nan)])
  func intervals(_ interval: TraceInterval) {
    #expect(Self.error(interval: interval) == "the interval of the trace is out of range")
  }
}
