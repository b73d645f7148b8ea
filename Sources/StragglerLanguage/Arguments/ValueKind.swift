// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// How an argument is read.
enum ValueKind: Sendable {
  /// An expression that gives a number.
  case number
  /// A number of at least 0.
  case nonnegative
  /// A number above 0.
  case positive
  /// An expression that gives an integer in a range.
  case integer(ClosedRange<Int>)
  /// A whole number below 2⁶⁴.
  case seed
  /// `true` or `false`.
  case flag
  /// One of some words.
  case word(WordSet)
  /// An expression in the worker's index `i` and the number of workers `n`.
  case perWorker
  /// A number above 0, or an expression in the updates `k`, the `delay` and the time `t` that gives one.
  case stepsize
  /// An expression in the nodes `i` and `j` of a link from one to the other, and the number of nodes `n`.
  case perLink
  case distribution
  /// What a speed or availability is over time: one of some forms, or, where it says so, an expression for
  /// each worker.
  case schedule([Schedule.Form], orNumber: Bool)
  case list
  /// An expression that gives an integer, or a list of them.
  case integers
  /// The name of a file, in quotes or without; with quotes it is an expression that gives a text.
  case path
  /// The same, never without quotes: an expression that gives a text, or a variable that holds one. Other
  /// arguments are not meant for it.
  case quotedPath
  /// A number of workers N, or some of them A..B.
  case workers
  /// A name, or a variable that holds one.
  case name
  /// The title of a column of a table, or its number from 1.
  case column
  /// An expression that gives a number or a text.
  case value
  /// A string, an expression, or any other text, which stands for itself.
  case text

  /// What an error or a page of help calls it.
  var name: String {
    switch self {
    case .number: "a number"
    case .nonnegative: "a number of at least 0"
    case .positive: "a number above 0"
    case .integer(let range):
      range.upperBound >= ValueKind.largestInteger
        ? "an integer of at least \(range.lowerBound)"
        : "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .seed: "an integer from 0 to 18446744073709551615"
    case .flag: "true or false"
    case .word: "a word"
    case .perWorker: "an expression, in which i is the worker from 1 and n their number"
    case .stepsize: "a number, or an expression in k, delay and t"
    case .perLink: "an expression, in which a link goes from node i to node j of n, from 1"
    case .distribution: "a distribution, such as exponential(1)"
    case .schedule(let forms, let isNumber):
      (isNumber ? "a number or " : "") + forms.map(\.usage).joined(separator: ", ")
    case .list: "a list, [a, b] or A..B"
    case .integers: "an integer, or a list of them"
    case .path: "a file"
    case .quotedPath: "a file in quotes"
    case .workers: "a number of workers, some of them (A..B), or a table in quotes"
    case .name: "a name"
    case .column: "the title of a column, or its number"
    case .value: "an expression"
    case .text: "anything"
    }
  }

  /// The largest integer up to which all are exact in doubles.
  static let largestInteger = 1 << 53 - 1

  /// The largest fleet.
  static let mostWorkers = 10_000_000

  static let count = ValueKind.integer(1...largestInteger)
}

/// A set of words that an argument can be.
indirect enum WordSet: Sendable {
  case fixed([String])
  case problems, methods
  /// Commands, problems, methods, laws, and others.
  case topics([String])
  /// Methods, and in quotes also with keys of their own, which are read as those of a command:
  /// `"asgrad order=pure"`.
  case settings(CommandDescription)

  func words(_ table: CommandTable, _ catalogue: Catalogue) -> [String] {
    switch self {
    case .fixed(let words): words
    case .problems: catalogue.problems.map(\.name)
    case .methods, .settings: catalogue.methods.map(\.name)
    case .topics(let others):
      table.commands.map(\.name) + others + catalogue.problems.map(\.name)
        + catalogue.methods.map(\.name) + catalogue.laws.map(\.name)
    }
  }

  /// What an error calls one of them; nil where they have no name of their own.
  var noun: String? {
    switch self {
    case .fixed: nil
    case .problems: "problem"
    case .methods, .settings: "method"
    case .topics: "topic"
    }
  }
}

extension Quantity {
  /// What a trace holds, and what conditions can be about.
  static let names = allCases.map(\.rawValue)
}

extension CommandKey {
  /// A key of a problem or method.
  init(_ key: Key) {
    let kind: ValueKind =
      switch key.kind {
      case .number, .integer: .number
      case .stepsize: .stepsize
      case .integers: .integers
      case .flag: .flag
      case .word: .word(.fixed(key.words))
      case .perWorker, .clip: .perWorker
      case .wordOrPath, .path: .path
      }
    // true and false are numbers.
    let words = key.kind == .flag ? [] : key.words
    self.init(
      key.name, formerly: key.former, kind, words: words + ["auto"], key.summary, standard: key.standard)
  }
}
