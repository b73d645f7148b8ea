// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// The memory of an event queue.
@safe
final class OwnQueue {
  private let memory: UnsafeMutableRawBufferPointer
  private let workers: Int

  init(_ workers: Int) {
    self.workers = workers
    unsafe memory = .allocate(byteCount: 32 * workers + 256, alignment: Arena.alignment)
  }

  deinit { unsafe memory.deallocate() }

  /// The queue, which lives as long as this.
  func queue() throws(SetupError) -> EventQueue {
    var arena = unsafe Arena(memory)
    return try EventQueue(workers: workers, arena: &arena)
  }
}
