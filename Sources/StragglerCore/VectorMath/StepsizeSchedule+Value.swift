// SPDX-License-Identifier: Apache-2.0

// The value of a schedule, with functions of our own, so that it has the same bits everywhere.

extension StepsizeSchedule {
  /// γ of the update after k others, at `time`, which a gradient of delay `delay` makes; NaN where the
  /// schedule has none. O(length), without allocation.
  public func value(updates k: Int, delay: Int, time: Double) -> Double {
    guard !isTooLong else { return .nan }
    var stack: InlineArray<64, Double> = InlineArray(repeating: 0)
    var (height, constants) = (0, 0)
    for index in 0..<count {
      let (operation, constant) = step(index, constantsBefore: constants)
      switch operation {
      case .constant:
        stack[height] = constant
        constants += 1
        height += 1
      case .updates, .delay, .time:
        stack[height] = operation == .time ? time : Double(operation == .delay ? delay : k)
        height += 1
      case .negate, .not, .squareRoot, .log, .exp, .abs, .floor, .ceil, .log2, .log10, .round:
        guard height > 0 else { return .nan }
        stack[height - 1] = operation.callAsFunction(stack[height - 1])
      default:
        guard height > 1 else { return .nan }
        height -= 1
        stack[height - 1] = operation.callAsFunction(stack[height - 1], stack[height])
      }
    }
    return height == 1 ? stack[0] : .nan
  }
}

extension StepsizeSchedule.Operation {
  /// Of one operand; truth is any number but 0, and NaN is not true.
  public func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .negate: -x
    case .not: Self.isTrue(x) ? 0 : 1
    case .squareRoot: x.squareRoot()
    case .log: Elementary.log(x)
    case .exp: Elementary.exp(x)
    case .abs: x.magnitude
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .log2: Elementary.log2(x)
    case .log10: Elementary.log10(x)
    case .round: x.rounded(.toNearestOrAwayFromZero)
    default: .nan
    }
  }

  /// Of two operands; comparisons and logic give 1 or 0, and the extremes of what is no number are none.
  public func callAsFunction(_ x: Double, _ y: Double) -> Double {
    switch self {
    case .or: Self.isTrue(x) || Self.isTrue(y) ? 1 : 0
    case .and: Self.isTrue(x) && Self.isTrue(y) ? 1 : 0
    case .equal: x == y ? 1 : 0
    case .notEqual: x != y ? 1 : 0
    case .less: x < y ? 1 : 0
    case .lessOrEqual: x <= y ? 1 : 0
    case .greater: x > y ? 1 : 0
    case .greaterOrEqual: x >= y ? 1 : 0
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .power: Elementary.pow(x, y)
    case .min: x != x || y != y ? .nan : Swift.min(x, y)
    case .max: x != x || y != y ? .nan : Swift.max(x, y)
    default: .nan
    }
  }

  private static func isTrue(_ x: Double) -> Bool { x != 0 && x == x }
}
