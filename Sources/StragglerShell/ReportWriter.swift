// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage

/// Writes an interpreter's reports, errors and progress to the user's terminal or files.
final class ReportWriter: Output {
  private let output: StandardStream
  private let errors: StandardStream
  private let bar: ProgressBar
  private let style: Style

  init(output: StandardStream, errors: StandardStream, bar: ProgressBar, style: Style) {
    self.output = output
    self.errors = errors
    self.bar = bar
    self.style = style
  }

  func write(_ text: String) throws(OutputClosed) {
    output.write(text)
    if output.isBroken { throw OutputClosed() }
  }

  func diagnose(_ diagnostic: Diagnostic) {
    // A closed output is reported once, at the end.
    guard !output.isBroken else { return }
    errors.write(Self.text(of: diagnostic, isColored: style.colorsErrors) + "\n")
  }

  func progress(_ progress: StragglerLanguage.Progress?) {
    guard let progress else { return bar.finish() }
    bar.update(progress.fraction, progress.what)
  }

  /// The diagnostic as it is printed: with colour, the severity stands out.
  static func text(of diagnostic: Diagnostic, isColored: Bool) -> String {
    let text = diagnostic.rendered
    let severity = ": \(diagnostic.severity.rawValue): "
    guard isColored, let place = text.firstRange(of: severity) else { return text }
    let color = diagnostic.severity == .error ? 31 : 33
    return text.replacingCharacters(
      in: place, with: ": \u{1B}[1;\(color)m\(diagnostic.severity.rawValue):\u{1B}[0m ")
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    var copy = self
    copy.replaceSubrange(range, with: text)
    return copy
  }
}
