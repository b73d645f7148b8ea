// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Synchronization

/// Calls `body` for 0..<count on at most `threads` threads and returns the results in order.
///
/// Work is taken one by one, so that long pieces do not keep a thread waiting; what is computed does not
/// depend on who computes it.
func parallelMap<Result: Sendable>(
  count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let width = max(1, min(threads, count))
  if width == 1 { return (0..<count).map(body) }
  let results = Mutex<[Result?]>(Array(repeating: nil, count: count))
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: width) { _ in
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let result = body(index)
      results.withLock { $0[index] = result }
    }
  }
  return results.withLock { $0.compactMap(\.self) }
}
