// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// A message about a place in a text: an error or a warning.
public struct Diagnostic: Error, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// The command was not carried out.
    case error
    /// It was, though perhaps not as it was meant.
    case warning
    /// Something worth knowing; nothing is wrong.
    case note
  }

  /// How bad it is.
  public var severity = Severity.error
  /// What is wrong, without a full stop.
  public var message: String
  /// What would be right: a sentence, or `did you mean …?`.
  public var remedy: String?
  /// The part of the text that it is about.
  public var place: Place
  /// Whether more lines could mend it: a block that is still open. A prompt asks for them.
  var isUnfinished = false
  /// Whether nothing is wrong: the command was given up as the user asked for.
  var isInterruption = false

  init(_ message: String, remedy: String? = nil, at place: Place, severity: Severity = .error) {
    self.message = message
    self.remedy = remedy
    self.place = place
    self.severity = severity
  }

  init(_ wording: Wording, at place: Place, severity: Severity = .error) {
    self.init(wording.message, remedy: wording.remedy, at: place, severity: severity)
  }

  /// Line and column, both from 1.
  public var position: (line: Int, column: Int) { place.source.position(of: place.range.lowerBound) }

  /// `{"error":{…}}`, or the same with another severity, for programs.
  var json: JSONValue { .object([JSONValue.Member(severity.rawValue, .object(members))]) }

  /// `{"error":{…}}` with how a statement ended, for programs.
  func answer(_ outcome: String) -> JSONValue {
    ["error": .object(members + [JSONValue.Member("outcome", .string(outcome))])]
  }

  private var members: [JSONValue.Member] {
    let (line, column) = position
    return [
      .init("message", .string(message)), .init("remedy", remedy.map { .string($0) } ?? .null),
      .init("file", .string(place.source.name)), .init("line", .integer(line)),
      .init("column", .integer(column)),
    ]
  }

  /// `FILE:LINE:COLUMN: error: WHAT`, the line, a caret under the place, and the remedy. No newline at the
  /// end.
  public var rendered: String {
    let (line, column) = position
    let (text, caret) = excerpt
    var lines = [
      "\(place.source.name):\(line):\(column): \(severity.rawValue): \(message)", text, caret + "^",
    ]
    if let remedy { lines.append(remedy) }
    // Every part can contain file names, and with them arbitrary characters.
    return lines.map { TerminalSafety.line($0) }.joined(separator: "\n")
  }

  /// The longest excerpt of a line that is shown, in characters.
  private static var width: Int { 160 }

  /// The line, or of a long one the part around the place, and the text before the caret, blanked out. Tabs
  /// stay tabs so that the caret is in the right column whatever their width.
  private var excerpt: (text: String, caret: String) {
    let source = place.source
    let line = source.line(at: place.range.lowerBound)
    let start = min(max(place.range.lowerBound, line.lowerBound), line.upperBound)
    var before = source[line.lowerBound..<start]
    var after = source[start..<line.upperBound]
    if before.count > Self.width / 2, before.count + after.count > Self.width {
      before = "…" + before.suffix(Self.width / 2)
    }
    if before.count + after.count > Self.width { after = after.prefix(Self.width - before.count) + "…" }
    let caret = String(before.map { $0 == "\t" ? "\t" : " " })
    return (before + after, caret)
  }
}
