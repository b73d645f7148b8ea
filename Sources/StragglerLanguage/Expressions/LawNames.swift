// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// The names of distributions.
enum LawNames {
  static let trace = "trace"
  static let mixture = "mixture"

  /// Those that are made from more than numbers, and how they are written.
  static let others = [
    ("trace(\"FILE\",replay)", "durations from a file, in order; or with bootstrap, drawn from them"),
    ("mixture(p,law,law)", "the first law with probability p, otherwise the second"),
  ]

  /// All that can be written as a distribution.
  static func all(_ laws: [LawEntry]) -> [String] { laws.map(\.name) + [trace, mixture] }
}

extension LawEntry {
  /// What a number by itself is.
  static let constant = library[0]
}
