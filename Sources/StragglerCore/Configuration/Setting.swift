/// The value of a key as it reaches the core.
public enum Setting: BitwiseCopyable, Sendable {
  /// A number: `batch=32`, `stops=true` (1).
  case number(Double)
  /// A number for every worker: `trials=1+i`.
  case perWorker(Table<Double>)
  /// A name: `rule=drop`.
  case word(Text)
  /// A name with an argument: `clip=quantile(0.9)`.
  case call(Text, Double)
}

/// A key with its value.
public struct NamedSetting: BitwiseCopyable, Sendable {
  public let name: Text
  public let setting: Setting

  public init(_ name: Text, _ setting: Setting) {
    self.name = name
    self.setting = setting
  }
}

/// A parameter with a value for every worker, given once for all or one by one.
public enum PerWorker: BitwiseCopyable, Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  case same(Double)
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
