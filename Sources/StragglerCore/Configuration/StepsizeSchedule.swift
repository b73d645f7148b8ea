// SPDX-License-Identifier: Apache-2.0

/// A stepsize γ that changes from update to update: an expression in k, the updates so far, the delay of the
/// gradient that makes the update, and the time t.
///
///     let falling: StepsizeSchedule = 0.1 / (1 + .updates).squareRoot()
///     let adaptive: StepsizeSchedule = 0.1 / (1 + .delay)
///
/// It is a program in postfix order that has room for `limit` operands and operators, of which
/// `constantLimit` are numbers: a value without memory of its own, whose value depends on nothing but k, δ
/// and t, on every machine.
public struct StepsizeSchedule: BitwiseCopyable, Sendable {
  /// The most operands and operators.
  public static let limit = 64
  /// The most numbers among them.
  public static let constantLimit = 16

  /// What a step of the program does: it puts an operand on the stack, or replaces one or two on top of it.
  public enum Operation: UInt8, BitwiseCopyable, Sendable {
    // Operands
    /// A number.
    case constant
    /// k.
    case updates
    /// δ.
    case delay
    /// t, in seconds.
    case time
    // Of one operand, x
    /// −x.
    case negate
    /// 1 where x is 0, else 0.
    case not
    /// √x.
    case squareRoot
    /// ln x.
    case log
    /// eˣ.
    case exp
    /// |x|.
    case abs
    /// ⌊x⌋.
    case floor
    /// ⌈x⌉.
    case ceil
    /// log₂ x.
    case log2
    /// log₁₀ x.
    case log10
    /// The whole number nearest to x; of two, the one farther from 0.
    case round
    // Of two, x and y
    /// 1 where x or y is not 0, else 0.
    case or
    /// 1 where neither x nor y is 0, else 0.
    case and
    /// 1 where x = y, else 0.
    case equal
    /// 1 where x ≠ y, else 0.
    case notEqual
    /// 1 where x < y, else 0.
    case less
    /// 1 where x ≤ y, else 0.
    case lessOrEqual
    /// 1 where x > y, else 0.
    case greater
    /// 1 where x ≥ y, else 0.
    case greaterOrEqual
    /// x + y.
    case add
    /// x − y.
    case subtract
    /// xy.
    case multiply
    /// x/y.
    case divide
    /// x to the power of y.
    case power
    /// The smaller of x and y.
    case min
    /// The larger of x and y.
    case max
  }

  private var codes: InlineArray<64, UInt8> = InlineArray(repeating: 0)
  private var constants: InlineArray<16, Double> = InlineArray(repeating: 0)
  /// How many operands and operators there are; beyond `limit` where they did not fit.
  public private(set) var count = 0
  private var constantCount = 0

  private init() {}

  /// Always `value`.
  public init(_ value: Double) {
    append(.constant)
    constants[0] = value
    constantCount = 1
  }

  private init(_ operand: Operation) { append(operand) }

  /// k, the number of updates before the one that is made.
  public static var updates: StepsizeSchedule { StepsizeSchedule(.updates) }
  /// δ, the delay of the gradient whose arrival makes the update: 0 for methods that use only gradients at
  /// the newest point.
  public static var delay: StepsizeSchedule { StepsizeSchedule(.delay) }
  /// t, the time of the update in seconds.
  public static var time: StepsizeSchedule { StepsizeSchedule(.time) }

  /// Whether it has more than `limit` operands and operators, or more than `constantLimit` numbers; it then
  /// has no value.
  public var isTooLong: Bool { count > Self.limit }

  /// Step number `index` of the program, from 0, with its number where it is a constant, of which
  /// `constantsBefore` come before it.
  public func step(_ index: Int, constantsBefore: Int) -> (operation: Operation, constant: Double) {
    let operation = Operation(rawValue: codes[index]) ?? .constant
    return (operation, operation == .constant ? constants[constantsBefore] : 0)
  }

  private mutating func append(_ operation: Operation) {
    if count < Self.limit { codes[count] = operation.rawValue }
    count += 1
  }

  private mutating func append(_ other: StepsizeSchedule) {
    guard !isTooLong, !other.isTooLong, constantCount + other.constantCount <= Self.constantLimit else {
      count = Self.limit + 1
      return
    }
    for index in 0..<other.count { append(Operation(rawValue: other.codes[index]) ?? .constant) }
    for index in 0..<other.constantCount { constants[constantCount + index] = other.constants[index] }
    constantCount += other.constantCount
  }

  /// The schedule with an operation on its value.
  public func applying(_ operation: Operation) -> StepsizeSchedule {
    var result = self
    result.append(operation)
    return result
  }

  /// The schedule with an operation on its value and that of `other`.
  public func applying(_ operation: Operation, with other: StepsizeSchedule) -> StepsizeSchedule {
    var result = self
    result.append(other)
    result.append(operation)
    return result
  }
}

extension StepsizeSchedule: Equatable {
  /// Whether both are the same program.
  @_documentation(visibility: internal)
  public static func == (a: StepsizeSchedule, b: StepsizeSchedule) -> Bool {
    guard a.count == b.count, a.constantCount == b.constantCount else { return false }
    for index in 0..<Swift.min(a.count, limit) where a.codes[index] != b.codes[index] { return false }
    for index in 0..<a.constantCount where a.constants[index].bitPattern != b.constants[index].bitPattern {
      return false
    }
    return true
  }
}

extension StepsizeSchedule: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self.init(value) }
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}

extension StepsizeSchedule {
  /// The sum of both.
  public static func + (a: StepsizeSchedule, b: StepsizeSchedule) -> StepsizeSchedule {
    a.applying(.add, with: b)
  }
  /// The difference of both.
  public static func - (a: StepsizeSchedule, b: StepsizeSchedule) -> StepsizeSchedule {
    a.applying(.subtract, with: b)
  }
  /// The product of both.
  public static func * (a: StepsizeSchedule, b: StepsizeSchedule) -> StepsizeSchedule {
    a.applying(.multiply, with: b)
  }
  /// The quotient of both.
  public static func / (a: StepsizeSchedule, b: StepsizeSchedule) -> StepsizeSchedule {
    a.applying(.divide, with: b)
  }

  /// The square root.
  public func squareRoot() -> StepsizeSchedule { applying(.squareRoot) }
  /// The schedule to the power of `exponent`.
  public func power(_ exponent: StepsizeSchedule) -> StepsizeSchedule { applying(.power, with: exponent) }
}
