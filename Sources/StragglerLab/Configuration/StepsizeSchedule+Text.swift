// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

extension StepsizeSchedule {
  /// The expression as the command language reads it.
  public var text: String {
    var stack: [String] = []
    var constants = 0
    for index in 0..<Swift.min(count, Self.limit) {
      let (operation, constant) = step(index, constantsBefore: constants)
      switch operation {
      case .constant:
        stack.append(Int(exactly: constant).map { String($0) } ?? NumberText.exact(constant))
        constants += 1
      case .updates: stack.append("k")
      case .delay: stack.append("delay")
      case .time: stack.append("t")
      default:
        let last = stack.popLast() ?? ""
        switch operation.word {
        case .prefix(let sign): stack.append("(\(sign)\(last))")
        case .call(let name): stack.append("\(name)(\(last))")
        case .infix(let sign): stack.append("(\(stack.popLast() ?? "")\(sign)\(last))")
        case .pair(let name): stack.append("\(name)(\(stack.popLast() ?? ""),\(last))")
        }
      }
    }
    return stack.last ?? ""
  }
}

/// How an operation is written.
private enum OperationWord {
  case prefix(String)
  case call(String)
  case infix(String)
  case pair(String)
}

extension StepsizeSchedule.Operation {
  fileprivate var word: OperationWord {
    switch self {
    case .negate: .prefix("-")
    case .not: .prefix("not ")
    case .squareRoot: .call("sqrt")
    case .or: .infix(" or ")
    case .and: .infix(" and ")
    case .equal: .infix("==")
    case .notEqual: .infix("!=")
    case .less: .infix("<")
    case .lessOrEqual: .infix("<=")
    case .greater: .infix(">")
    case .greaterOrEqual: .infix(">=")
    case .add: .infix("+")
    case .subtract: .infix("-")
    case .multiply: .infix("*")
    case .divide: .infix("/")
    case .power: .infix("^")
    case .min: .pair("min")
    case .max: .pair("max")
    case .constant, .updates, .delay, .time, .log, .exp, .abs, .floor, .ceil, .log2, .log10, .round:
      .call("\(self)")
    }
  }
}
