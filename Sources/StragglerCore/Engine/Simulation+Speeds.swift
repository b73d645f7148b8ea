// SPDX-License-Identifier: Apache-2.0

// When workers are on and off.

extension Simulation {
  /// The share of the workers that are on now, from 0 to 1. O(n log pieces).
  public var available: Double { available(at: server.time) }

  /// The share of the workers that are on at `time`, from 0 to 1. O(n log pieces).
  public func available(at time: Double) -> Double {
    guard !fleet.speeds.isEmpty else { return 1 }
    var count = 0
    for worker in fleet.speeds.indices
    where fleet.speeds[worker].isOn(at: time, worker: stream(worker)) { count += 1 }
    return Double(count) / Double(fleet.speeds.count)
  }

  /// Any stream of the worker.
  private func stream(_ worker: Int) -> RandomStream {
    RandomStream(seed: seed, purpose: .delay, worker: worker)
  }

  /// Shows `body` the times off of a worker between two times, in order.
  public func visitOff(
    of worker: Int, from start: Double, to end: Double, _ body: (_ start: Double, _ end: Double) -> Void
  ) {
    guard !fleet.speeds.isEmpty else { return }
    fleet.speeds[worker].visitOff(from: start, to: end, worker: stream(worker), body)
  }
}
