// SPDX-License-Identifier: Apache-2.0

/// Newton's method for a monotone function of u = ln t, kept inside a bracket: how quantiles without a
/// formula are found.
enum LogNewton {
  /// The t = eᵘ with value(u) = 0, where `function` gives value and slope at u. About 6 evaluations, at most
  /// 100.
  ///
  /// A root outside of `lowest`…`highest` gives the nearer end.
  static func solve(
    start: Double, lowest: Double, highest: Double, increasing: Bool,
    _ function: (Double) -> (value: Double, slope: Double)
  ) -> Double {
    var (low, high) = (lowest, highest)
    var u = start > low && start < high ? start : 0.5 * (low + high)
    var evaluations = 0
    while evaluations < 100 {
      evaluations += 1
      let (value, slope) = function(u)
      if value == 0 { break }
      // An infinite value has a useless slope but a good sign.
      if (value > 0) == increasing { high = u } else { low = u }
      let step = -value / slope
      // The last step is taken on t itself, which is finer than u.
      if step.magnitude < 1e-9 { return Elementary.exp(u) * (1 + step) }
      u += step
      if !(u > low && u < high) {
        u = 0.5 * (low + high)
        if !(u > low && u < high) { break }
      }
    }
    return Elementary.exp(u)
  }
}
