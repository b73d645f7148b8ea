// SPDX-License-Identifier: Apache-2.0

/// Why a configuration cannot run. The core has no strings: the module that shows the error words it.
public enum SetupError: Error, Equatable, Sendable {
  /// The arena is too small, or the configuration needs more memory than can be addressed.
  case outOfMemory
  /// The value given for `key` is out of its range; `expected` says what would be right.
  case invalid(key: StaticText, expected: StaticText)
  /// `key` was left to the theory, which needs the constant `missing` of the problem and cannot know it here.
  case noTheory(key: StaticText, missing: ProblemConstant)
  /// `key` was left to the theory, whose value is above `limit`.
  case excessive(key: StaticText, limit: StaticText)
  /// A slice of a long search is done. This is no failure: preparing once more continues the search.
  case unfinished
  /// A coordinate of the model that a run would start from, from 0, is infinite or no number.
  case notFinite(coordinate: Int)
  /// The combination is invalid; `remedy` says what to do.
  case impossible(StaticText, remedy: StaticText)
}

/// Text known at compile time.
///
/// A `StaticString` that can be compared; the core has no other text.
public struct StaticText: Equatable, Sendable, ExpressibleByStringLiteral {
  /// The text itself, in UTF-8.
  public let value: StaticString

  @inlinable public init(stringLiteral value: StaticString) { self.value = value }
  /// The text `value`, for where a literal does not do.
  @inlinable public init(_ value: StaticString) { self.value = value }
}
