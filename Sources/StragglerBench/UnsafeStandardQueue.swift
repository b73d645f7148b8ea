// SPDX-License-Identifier: Apache-2.0

import CMachine

/// C++'s std::priority_queue of (time, worker), compiled with the same compiler.
@safe
final class StandardQueue {
  private let queue: OpaquePointer

  init(_ durations: [Double]) throws(BenchmarkError) {
    guard let queue = unsafe machine_queue_new(durations, durations.count) else {
      throw BenchmarkError("there is no memory for a queue of \(durations.count) workers")
    }
    unsafe self.queue = queue
  }

  deinit { unsafe machine_queue_free(queue) }

  /// What completes next: the earliest, and of several the one with the smallest index.
  var next: (time: Double, worker: Int) {
    var time = 0.0
    let worker = unsafe machine_queue_next(queue, &time)
    return (time, worker)
  }

  /// Takes the earliest completion and puts the worker's next one in, `events` times.
  func run(_ events: Int) { unsafe machine_queue_run(queue, events) }
}
