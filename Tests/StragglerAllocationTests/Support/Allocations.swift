// SPDX-License-Identifier: Apache-2.0

import CAllocationCounter

/// Whether allocations can be counted here; tests that need it are skipped elsewhere.
let allocationsAreCounted = support_counts_allocations() != 0

/// How often `body` allocates on the heap, on its own thread: calls of malloc, calloc, realloc and their
/// aligned kin.
///
/// Warm up what is set up once before counting: lazy globals and the metadata of generic types are allocated
/// when they are first used.
func allocations(_ body: () throws -> Void) rethrows -> Int {
  support_start_counting()
  defer { _ = support_stop_counting() }
  try body()
  return Int(support_stop_counting())
}
