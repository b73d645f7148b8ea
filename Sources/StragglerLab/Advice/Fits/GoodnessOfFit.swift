// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// How far a law is from the durations that it was fitted to.
public struct GoodnessOfFit: Sendable, Equatable {
  /// D = sup |Fₙ − F|, the statistic of Kolmogorov and Smirnov.
  public let kolmogorov: Double
  /// A² of Anderson and Darling, which weights the tails too; NaN for laws with atoms.
  public let anderson: Double

  /// `values` in ascending order; where `interrupted` holds, which is called every few thousand of them,
  /// the rest is left out.
  init(_ law: Delay, _ values: [Double], interrupted: () -> Bool = { false }) {
    let count = Double(values.count)
    let hasAtoms = law.isDiscrete
    var (distance, tails) = (0.0, 0.0)
    for (index, value) in values.enumerated() {
      if index % 4_096 == 4_095, interrupted() { break }
      let probability = law.cdf(value)
      // Of equal values the last one has what is at most that value, the first one what is below it.
      if index + 1 == values.count || values[index + 1] > value {
        distance = max(distance, (Double(index + 1) / count - probability).magnitude)
      }
      if !hasAtoms, index == 0 || values[index - 1] < value {
        distance = max(distance, (probability - Double(index) / count).magnitude)
      }
      let mirrored = 1 - law.cdf(values[values.count - 1 - index])
      let logs = Elementary.log(max(probability, 1e-300)) + Elementary.log(max(mirrored, 1e-17))
      tails += Double(2 * index + 1) * logs
    }
    kolmogorov = distance
    anderson = hasAtoms ? .nan : -count - tails / count
  }

  /// Whether D is beyond 1.36/√m, the 5 % point for a law that was not fitted: a fitted one that exceeds it
  /// is wrong.
  public func isRejected(count: Int) -> Bool { kolmogorov * Double(count).squareRoot() > 1.36 }
}
