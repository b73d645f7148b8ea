// SPDX-License-Identifier: Apache-2.0

/// Times all over the range of a law, with their probabilities, in which many workers with that law look for
/// peaks: a look costs some operations for a time, and no distribution function.
struct ClippingGrid {
  /// Four a lane; read through spans, since an element of an inline array is read by copying the array.
  private var times = InlineArray<48, SIMD4<Double>>(repeating: .zero)
  private var probabilities = InlineArray<48, SIMD4<Double>>(repeating: .zero)
  private(set) var isFilled = false

  /// For `delay` and allotted times below `time`: 63 quantiles, and from `time` down by a factor e^0.4 each.
  mutating func fill(_ delay: Delay, below time: Double) {
    for index in 0..<192 {
      let rest = Double(index - 63)
      let t = index < 63 ? delay.quantile(Double(index + 1) / 64) : time * Elementary.exp(-0.4 * rest)
      times[index / 4][index % 4] = t
      probabilities[index / 4][index % 4] = delay.cdf(t)
    }
    isFilled = true
  }

  mutating func clear() { isFilled = false }

  /// The time with the largest gain; nil where it belongs to the peak at `known`, whose gain is `height`.
  func best(for gain: ClippingGain, apartFrom known: Double, _ height: Double) -> Double? {
    let (times, probabilities) = (times.span, probabilities.span)
    var (gains, places) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    for index in times.indices {
      // `gain.at`, negative from its ceiling on.
      let value = probabilities[index] * (gain.time / (gain.tau + times[index]) - 1)
      let isBetter = value .> gains
      gains.replace(with: value, where: isBetter)
      places.replace(with: times[index], where: isBetter)
    }
    var best = 0
    for lane in 1..<4 where gains[lane] > gains[best] { best = lane }
    let t = places[best]
    let isFar = t < 0.6 * known || t > known / 0.6
    return gains[best] > height || (isFar && gains[best] > 0) ? t : nil
  }
}
