// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The functions that expressions can call.
enum Function: String, CaseIterable, Sendable {
  case sqrt, log, exp, abs, floor, ceil, min, max, log2, log10, round

  static let names = allCases.map(\.rawValue)

  /// Whether it takes one argument or more, and not exactly one.
  var isVariadic: Bool { self == .min || self == .max }

  /// What it gives, for the reference page.
  var summary: String {
    switch self {
    case .sqrt: "square root"
    case .log: "natural logarithm"
    case .exp: "e to the power of x"
    case .abs: "absolute value"
    case .floor: "the next integer below"
    case .ceil: "the next integer above"
    case .min: "the smallest of any number of arguments"
    case .max: "the largest of any number of arguments"
    case .log2: "logarithm to base 2"
    case .log10: "logarithm to base 10"
    case .round: "the nearest integer, halves away from 0"
    }
  }

  /// Of one argument; `min` and `max` of one are the argument itself.
  func callAsFunction(_ x: Double) -> Double { step.map { $0(x) } ?? x }

  /// Of two arguments, for `min` and `max`. What is no number stays none.
  func callAsFunction(_ x: Double, _ y: Double) -> Double {
    let step = self == .min ? StepsizeSchedule.Operation.min : .max
    return step(x, y)
  }

  /// The same in the core's programs. Nil for `min` and `max`, which have any number of arguments.
  var step: StepsizeSchedule.Operation? {
    switch self {
    case .sqrt: .squareRoot
    case .log: .log
    case .exp: .exp
    case .abs: .abs
    case .floor: .floor
    case .ceil: .ceil
    case .log2: .log2
    case .log10: .log10
    case .round: .round
    case .min, .max: nil
    }
  }
}
