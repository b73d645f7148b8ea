// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Shows what there is, or a page about one thing.
struct HelpCommand: Command {
  static let name = "help"
  static let usage = "help [COMMAND]"
  static let summary = "what there is, or all about a command, a problem, a method or a law"

  private var topic: Given<String>?

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter(
      "TOPIC", &topic, .topic(HelpPage.topics),
      "a command, a problem, a method, a law, expressions, distributions, speeds, or records")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let page = HelpPage(table: workspace.language.table, catalogue: workspace.catalogue)
    let text = topic.flatMap { page.page($0.value) } ?? page.overview
    try workspace.report(["command": "help", "text": .string(text)], text: text)
    return .done
  }
}
