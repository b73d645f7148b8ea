// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// Prints its arguments.
struct EchoCommand: Command {
  static let name = "echo"
  static let usage = "echo ARG…"
  static let summary = "prints its arguments"
  static let details = """
    Expressions are evaluated, texts in quotes are printed as they are, and so is everything that is no \
    expression: `echo "gap:" gap`. A name alone is a variable: one that there is not is an error.
    """

  private var words: [Given<String>] = []

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameters("ARG", &words, .text, "a text or an expression", isRequired: false)
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let text = words.map(\.value).joined(separator: " ")
    workspace.keep(.text(text))
    try workspace.report(["command": "echo", "text": .string(text)], text: text)
    return .done
  }
}
