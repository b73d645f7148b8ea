// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage
import Synchronization

/// Standard output or standard error: text is written at once, and errors are kept.
///
/// An error does not stop the writer halfway: it is kept, and later output is dropped. The code that runs
/// commands checks `isBroken` after each of them.
final class StandardStream: Sendable {
  let descriptor: Int32
  let isTerminal: Bool
  private let bar: ProgressBar?
  private let firstFailure = Mutex<System.Failure?>(nil)

  /// `bar` is taken off the terminal before anything is written.
  init(_ descriptor: Int32, bar: ProgressBar? = nil) {
    self.descriptor = descriptor
    isTerminal = System.isTerminal(descriptor)
    self.bar = bar
  }

  /// Why writing failed, where it did.
  var failure: System.Failure? { firstFailure.withLock { $0 } }

  var isBroken: Bool { failure != nil }

  /// Writes `text`; on a terminal without control sequences other than colours.
  func write(_ text: String) {
    let bytes = [UInt8]((isTerminal ? TerminalSafety.colored(text) : text).utf8)
    guard !bytes.isEmpty, !isBroken else { return }
    bar?.clear()
    do throws(System.Failure) { try System.write(bytes, to: descriptor) } catch {
      firstFailure.withLock { $0 = error }
    }
  }
}
