// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A number that threads count up together.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// Adds one and returns the new value.
  func increment() -> Int { value.add(1, ordering: .relaxed).newValue }
}
