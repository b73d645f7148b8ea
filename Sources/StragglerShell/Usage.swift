// SPDX-License-Identifier: Apache-2.0

import StragglerLab

/// The usage text and version of the program.
enum Usage {
  static let version = "straggler \(Provenance.version)"

  static let greeting = "\(version): help lists the commands and shows how to begin, quit leaves.\n"

  static let synopsis = """
    usage: straggler [OPTION…]                  the prompt, or standard input as a script
           straggler [OPTION…] FILE [ARG…]      a script file; - is standard input
           straggler [OPTION…] -c 'COMMANDS'    the given commands
    """

  /// What `printed` asks for, to its last newline.
  static func text(_ printed: Arguments.Printed) -> String {
    switch printed {
    case .help: help
    case .version: version + "\n"
    case .manual: Manual.page
    case .completions(let form): ShellCompletions.script(form)
    }
  }

  static var help: String {
    """
    Straggler: parallel stochastic optimization with slow, random and unreliable workers.

    \(synopsis)

    ARGs are the variables arg1, arg2, … of the script. Options:
    \(CommandLineOption.all.map(\.help).joined(separator: "\n"))

    Exit status: \(statuses)
    \(environment)

    """
  }

  static let statuses = """
    0 all well, 1 a command failed, 2 wrong usage, 3 an expect did not hold, 130 interrupted,
    129 and 143 ended by the signals SIGHUP and SIGTERM.
    """

  static let environment = """
    The prompt keeps its history in $STRAGGLER_HISTORY, or else in straggler/history under $XDG_STATE_HOME or
    ~/.local/state; STRAGGLER_HISTORY= keeps none. At the prompt, help lists the commands.
    """
}
