// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Lets several threads show progress, one at a time.
final class ProgressBoard: @unchecked Sendable {
  private let output: any Output
  private let lock = Mutex<Void>(())

  init(_ output: any Output) { self.output = output }

  func show(_ progress: Progress) {
    lock.withLock { _ in output.progress(progress) }
  }
}
