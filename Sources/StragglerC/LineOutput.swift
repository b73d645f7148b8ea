// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage
import Synchronization

/// Hands the lines of a session to whatever takes them while a text is carried out.
final class LineOutput: Output {
  /// Takes a line without its newline; false where it wants no more.
  var takeLine: ((String) -> Bool)?
  /// What takes how far long work has come. Any thread may change it.
  let progressTaker = Mutex<ProgressTaker?>(nil)
  /// The last error, in a sentence.
  private(set) var error: String?
  private let showsProgress = Atomic<Bool>(false)

  /// Forgets the errors of the last text.
  func begin() { error = nil }

  func write(_ text: String) throws(OutputClosed) {
    guard let takeLine else { return }
    let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
    if !takeLine(line) { throw OutputClosed() }
  }

  func diagnose(_ diagnostic: Diagnostic) {
    guard diagnostic.severity == .error else { return }
    let (line, column) = diagnostic.position
    error =
      "line \(line), column \(column): \(diagnostic.message)" + (diagnostic.remedy.map { "; \($0)" } ?? "")
  }

  func progress(_ progress: Progress?) {
    // The end of work that has shown nothing is no news.
    guard progress != nil || showsProgress.load(ordering: .relaxed) else { return }
    showsProgress.store(progress != nil, ordering: .relaxed)
    progressTaker.withLock { $0 }?.take(progress)
  }
}

/// Takes how far long work has come; nil when it is over.
///
/// A structure, since a mutex of the function itself would wrap it once more at every look: the one that is
/// called would be a chain as long as the looks so far, and end beyond the stack.
struct ProgressTaker: Sendable {
  let take: @Sendable (Progress?) -> Void
}
