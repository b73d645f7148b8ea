// SPDX-License-Identifier: Apache-2.0

/// A source of lines that the user types.
protocol Prompt: AnyObject {
  /// Shows `prompt` and waits for a line. `pending` are the lines before it of an unfinished command.
  func ask(_ prompt: String, pending: String) -> PromptAnswer
  /// Adds a command, on one line, to the history.
  func remember(_ line: String)
}

enum PromptAnswer: Equatable {
  /// A line without its newline.
  case line(String)
  /// Ctrl-C: the line is dropped.
  case interrupted
  /// Ctrl-D, or the terminal has been closed.
  case end
}

/// A prompt without editing, for terminals that can only print.
final class PlainPrompt: Prompt {
  private let output: StandardStream
  private var reader = LineReader(descriptor: 0)

  init(output: StandardStream) { self.output = output }

  func remember(_ line: String) {}

  func ask(_ prompt: String, pending: String) -> PromptAnswer {
    output.write(prompt)
    switch reader.next() {
    case .line(let line): return .line(String(decoding: line, as: UTF8.self))
    case .end(let rest) where !rest.isEmpty: return .line(String(decoding: rest, as: UTF8.self))
    case .end, .failed, .tooLong: return .end
    case .interrupted:
      reader.dropLine()
      return .interrupted
    }
  }
}
