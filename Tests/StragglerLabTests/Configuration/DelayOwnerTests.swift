// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerData
import Testing

@testable import StragglerLab

/// A delay that outlives the memory that it looks at is refused, not read.
struct DelayOwnerTests {
  private static func experiment(_ delay: Delay, owners: [any DelayOwner]) -> Experiment {
    Experiment(
      Quadratic<Double>(dimension: 4), workers: [Worker(tau: 0, delay: delay)], method: Minibatch(),
      owners: owners)
  }

  private static func record(_ durations: [Double]) throws -> RecordedDelay {
    try RecordedDelay(RecordedDurations(values: durations), order: .replay)
  }

  @Test func recordedDelays() throws {
    let (record, other) = (try Self.record([1, 2]), try Self.record([1, 2]))
    for owners in [[], [other]] {
      let error = #expect(throws: LabError.self) {
        try Self.experiment(record.delay(of: 0), owners: owners).start()
      }
      #expect(error?.message == "worker 0 has a delay whose durations or laws may be gone")
    }
    let run = try Self.experiment(record.delay(of: 0), owners: [other, record]).start()
    #expect(run.run(until: Stop(updates: 2)) == .updates)
    #expect(run.time == 3)
  }

  @Test func delayWhoseOwnerIsGone() throws {
    let delay = try Self.record([1, 2]).delay(of: 0)
    #expect(throws: LabError.self) { try Self.experiment(delay, owners: []).start() }
  }

  @Test func mixtures() throws {
    let record = try Self.record([5])
    let parts = [(probability: 0.5, first: record.delay(of: 0), second: Delay.none)]
    #expect(throws: DelayError.self) { try MixedDelay(parts) }
    let mixed = try MixedDelay(parts, owners: [record])
    #expect(throws: LabError.self) { try Self.experiment(mixed.delay(0), owners: [record]).start() }
    _ = try Self.experiment(mixed.delay(0), owners: [mixed]).start()
  }

  @Test func adviceOnThem() throws {
    let record = try Self.record([1, 2])
    let fleet = AdviceFleet([Worker(tau: 0, delay: record.delay(of: 0))])
    var conditions = Conditions()
    (conditions.smoothness, conditions.variance, conditions.gap, conditions.epsilon) = (1, 1, 1, 0.1)
    let error = #expect(throws: LabError.self) {
      try Adviser(fleet, problem: nil, conditions: conditions).advise()
    }
    #expect(error?.message == "worker 0 has a delay whose durations or laws may be gone")
  }
}
