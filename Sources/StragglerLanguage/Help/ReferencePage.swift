// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// The page `Docs/Commands.md`, made of the table of commands.
enum ReferencePage {
  static func markdown(_ table: CommandTable) -> String {
    """
    # Commands

    This page is made from the table of commands that the program itself reads. `help` shows the same, and
    `help NAME` the keys of a method or problem.

    \(rows(["command", "meaning"], table.commands.map { ["[`\($0.name)`](#\($0.name))", $0.summary] }))

    `#` starts a comment, `;` separates commands, `\\` at the end of a line continues it. At the prompt
    the beginning of a command's name is enough.

    ## Expressions

    ```
    \(HelpPage.expressions)
    ```

    ## Distributions

    \(rows(["distribution", "meaning"], LawEntry.library.map { ["`\($0.usage)`", $0.summary] }))

    `trace("FILE")` takes recorded durations in their order, `trace("FILE",bootstrap)` draws from them; keys
    of `help records` say how the file is read: `trace("FILE",worker=rank,unit=ms)`.
    `mixture(p,law,law)` is the first law with probability p, otherwise the second. \
    A plain number is `constant`.

    \(table.commands.map(section).joined(separator: "\n\n"))

    """
  }

  private static func section(_ command: CommandDescription) -> String {
    var parts = ["## \(command.name)", "```\n\(command.usage)\n```", sentence(command.summary)]
    if !command.details.isEmpty { parts.append(HelpPage.wrapped(command.details)) }
    let arguments =
      command.parameters.map { ["`\($0.name)`", $0.summary, ""] }
      + command.keys.map { ["`\($0.name)=`", summary($0), $0.standard] }
      + command.flags.map { ["`\($0.name)`", $0.summary, ""] }
    if !arguments.isEmpty { parts.append(rows(["argument", "meaning", "if left out"], arguments)) }
    return parts.joined(separator: "\n\n")
  }

  private static func summary(_ key: CommandKey) -> String {
    var words = key.words
    if case .word(.fixed(let options)) = key.kind, words.isEmpty { words = options }
    return key.summary + (words.isEmpty ? "" : ": " + words.map { "`\($0)`" }.joined(separator: ", "))
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private static func rows(_ head: [String], _ rows: [[String]]) -> String {
    let lines = [head, head.map { _ in "---" }] + rows
    return lines.map { line in
      "| " + line.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }
}
