// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What has gone wrong in the functions of the caller since the last command: the first of it. Any thread may
/// ask and tell.
final class Fault: Sendable {
  private let isSet = Atomic<Bool>(false)
  private let first = Mutex<String?>(nil)

  /// Whether something has.
  var hasOccurred: Bool { isSet.load(ordering: .acquiring) }

  /// What it was, in a sentence.
  var sentence: String? { hasOccurred ? first.withLock { $0 } : nil }

  func note(_ sentence: String) {
    first.withLock { if $0 == nil { $0 = sentence } }
    isSet.store(true, ordering: .releasing)
  }

  func clear() {
    isSet.store(false, ordering: .releasing)
    first.withLock { $0 = nil }
  }
}
