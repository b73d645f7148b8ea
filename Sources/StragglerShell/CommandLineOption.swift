// SPDX-License-Identifier: Apache-2.0

/// An option of the program, described once for its help, its manual page and the completions of shells.
struct CommandLineOption {
  let name: String
  /// What its value is called; nil where it takes none.
  let value: String?
  /// The values that it can have, where these are words.
  let words: [String]
  /// What it does, in lines.
  let summary: [String]

  private init(_ name: String, value: String? = nil, words: [String] = [], _ summary: String...) {
    (self.name, self.value, self.words, self.summary) = (name, value, words, summary)
  }

  /// In the order of `--help`.
  static let all = [
    CommandLineOption("-c", value: "COMMANDS", "run COMMANDS"),
    CommandLineOption("--json", "answer each command in JSON, one object a line"),
    CommandLineOption(
      "--serve", "answer every command of standard input in JSON, also after errors and Ctrl-C:",
      "what it reports, and one object at the end, {\"ok\":…} or {\"error\":…}"),
    CommandLineOption("--quiet", "no reports of run, step and law, no progress bar"),
    CommandLineOption("--no-color", "no colours; the environment variable NO_COLOR does the same"),
    CommandLineOption(
      "--threads", value: "N", "work on N threads (default: one a processor); results do not depend on it"),
    CommandLineOption(
      "--mpi", "carry out the script on all ranks of an MPI job, as in mpirun -n 64 straggler --mpi FILE:",
      "sweep, compare and tuning divide their runs among them"),
    CommandLineOption(
      "--shard", value: "K/N", "run every Nth point of sweeps, the Kth first; see help sweep"),
    CommandLineOption("--fixed-grid", "tune tries no stepsizes beyond those of its grid; see help compare"),
    CommandLineOption("--keep-going", "go on after a command that failed"),
    CommandLineOption(
      "--simd", value: "LEVEL", words: ["baseline", "avx2", "avx512"],
      "registers that the kernels use: baseline, avx2 or avx512 (default: the widest);",
      "results do not depend on it"),
    CommandLineOption(
      "--width", value: "N",
      "the columns that reports may take (default: COLUMNS, or else the terminal's; in a file",
      "or a pipe no limit, and exact numbers)"),
    CommandLineOption("--man", "print the manual page"),
    CommandLineOption(
      "--completions", value: "SHELL", words: ["bash", "zsh", "fish"],
      "print the completions for bash, zsh or fish"),
    CommandLineOption("--version", "say which version this is"),
    CommandLineOption("--help", "show this"),
  ]

  /// All that is an option, for what may have been meant.
  static let names = all.map(\.name) + ["-h"]

  /// Its lines in `--help`.
  var help: String {
    let head = "  " + usage + String(repeating: " ", count: max(1, 21 - usage.count))
    return head + summary.joined(separator: "\n" + String(repeating: " ", count: 23))
  }

  /// How it is written.
  var usage: String { value.map { "\(name) \($0)" } ?? name }
}
