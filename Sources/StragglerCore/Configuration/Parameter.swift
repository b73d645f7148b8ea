// SPDX-License-Identifier: Apache-2.0

/// A parameter of a method: a value that was given, or the one that the method's theorem has for it.
///
///     rennala.gamma = 0.5
///     rennala.gamma = .theory
///     rennala.gamma.given = measured
///
/// A method declares it as `public var gamma = Parameter<Double>.theory`, sets `gamma = try gamma.or(…)` in
/// `prepare`, and computes with `gamma.value`.
public struct Parameter<Value: BitwiseCopyable & Sendable & Comparable & AdditiveArithmetic>: BitwiseCopyable,
  Sendable
{
  /// What was given; nil where the parameter is left to the theory.
  public var given: Value? {
    didSet { value = given ?? .zero }
  }
  /// The value in force: the one that was given, or, once the method is prepared, the theory's; zero before.
  public private(set) var value: Value

  /// A parameter that has the value `given`.
  public init(_ given: Value) { (self.given, value) = (given, given) }

  private init(given: Value?, value: Value) { (self.given, self.value) = (given, value) }

  /// A parameter that is left to the theory.
  public static var theory: Parameter { Parameter(given: nil, value: .zero) }

  /// The parameter with its value in force: `theory()` where none was given.
  ///
  /// Throws `impossible` for a given value that is not positive, or, where it `allowsZero`, that is negative.
  public func or(
    _ theory: @autoclosure () throws(SetupError) -> Value, allowsZero: Bool = false
  ) throws(SetupError) -> Parameter {
    if let given {
      guard given > .zero || (allowsZero && given == .zero) else {
        throw .impossible(
          "a method with a parameter that is out of range", remedy: "give a positive value, or none")
      }
      return Parameter(given)
    }
    return Parameter(given: nil, value: try theory())
  }
}

extension Parameter: ExpressibleByIntegerLiteral where Value: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Value.IntegerLiteralType) { self.init(Value(integerLiteral: value)) }
}

extension Parameter: ExpressibleByFloatLiteral where Value: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Value.FloatLiteralType) { self.init(Value(floatLiteral: value)) }
}
