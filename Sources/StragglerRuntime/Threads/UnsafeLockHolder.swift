// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Which thread has a lock and runs a program's code under it, so that this code may read what the lock
/// protects without waiting for itself.
@safe
@usableFromInline
final class LockHolder<State: ~Copyable>: @unchecked Sendable {
  private let thread = Atomic<UInt>(0)
  /// What is protected, while `thread` is set; only that thread looks at it.
  private var state: UnsafePointer<State>?

  @usableFromInline init() { unsafe state = nil }

  /// A program's code is called under the lock with `value`, which it protects and which stays where it is
  /// until `leave()`.
  @usableFromInline
  func enter(_ value: borrowing State) {
    unsafe withUnsafePointer(to: value) { unsafe state = $0 }
    thread.store(Threads.current, ordering: .relaxed)
  }

  /// That code has returned.
  @usableFromInline
  func leave() {
    thread.store(0, ordering: .relaxed)
    unsafe state = nil
  }

  /// Calls `body` with what the lock protects, where this thread's code was called under it; otherwise
  /// returns nil.
  @usableFromInline
  func read<Result>(_ body: (borrowing State) -> Result) -> Result? {
    guard thread.load(ordering: .relaxed) == Threads.current, let state = unsafe state else { return nil }
    return body(unsafe state.pointee)
  }
}
