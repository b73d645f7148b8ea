// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// The value of a key as given by the user.
public enum SettingValue: Equatable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
  /// A number; `true` is 1 and `false` 0.
  case number(Double)
  /// A number for every worker.
  case perWorker([Double])
  /// Several numbers, such as `[128, 64]`.
  case list([Double])
  /// A name, such as `median`, or the path of a file.
  case word(String)
  /// A name with arguments, such as `quantile(0.9)`.
  case call(String, [Double])
  /// A stepsize that changes from update to update.
  case schedule(StepsizeSchedule)

  public init(floatLiteral value: Double) { self = .number(value) }
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(stringLiteral value: String) { self = .word(value) }
  public init(booleanLiteral value: Bool) { self = .number(value ? 1 : 0) }
}

/// Keys with their values.
public typealias Settings = [String: SettingValue]
