// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// Wakes a thread up that waits; rung once, it wakes one waiting thread once, now or later.
@usableFromInline
final class Bell: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  @usableFromInline init() {}

  @usableFromInline func ring() { semaphore.signal() }
  @usableFromInline func wait() { semaphore.wait() }

  /// Waits no longer than `seconds`, and eleven days; false if it was not rung.
  @usableFromInline
  func wait(seconds: Double) -> Bool {
    // Dispatch counts nanoseconds in 64 bits.
    semaphore.wait(timeout: .now() + min(max(seconds, 0), 1e6)) == .success
  }
}
