// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import StragglerLanguage

/// The manual page of the program, in roff.
enum Manual {
  static var page: String {
    let options = CommandLineOption.all.map { option in
      ".TP\n.B \(escaped(option.usage))\n\(escaped(option.summary.joined(separator: "\n")))\n"
    }
    return """
      .TH STRAGGLER 1 "" "straggler \(Provenance.version)"
      .SH NAME
      straggler \\- parallel stochastic optimization with slow, random and unreliable workers
      .SH SYNOPSIS
      .nf
      \(escaped(synopsis))
      .fi
      .SH DESCRIPTION
      Runs commands: of a prompt, of a script, or of its arguments. ARGs are the variables arg1, arg2, …
      of the script.
      .SH OPTIONS
      \(options.joined()).SH "EXIT STATUS"
      \(escaped(Usage.statuses))
      .SH ENVIRONMENT
      \(escaped(Usage.environment))
      \(CommandList.standard.manual)
      """
  }

  private static var synopsis: String {
    let lines = Usage.synopsis.split(separator: "\n").map(String.init)
    // Without `usage: `, under which the others begin.
    return lines.map { String($0.dropFirst(7)) }.joined(separator: "\n")
  }

  private static func escaped(_ text: String) -> String { CommandList.manualText(text) }
}
