// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Finite durations to which a law is fitted, in ascending order, with the sums that the estimators need.
struct FitSample {
  let values: [Double]
  /// ln of the values; empty where one is not positive.
  let logs: [Double]
  let mean: Double
  /// E η², about 0.
  let meanSquare: Double
  /// Called before every pass through the values: where it returns true, sums over them are NaN, and fits
  /// end.
  let interrupted: () -> Bool

  /// `values` in ascending order, at least one, all finite and not negative.
  init(_ values: [Double], interrupted: @escaping () -> Bool = { false }) {
    self.values = values
    self.interrupted = interrupted
    var (sum, squares) = (CompensatedSum(0), CompensatedSum(0))
    for value in values {
      sum.add(value)
      squares.add(value * value)
    }
    mean = sum.value / Double(values.count)
    meanSquare = squares.value / Double(values.count)
    logs = (values.first ?? 0) > 0 ? values.map { Elementary.log($0) } : []
  }

  var count: Double { Double(values.count) }
  var isPositive: Bool { !logs.isEmpty }
  var isWhole: Bool { values.allSatisfy { $0.rounded(.down) == $0 && $0 <= 0x1p53 } }

  /// The mean of `body` over the values.
  func average(_ body: (Double) -> Double) -> Double {
    if interrupted() { return .nan }
    var sum = CompensatedSum(0)
    for value in values { sum.add(body(value)) }
    return sum.value / count
  }

  /// The sum of ln of the density of `law`.
  func logLikelihood(_ law: Delay) -> Double {
    if interrupted() { return .nan }
    var sum = CompensatedSum(0)
    for value in values { sum.add(law.logDensity(value)) }
    return sum.value
  }
}
