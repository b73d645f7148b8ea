// SPDX-License-Identifier: Apache-2.0

/// Why a law of durations, or a recording of them, is refused.
public struct DelayError: Error, Equatable, Sendable {
  /// The law's name in the command language.
  public let law: StaticText
  /// The parameter that is wrong.
  public let parameter: StaticText
  /// What would be right.
  public let expected: StaticText

  /// An error about `parameter` of `law`, where `expected` would be right.
  public init(law: StaticText, parameter: StaticText, expected: StaticText) {
    self.law = law
    self.parameter = parameter
    self.expected = expected
  }
}
