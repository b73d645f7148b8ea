// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// The allotted time that makes `gain` largest, from the peak at `known` and the best time of `grid`.
  func clip(for gain: ClippingGain, known: Double, _ grid: borrowing ClippingGrid) -> Double {
    let height = gain.at(known, cdf(known))
    guard let candidate = grid.best(for: gain, apartFrom: known, height) else { return known }
    let other = clip(for: gain, near: ClippingStart(time: candidate, change: 1))
    return gain.at(other, cdf(other)) > height ? other : known
  }
}
