// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// An expression for γ that mentions the updates `k`, the `delay` or the time `t`, with every variable's
/// value put in.
struct StepsizeExpression: Sendable {
  let place: Place
  let schedule: StepsizeSchedule

  /// What it may mention besides variables.
  static let names = ["k", "delay", "t"]

  /// Nil where `expression` mentions none of `names`: it is a number. A variable that is called as one of
  /// them is meant there. Throws where the expression is too long.
  init?(_ expression: Expression, in environment: Environment) throws(Diagnostic) {
    guard expression.variables.contains(where: { Self.names.contains($0) && environment[$0] == nil }) else {
      return nil
    }
    var stack: [Part] = []
    for instruction in expression.code {
      switch instruction.operation {
      case .number(let number): stack.append(.number(number))
      case .variable(let name) where Self.names.contains(name) && environment[name] == nil:
        stack.append(.schedule(Self.operand(name)))
      case .variable(let name):
        guard let value = environment[name] else {
          throw expression.unknown(name, instruction, environment, Self.names)
        }
        guard case .number(let number) = value else {
          throw Diagnostic(.needsNumber, at: expression.at(instruction))
        }
        stack.append(.number(number))
      case .text where expression.looksUp, .lookup:
        throw Diagnostic(.lookupInChanging, at: expression.place)
      case .text: throw Diagnostic(.needsNumber, at: expression.at(instruction))
      case .column(let call): throw Diagnostic(.onlyForWorkers(call.rawValue), at: expression.at(instruction))
      case .unary(let operation): stack.append(stack.removeLast().applying(operation.step))
      case .function(let function):
        // The extremes of one number are that number.
        if let step = function.step { stack.append(stack.removeLast().applying(step)) }
      case .binary(let operation): Self.combine(&stack, operation.step)
      case .extreme(let function): Self.combine(&stack, function == .min ? .min : .max)
      }
    }
    guard let schedule = stack.last?.schedule, !schedule.isTooLong else {
      throw Diagnostic(
        .longStepsize(StepsizeSchedule.limit, numbers: StepsizeSchedule.constantLimit), at: expression.place)
    }
    (place, self.schedule) = (expression.place, schedule)
  }

  /// What has been computed of it: a number as long as nothing changes in it.
  private enum Part {
    case number(Double)
    case schedule(StepsizeSchedule)

    var schedule: StepsizeSchedule {
      switch self {
      case .number(let number): StepsizeSchedule(number)
      case .schedule(let schedule): schedule
      }
    }

    func applying(_ step: StepsizeSchedule.Operation) -> Part {
      switch self {
      case .number(let number): .number(step(number))
      case .schedule(let schedule): .schedule(schedule.applying(step))
      }
    }
  }

  private static func combine(_ stack: inout [Part], _ step: StepsizeSchedule.Operation) {
    let (last, first) = (stack.removeLast(), stack.removeLast())
    if case .number(let x) = first, case .number(let y) = last {
      stack.append(.number(step(x, y)))
    } else {
      stack.append(.schedule(first.schedule.applying(step, with: last.schedule)))
    }
  }

  private static func operand(_ name: String) -> StepsizeSchedule {
    name == "k" ? .updates : name == "delay" ? .delay : .time
  }

  /// The variables of `environment` that hide what a name means in `expression`.
  static func hidden(in expression: Expression, _ environment: Environment) -> [String] {
    expression.variables.filter { names.contains($0) && environment[$0] != nil }
  }

  /// What `name` means where no variable is called so.
  static func meaning(_ name: String) -> String {
    name == "k" ? "the number of updates" : name == "delay" ? "the delay of the gradient" : "the time"
  }
}
