// SPDX-License-Identifier: Apache-2.0

// Which workers are on. Only a simulation knows; real workers count as on.

extension Server {
  /// Whether workers can be off.
  var hasTimesOff: Bool { !fleet.speeds.isEmpty }

  /// Whether `worker` is on now, after a change at this instant. `seed` is the run's. O(log pieces).
  func isAvailable(_ worker: Int, seed: UInt64) -> Bool {
    !hasTimesOff || fleet.speeds[worker].isOn(at: now, worker: stream(worker, seed))
  }

  /// Calls the method's `wake` when the first of the `count` workers of `list` is on, where there is such a
  /// time. O(count log pieces).
  mutating func wakeWhenAvailable(_ list: Table<Int32>, count: Int, seed: UInt64) {
    wakeTime = .infinity
    guard hasTimesOff else { return }
    for index in 0..<count {
      let worker = Int(list[index])
      wakeTime = min(wakeTime, fleet.speeds[worker].nextOn(from: now, worker: stream(worker, seed)))
    }
  }

  /// Any stream of the worker.
  private func stream(_ worker: Int, _ seed: UInt64) -> RandomStream {
    RandomStream(seed: seed, purpose: .delay, worker: worker)
  }
}
