// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerLanguage

/// The program's command-line arguments.
struct Arguments: Equatable {
  /// The source of the commands.
  enum Source: Equatable {
    /// The prompt if standard input is a terminal, otherwise standard input as a script.
    case unspecified
    case standardInput
    case file(String)
    case commands(String)
  }

  var source = Source.unspecified
  /// What follows the script's file: the variables `arg1`, `arg2`, ….
  var scriptArguments: [String] = []
  var isJSON = false
  /// Whether every command of standard input is answered, for a program at the other end of a pipe.
  var isServing = false
  /// Whether the ranks of an MPI job carry out the script together.
  var isOverRanks = false
  var isQuiet = false
  var allowsColor = true
  var keepsGoing = false
  /// Whether `tune` tries no stepsizes beyond those of its grid.
  var isGridFixed = false
  /// The columns that reports may take; nil for those of the terminal.
  var width: Int?
  /// How many threads work; nil for one a processor.
  var threads: Int?
  /// How wide registers the kernels may use; nil for the widest that there are.
  var simdLevel: SIMDLevel?
  /// The part of their points that sweeps run.
  var shard = Sweep.Shard.all
  /// What is printed in place of any work.
  var printed: Printed?

  /// What the program says about itself.
  enum Printed: Equatable {
    case help, version, manual
    case completions(ShellCompletions.Form)
  }

  /// Why a command line is invalid, in a sentence, and what would be right.
  struct Misuse: Error, Equatable {
    let message: String
    let remedy: String
  }

  private static let mostThreads = 4096
  /// The widths that reports can have.
  static let widths = 20...100_000

  /// Reads a command line without the program's name.
  ///
  /// Options may precede or follow the script's file; `--` ends them. What begins with `-` and a digit
  /// or a point is a number, not an option.
  init(_ words: [String]) throws(Misuse) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        for word in rest { try take(word) }
        break
      }
      if Self.isOption(word) { try takeOption(word, &rest) } else { try take(word) }
    }
    guard !isServing || [.unspecified, .standardInput].contains(source) else {
      throw Misuse(
        message: "--serve answers the commands of standard input, and there are others",
        remedy: "leave out the file or -c")
    }
    guard !isOverRanks || !isServing else {
      throw Misuse(
        message: "--mpi carries out a script, and --serve answers a program", remedy: "leave out one of them")
    }
  }

  private static func isOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
    return !(second.isNumber || second == ".")
  }

  /// A word that is not an option: the script's file, or one of its arguments.
  private mutating func take(_ word: String) throws(Misuse) {
    switch source {
    case .unspecified: source = word == "-" ? .standardInput : .file(word)
    case .commands:
      throw Misuse(
        message: "'\(word)' follows the commands of -c", remedy: "put all commands into one pair of quotes")
    case .standardInput, .file: scriptArguments.append(word)
    }
  }

  private mutating func takeOption(_ word: String, _ rest: inout ArraySlice<String>) throws(Misuse) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
    let name = word.hasPrefix("--") ? parts[0] : word
    let attached = word.hasPrefix("--") && parts.count > 1 ? parts[1] : nil
    switch name {
    case "-c":
      let text = try value(of: name, attached, &rest, example: "-c 'help'")
      guard source == .unspecified else {
        throw Misuse(message: "-c is given beside other commands", remedy: "give one: a file, '-', or -c")
      }
      source = .commands(text)
    case "--threads":
      let text = try value(of: name, attached, &rest, example: "--threads 4")
      guard let count = Int(text), (1...Self.mostThreads).contains(count) else {
        throw Misuse(
          message: "--threads takes a whole number from 1 to \(Self.mostThreads), not '\(text)'",
          remedy: "for example --threads 4")
      }
      threads = count
    case "--width":
      let text = try value(of: name, attached, &rest, example: "--width 120")
      guard let columns = Int(text), Self.widths.contains(columns) else {
        throw Misuse(
          message: "--width takes a whole number from \(Self.widths.lowerBound) to "
            + "\(Self.widths.upperBound), not '\(text)'", remedy: "for example --width 120")
      }
      width = columns
    case "--shard":
      shard = try Self.shard(try value(of: name, attached, &rest, example: "--shard 2/8"))
    case "--completions":
      let text = try value(of: name, attached, &rest, example: "--completions bash")
      guard let form = ShellCompletions.Form(rawValue: text) else {
        throw Misuse(message: "there are no completions for '\(text)'", remedy: "give bash, zsh or fish")
      }
      printed = .completions(form)
    case "--simd":
      simdLevel = try Self.level(named: try value(of: name, attached, &rest, example: "--simd avx2"))
    default: try takeSwitch(name, attached)
    }
  }

  private mutating func takeSwitch(_ name: String, _ attached: String?) throws(Misuse) {
    switch name {
    case "--json": isJSON = true
    case "--serve": isServing = true
    case "--mpi": isOverRanks = true
    case "--quiet": isQuiet = true
    case "--no-color": allowsColor = false
    case "--keep-going": keepsGoing = true
    case "--fixed-grid": isGridFixed = true
    case "--version": printed = .version
    case "--help", "-h": printed = .help
    case "--man": printed = .manual
    default:
      let closest = EditDistance.closest(to: name, among: CommandLineOption.names)
      throw Misuse(
        message: "there is no option '\(name)'",
        remedy: closest.map { "did you mean \($0)?" }
          ?? "--help shows the options; put -- before a file or argument that begins with '-'")
    }
    if let attached {
      throw Misuse(message: "\(name) takes no value, but has '\(attached)'", remedy: "write \(name) alone")
    }
  }

  /// What follows `=`, or else the next word.
  private func value(
    of name: String, _ attached: String?, _ rest: inout ArraySlice<String>, example: String
  ) throws(Misuse) -> String {
    if let attached { return attached }
    guard let next = rest.popFirst() else {
      throw Misuse(message: "\(name) needs a value", remedy: "for example \(example)")
    }
    return next
  }

  private static func shard(_ text: String) throws(Misuse) -> Sweep.Shard {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1], index >= 1, index <= count else {
      throw Misuse(
        message: "--shard takes which part of how many, not '\(text)'",
        remedy: "for example --shard 2/8, the second of eight")
    }
    return Sweep.Shard(index: index - 1, count: count)
  }

  private static func level(named name: String) throws(Misuse) -> SIMDLevel {
    let levels = [SIMDLevel.baseline, .avx2, .avx512]
    guard let level = levels.first(where: { "\($0.name.value)" == name }) else {
      throw Misuse(message: "there is no SIMD level '\(name)'", remedy: "give baseline, avx2 or avx512")
    }
    guard level.isAvailable else {
      throw Misuse(
        message: "this machine does not have the SIMD level \(name)",
        remedy: "give \(SIMDLevel.highest.name.value) or less")
    }
    return level
  }
}
