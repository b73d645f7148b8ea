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

  static let help = """
    Straggler: parallel stochastic optimization with slow, random and unreliable workers.

    \(synopsis)

    ARGs are the variables arg1, arg2, … of the script. Options:
      -c COMMANDS      run COMMANDS
      --json           answer each command in JSON, one object a line
      --quiet          no reports of run, step and law, no progress bar
      --no-color       no colours; the environment variable NO_COLOR does the same
      --threads N      work on N threads (default: one a processor); results do not depend on it
      --shard K/N      run every Nth point of sweeps, the Kth first; see help sweep
      --fixed-grid     tune tries no stepsizes beyond those of its grid; see help compare
      --keep-going     go on after a command that failed
      --simd LEVEL     registers that the kernels use: baseline, avx2 or avx512 (default: the widest);
                       results do not depend on it
      --width N        the columns that reports may take (default: COLUMNS, or else the terminal's; in a file
                       or a pipe no limit, and exact numbers)
      --version        say which version this is
      --help           show this

    Exit status: 0 all well, 1 a command failed, 2 wrong usage, 3 an expect did not hold, 130 interrupted,
    129 and 143 ended by the signals SIGHUP and SIGTERM.
    The prompt keeps its history in $STRAGGLER_HISTORY, or else in straggler/history under $XDG_STATE_HOME or
    ~/.local/state; STRAGGLER_HISTORY= keeps none. At the prompt, help lists the commands.

    """
}
