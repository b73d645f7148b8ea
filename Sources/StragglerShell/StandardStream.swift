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
  /// What would have been written, where nothing is.
  private let kept = Mutex("")
  private let isSilent: Bool

  /// `bar` is taken off the terminal before anything is written.
  init(_ descriptor: Int32, bar: ProgressBar? = nil) {
    self.descriptor = descriptor
    isTerminal = System.isTerminal(descriptor)
    self.bar = bar
    isSilent = false
  }

  /// A stream of a process that is to be silent: it keeps what comes first.
  init(silent descriptor: Int32) {
    self.descriptor = descriptor
    isTerminal = false
    bar = nil
    isSilent = true
  }

  /// What a silent stream has kept.
  var text: String { kept.withLock { $0 } }

  /// Why writing failed, where it did.
  var failure: System.Failure? { firstFailure.withLock { $0 } }

  var isBroken: Bool { failure != nil }

  /// Writes `text`; on a terminal without control sequences other than colours.
  func write(_ text: String) {
    if isSilent { return kept.withLock { if $0.utf8.count < 2_000 { $0 += text } } }
    let bytes = [UInt8]((isTerminal ? TerminalSafety.colored(text) : text).utf8)
    guard !bytes.isEmpty, !isBroken else { return }
    bar?.clear()
    do throws(System.Failure) { try System.write(bytes, to: descriptor) } catch {
      firstFailure.withLock { $0 = error }
    }
  }
}
