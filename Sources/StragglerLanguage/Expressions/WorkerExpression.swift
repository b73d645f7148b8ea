// SPDX-License-Identifier: Apache-2.0

/// An expression in the worker's index `i` (from 1) and the number of workers `n`, with every variable's
/// value put in; for links also in the index `j` of the node at the other end. Made for evaluating it for a
/// million workers.
struct WorkerExpression: Sendable {
  let place: Place
  private let steps: [Step]
  private let depth: Int
  /// Whether it is about a link from node `i` to node `j`.
  let isOfLinks: Bool
  /// What the steps `column` give.
  let columns: [any WorkerColumn]

  private enum Step {
    case constant(Double)
    case worker
    case other
    case fleet
    case unary(UnaryOperator)
    case binary(BinaryOperator)
    case squareRoot
    case function(Function)
    case extreme(Function)
    case column(Int)
  }

  /// Puts the values of `environment` in; `i` and `n` are the worker's own whatever it holds under these
  /// names, as is `j` where it is `ofLinks`. `column` gives what calls such as `draw(…)` mean; without it
  /// they have no place.
  init(
    _ expression: Expression, in environment: Environment, ofLinks: Bool = false,
    column: ((WorkerCall, Place) throws(Diagnostic) -> any WorkerColumn)? = nil
  ) throws(Diagnostic) {
    isOfLinks = ofLinks
    var columns: [any WorkerColumn] = []
    var steps: [Step] = []
    for instruction in expression.code {
      switch instruction.operation {
      case .number(let number): steps.append(.constant(number))
      case .variable("i"): steps.append(.worker)
      case .variable("n"): steps.append(.fleet)
      case .variable("j") where ofLinks: steps.append(.other)
      case .variable(let name):
        guard let value = environment[name] else {
          throw expression.unknown(name, instruction, environment, ofLinks ? ["i", "j", "n"] : ["i", "n"])
        }
        guard case .number(let number) = value else {
          throw Diagnostic(.needsNumber, at: expression.at(instruction))
        }
        steps.append(.constant(number))
      case .text where expression.looksUp, .lookup: throw Diagnostic(.lookupForWorkers, at: expression.place)
      case .text: throw Diagnostic(.needsNumber, at: expression.at(instruction))
      case .unary(let operation): steps.append(.unary(operation))
      case .binary(let operation): steps.append(.binary(operation))
      case .function(.sqrt): steps.append(.squareRoot)
      case .function(let function): steps.append(.function(function))
      case .extreme(let function): steps.append(.extreme(function))
      case .column(let call):
        let place = expression.at(instruction)
        guard let column else { throw Diagnostic(.onlyForWorkers(call.rawValue), at: place) }
        steps.append(.column(columns.count))
        columns.append(try column(call, place))
      }
    }
    self.columns = columns
    self.steps = steps
    depth = expression.depth
    place = expression.place
  }

  /// Whether all workers have the same value.
  var isConstant: Bool {
    !steps.contains {
      switch $0 {
      case .worker, .other, .column: true
      default: false
      }
    }
  }

  /// Whether the value depends on the number of workers.
  var mentionsFleet: Bool { steps.contains { if case .fleet = $0 { true } else { false } } }

  /// The values of `workers` (from 1) in `fleet`. O(workers · length)
  func values(of workers: ClosedRange<Int>, in fleet: FleetFacts) throws(Diagnostic) -> [Double] {
    guard !columns.isEmpty else { return values(of: workers, in: fleet.count) }
    var given: [[Double]] = []
    for column in columns { given.append(try column.values(of: workers, in: fleet)) }
    var stack = [Double](repeating: 0, count: max(2, depth))
    return workers.map { worker in
      let own = given.map { $0[worker - workers.lowerBound] }
      return evaluate(Double(worker), Double(fleet.count), &stack, columns: own)
    }
  }

  /// The values of `workers` (from 1) in a fleet of `count`, without columns. O(workers · length)
  func values(of workers: ClosedRange<Int>, in count: Int) -> [Double] {
    if isConstant {
      return [Double](repeating: evaluate(workers.lowerBound, count), count: workers.count)
    }
    var stack = [Double](repeating: 0, count: max(2, depth))
    return workers.map { evaluate(Double($0), Double(count), &stack) }
  }

  /// The value of one worker (from 1) in a fleet of `count`.
  func evaluate(_ worker: Int, _ count: Int) -> Double {
    var stack = [Double](repeating: 0, count: max(2, depth))
    return evaluate(Double(worker), Double(count), &stack)
  }

  /// The value of the link from one node to another (from 1) among `count`.
  func evaluate(from node: Int, to other: Int, _ count: Int) -> Double {
    var stack = [Double](repeating: 0, count: max(2, depth))
    return evaluate(Double(node), Double(count), &stack, other: Double(other))
  }

  private func evaluate(
    _ worker: Double, _ count: Double, _ stack: inout [Double], other: Double = .nan,
    columns: [Double] = []
  ) -> Double {
    // The newest operand is kept out of the stack: most steps touch nothing else.
    var (top, height) = (0.0, -1)
    for step in steps {
      switch step {
      case .constant(let number): push(&top, &height, &stack, number)
      case .worker: push(&top, &height, &stack, worker)
      case .other: push(&top, &height, &stack, other)
      case .fleet: push(&top, &height, &stack, count)
      case .column(let index):
        push(&top, &height, &stack, columns.indices.contains(index) ? columns[index] : .nan)
      case .unary(let operation): top = operation(top)
      case .squareRoot: top = top.squareRoot()
      case .function(let function): top = function(top)
      case .binary(let operation):
        height -= 1
        top = operation(stack[height], top)
      case .extreme(let function):
        height -= 1
        top = function(stack[height], top)
      }
    }
    return top
  }

  @inline(__always)
  private func push(_ top: inout Double, _ height: inout Int, _ stack: inout [Double], _ value: Double) {
    if height >= 0 { stack[height] = top }
    height += 1
    top = value
  }
}
