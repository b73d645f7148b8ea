// SPDX-License-Identifier: Apache-2.0

/// The part of a manual page that is about the commands, in roff, made of the table of commands.
enum ManualPage {
  static func sections(_ table: CommandTable) -> String {
    ".SH COMMANDS\n" + table.commands.map(entry).joined()
  }

  private static func entry(_ command: CommandDescription) -> String {
    var text = ".SS \(escaped(command.name))\n.B \(escaped(command.usage))\n.PP\n"
    text += paragraph(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
    if !command.details.isEmpty { text += ".PP\n" + paragraph(command.details) }
    let arguments =
      command.parameters.map { ($0.name, $0.summary) }
      + command.keys.map { ($0.name + "=", HelpPage.summary($0)) }
      + command.flags.map { ($0.name, $0.summary) }
    for (name, summary) in arguments { text += ".TP\n.B \(escaped(name))\n\(paragraph(summary))" }
    return text
  }

  /// A paragraph, whose lines are not commands of roff.
  private static func paragraph(_ text: String) -> String { escaped(HelpPage.wrapped(text)) + "\n" }

  /// `text` as it is printed: roff has `\\` and `-` for other things, and so it has `.` and `'` where lines
  /// begin.
  static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var escaped = line.first == "." || line.first == "'" ? "\\&" : ""
      for character in line {
        switch character {
        case "\\": escaped += "\\e"
        case "-": escaped += "\\-"
        default: escaped.append(character)
        }
      }
      return escaped
    }.joined(separator: "\n")
  }
}
