// SPDX-License-Identifier: Apache-2.0

/// Why data could not be read or written: where, what, and what would be right.
///
/// `description` is a sentence for people: `delays.csv:7:3: "abc" is not a number; write a duration in
/// seconds, or inf for a failure`.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The place inside a file that an error is about.
  public enum Place: Equatable, Sendable {
    /// The file or folder as a whole: it is missing, too large, or not of the kind.
    case whole
    /// A byte's offset, from 0. For compressed data, in the compressed file.
    case byte(Int)
    /// Line and column of a text, both from 1; columns count characters.
    case text(line: Int, column: Int)
  }

  /// The file or folder as it was named by the caller.
  public var path: String
  /// Where in the file it is.
  public var place: Place
  /// What is wrong, without a full stop.
  public var problem: String
  /// What would be right; may be empty.
  public var remedy: String

  /// An error that says `problem` of the file at `path`, and `remedy` for what would be right.
  public init(_ problem: String, remedy: String = "", path: String = "", place: Place = .whole) {
    self.path = path
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String {
    var text = path.isEmpty ? "" : path + ": "
    switch place {
    case .whole: text += problem
    case .byte(let offset): text += "\(problem) (at byte \(offset))"
    case .text(let line, let column):
      text = path.isEmpty ? "line \(line), column \(column): " : "\(path):\(line):\(column): "
      text += problem
    }
    return remedy.isEmpty ? text : text + "; " + remedy
  }

  /// The same error, about the file `path`.
  func about(_ path: String) -> DataError {
    var error = self
    error.path = path
    return error
  }
}
