// SPDX-License-Identifier: Apache-2.0

/// The value of a key as it reaches the core.
public enum Setting: BitwiseCopyable, Sendable {
  /// A number: `batch=32`, `stops=true` (1).
  case number(Double)
  /// A number for every worker: `trials=1+i`.
  case perWorker(Table<Double>)
  /// Several numbers: `hidden=[128,64]`.
  case list(Table<Double>)
  /// A name: `rule=drop`.
  case word(Text)
  /// A name with arguments: `clip=quantile(0.9)`.
  case call(Text, Table<Double>)
  /// A stepsize that changes: `gamma=0.1/sqrt(1+k)`.
  case schedule(StepsizeSchedule)
}

extension Setting {
  /// The name and the argument of a call with one; nil for what is none.
  var asCall: (name: Text, argument: Double)? {
    guard case .call(let name, let arguments) = self, arguments.count == 1 else { return nil }
    return (name, arguments[0])
  }

  /// The number that it is; NaN where it is none, which is out of every range.
  var asNumber: Double { if case .number(let number) = self { number } else { .nan } }

  /// The positive integer of at most 2⁵³ that it is; 0 where it is none.
  var asCount: Int {
    let number = asNumber
    return number >= 1 && number <= 0x1p53 && number.rounded(.down) == number ? Int(whole: number) : 0
  }
}

extension Int {
  /// A whole number of at most 2⁵³, or the largest `Int` where that is less, as in 32 bits.
  init(whole number: Double) { self = number < Double(Int.max) ? Int(number) : .max }
}

/// A key with its value.
public struct NamedSetting: BitwiseCopyable, Sendable {
  /// The key that was named; whether a method or problem has it shows when its keys are bound.
  public let name: Text
  /// What was given for it.
  public let setting: Setting

  /// A key with its value; the memory of both texts and of a table stays the caller's.
  public init(_ name: Text, _ setting: Setting) {
    self.name = name
    self.setting = setting
  }
}

/// A parameter with a value for every worker, given once for all or one by one.
public enum PerWorker: BitwiseCopyable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// One value for all workers.
  case same(Double)
  /// Element i is the value of worker i, from 0; as long as the fleet, in the caller's memory.
  case each(Table<Double>)

  public init(floatLiteral value: Double) { self = .same(value) }
  public init(integerLiteral value: Int) { self = .same(Double(value)) }

  /// The value of worker `worker` (from 0).
  public subscript(worker: Int) -> Double {
    switch self {
    case .same(let value): value
    case .each(let values): values[worker]
    }
  }
}
