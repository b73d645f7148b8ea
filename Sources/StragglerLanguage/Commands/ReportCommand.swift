// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Writes what the session has shown to a page.
struct ReportCommand: Command {
  static let name = "report"
  static let usage = "report FILE.html"
  static let summary = "one page with every result of the session so far"
  static let details = """
    Tables, figures, expectations and ends of runs, each below the command that made it and the \
    configuration that it was made with. What `plot` and `gantt` have shown in the terminal is there as a \
    figure, too. The page needs nothing from elsewhere, and the file is written whole or not at all.
    """

  private var file = Given("")

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, "a name that ends in .html")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    guard file.value.hasSuffix(".html") || file.value.hasSuffix(".htm") else {
      throw Self.unknownForm(file, [".html"])
    }
    let page = workspace.results.shown.html(
      title: "Straggler: \(workspace.script ?? "a session")", configuration: workspace.wholeConfiguration)
    try workspace.write(page, to: file)
    return .done
  }
}
