// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// An object with the memory that delays of workers look at: `RecordedDelay` and `MixedDelay`.
///
/// A delay is a value that can outlive its owner, so whatever uses it keeps the owner alive, and refuses a
/// delay whose owner it was not given.
public protocol DelayOwner: AnyObject, Sendable {
  /// Whether `delay` looks at memory of this object. It does not look there itself: the memory may be gone.
  func owns(_ delay: Delay) -> Bool
}

extension Delay {
  /// Whether the law looks at memory outside its own numbers.
  var hasOwner: Bool { recording != nil || mixture != nil }
}

extension [any DelayOwner] {
  /// Whether nothing that `delay` looks at can be gone while these live.
  func keepAlive(_ delay: Delay) -> Bool { !delay.hasOwner || contains { $0.owns(delay) } }

  /// Throws where a worker's delay looks at memory that none of these has.
  func checkDelays(of workers: [Worker]) throws(LabError) {
    guard let index = workers.firstIndex(where: { !keepAlive($0.delay) }) else { return }
    throw LabError(
      "worker \(index) has a delay whose durations or laws may be gone",
      remedy: "give the RecordedDelay or MixedDelay that it is from as one of the owners")
  }
}
