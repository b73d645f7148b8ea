// SPDX-License-Identifier: Apache-2.0

import CStraggler
import StragglerCore

/// An objective whose functions are the caller's, in C.
///
/// After a function has failed none is called any more, and values are NaN: the command that evaluates it is
/// about to end.
struct CallbackProblem: Problem {
  static var name: StaticText { "callbacks" }
  static var summary: StaticText { "functions of another program" }

  private let functions: CallbackFunctions?

  init() { functions = nil }

  init(_ functions: CallbackFunctions) { self.functions = functions }

  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}

  var dimension: Int { functions?.dimension ?? 0 }
  var conditions: Conditions { functions?.conditions ?? Conditions() }
  var evaluationCost: Double { functions?.evaluationCost ?? 1 }

  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) {
    let origin = functions?.start ?? []
    for index in x.indices { x[index] = index < origin.count ? origin[index] : 0 }
  }

  mutating func value(at x: Span<Double>) -> Double { functions?.value(at: x) ?? .nan }

  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    functions?.gradient(at: x, into: &g)
  }

  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    functions?.accumulate(weight, sample, at: x, into: &g)
  }

  mutating func accuracy(at x: Span<Double>) -> Double { functions?.accuracy(at: x) ?? .nan }
}

/// The functions of a problem, with what is known of it. Its owner keeps what they need.
@safe
final class CallbackFunctions: @unchecked Sendable {
  let dimension: Int
  /// x⁰; empty for zeros.
  let start: [Double]
  let conditions: Conditions
  let evaluationCost: Double
  private let name: String
  private let callbacks: straggler_problem
  private let fault: Fault

  /// `callbacks` has the functions that are required, and `start` as many elements as `dimension` says.
  init(_ callbacks: straggler_problem, name: String, dimension: Int, fault: Fault) {
    self.name = name
    self.dimension = dimension
    unsafe self.callbacks = unsafe callbacks
    self.fault = fault
    start =
      unsafe callbacks.start.map { start in
        unsafe Array(UnsafeBufferPointer(start: start, count: dimension))
      } ?? []
    evaluationCost = unsafe callbacks.evaluation_cost.isNaN ? 1 : callbacks.evaluation_cost
    var conditions = Conditions(dimension: dimension)
    conditions.smoothness = unsafe callbacks.smoothness
    let isExact = unsafe callbacks.stochastic_gradient == nil
    conditions.variance = unsafe isExact ? 0 : callbacks.variance
    conditions.optimum = unsafe callbacks.optimum
    conditions.isConvex = unsafe callbacks.is_convex != 0
    conditions.isHeterogeneous = unsafe callbacks.is_heterogeneous != 0
    self.conditions = conditions
  }

  /// Calls a function, unless one has failed before; false where it fails, or has.
  private func call(_ function: String, _ body: () -> Int32) -> Bool {
    if fault.hasOccurred { return false }
    let result = body()
    if result != 0 { fault.note("the function \(function) of the problem \(name) returned \(result)") }
    return result == 0
  }

  func value(at x: Span<Double>) -> Double {
    var value = Double.nan
    let isDone = call("value") {
      unsafe x.withUnsafeBufferPointer { x in
        unsafe callbacks.value(callbacks.context, x.baseAddress, &value)
      }
    }
    return isDone ? value : .nan
  }

  func accuracy(at x: Span<Double>) -> Double {
    guard let function = unsafe callbacks.accuracy else { return .nan }
    var accuracy = Double.nan
    let isDone = call("accuracy") {
      unsafe x.withUnsafeBufferPointer { x in
        unsafe function(callbacks.context, x.baseAddress, &accuracy)
      }
    }
    return isDone ? accuracy : .nan
  }

  func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    let isDone = unsafe g.withUnsafeMutableBufferPointer { g in
      unsafe x.withUnsafeBufferPointer { x in
        call("gradient") { unsafe callbacks.gradient(callbacks.context, x.baseAddress, g.baseAddress) }
      }
    }
    if !isDone { Double.fill(&g, with: .nan) }
  }

  func accumulate(_ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>) {
    guard let function = unsafe callbacks.stochastic_gradient else {
      return accumulateExact(weight, at: x, into: &g)
    }
    let isDone = unsafe g.withUnsafeMutableBufferPointer { g in
      unsafe x.withUnsafeBufferPointer { x in
        call("stochastic_gradient") {
          unsafe function(
            callbacks.context, x.baseAddress, g.baseAddress, sample.seed, Int64(sample.worker),
            Int64(sample.job), weight)
        }
      }
    }
    if !isDone { Double.fill(&g, with: .nan) }
  }

  private func accumulateExact(_ weight: Double, at x: Span<Double>, into g: inout MutableSpan<Double>) {
    var exact = [Double](repeating: 0, count: dimension)
    var span = exact.mutableSpan
    gradient(at: x, into: &span)
    Double.add(weight, exact.span, to: &g)
  }
}
