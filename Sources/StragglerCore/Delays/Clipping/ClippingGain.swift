// SPDX-License-Identifier: Apache-2.0

/// Where a search for the best allotted time starts: at a time that was best for a similar worker or T.
struct ClippingStart {
  let time: Double
  /// How far away, in ln t, the best time is expected.
  let spread: Double

  init(time: Double, spread: Double) { (self.time, self.spread) = (time, spread) }

  /// From `time`, τ or T having changed by about the factor 1 + `change` since.
  init(time: Double, change: Double) {
    self.time = time
    spread = change.magnitude < 0x1p-4 ? max(change.magnitude, 0x1p-30) : 0x1p-4
  }
}

/// What a worker contributes within `time` T when its trials are given up after an allotted time t:
/// F(t)(T/(τ + t) − 1) successes, F being the distribution function of η. For T = ∞ it is successes a
/// second.
///
/// Laws look for their best t with it. In logarithms, x = ln t, the second factor is concave: where ln F is,
/// too, there is one peak, found from the slopes alone: it is where the elasticity d ln F/dx falls below t
/// T/((τ+t)(T−τ−t)).
struct ClippingGain {
  /// τ, the sure part of a trial's duration.
  let tau: Double
  /// T.
  let time: Double

  /// Times from here on gain nothing.
  var ceiling: Double { time - tau }

  /// The gain for allotted time `t`, with `probability` F(t).
  func at(_ t: Double, _ probability: Double) -> Double {
    guard probability > 0 && t < ceiling else { return 0 }
    let cost = tau + t
    return time == .infinity ? probability / cost : probability * (time / cost - 1)
  }

  /// The t of the only peak, for a law on times up to `supremum`.
  ///
  /// `elasticity` gets t and ln t; NaN and +∞ stand for F = 0. About 12 evaluations, near `start` half of
  /// that.
  func peak(
    upTo supremum: Double = Delay.longest, near start: ClippingStart?,
    _ elasticity: (Double, Double) -> Double
  ) -> Double {
    let top = min(ceiling, supremum)
    guard top > 0 else { return 0 }
    let (low, high) = range(top)
    func slope(_ x: Double) -> Double { self.slope(x, elasticity) }
    var x = min(Elementary.log(start?.time ?? tau), start == nil ? high - 0.5 : high.nextDown)
    if !(x > low) { x = low }
    var step = start?.spread ?? 1
    var value = slope(x)
    if value == 0 { return Elementary.exp(x) }
    let isLeft = value > 0
    while true {
      let next = isLeft ? min(x + step, high) : max(x - step, low)
      let nextValue = slope(next)
      if (nextValue > 0) != isLeft { return Elementary.exp(Self.root((x, value), (next, nextValue), slope)) }
      if next == high { return top }
      if next == low { return Elementary.exp(low) }
      (x, value) = (next, nextValue)
      step *= start == nil ? 3 : 8
    }
  }

  /// Whether the gain falls on both sides of `t`, 10⁻¹¹ away: the ends of a law's support make kinks, which
  /// `peak` would have to corner.
  func isPeak(_ t: Double, _ elasticity: (Double, Double) -> Double) -> Bool {
    let x = Elementary.log(t)
    return slope(x - 1e-11, elasticity) > 0 && slope(x + 1e-11, elasticity) < 0
  }

  /// The t of the highest peak, for laws of ln η that spread around `center` with scale `width` and have
  /// heavy tails.
  ///
  /// Without `start` two grids are searched, one around ln τ and one around the center; with it, its
  /// neighbourhood.
  func highestPeak(
    center: Double, width: Double, near start: ClippingStart?, cdf: (Double, Double) -> Double,
    elasticity: (Double, Double) -> Double
  ) -> Double {
    if let start { return peak(near: start, elasticity) }
    let top = min(ceiling, Delay.longest)
    guard top > 0 else { return 0 }
    let (low, high) = range(top)
    let middle = tau > 0 ? min(Elementary.log(tau), high) : 0.5 * (low + high)
    let wide = best(among: 40, low, high, around: middle, scale: 2, cdf, elasticity)
    let narrow = best(among: 28, low, high, around: center, scale: width, cdf, elasticity)
    return narrow.gain > wide.gain ? narrow.t : wide.t
  }

  /// Where peaks can be, in ln t: below τ by 2⁻⁵³ t does not count any more.
  private func range(_ top: Double) -> (low: Double, high: Double) {
    let high = Elementary.log(top)
    return (max(-740, min(tau > 0 ? Elementary.log(tau) : -740, high) - 38), max(high, -739))
  }

  /// ln of the elasticity over what it has to be at a peak: positive to the left of a peak, negative to the
  /// right.
  private func slope(_ x: Double, _ elasticity: (Double, Double) -> Double) -> Double {
    let t = Elementary.exp(x)
    let cost = tau + t
    let left = 1 - cost / time
    guard left > 0 else { return -.infinity }
    let ratio = elasticity(t, x) * left * (cost / t)
    return ratio.isNaN ? .infinity : Elementary.log(ratio)
  }

  /// The best point of a grid in `low`…`high` that is densest `around` a point, refined to the peak beside
  /// it.
  private func best(
    among count: Int, _ low: Double, _ high: Double, around middle: Double, scale: Double,
    _ cdf: (Double, Double) -> Double, _ elasticity: (Double, Double) -> Double
  ) -> (t: Double, gain: Double) {
    func position(_ w: Double) -> Double {
      let e = Elementary.exp(w)
      return middle + scale * (0.5 * (e - 1 / e))
    }
    let first = Quadrature.inverseSinh((low - middle) / scale)
    let spacing = (Quadrature.inverseSinh((high - middle) / scale) - first) / Double(count)
    var best = (t: 0.0, gain: 0.0)
    var bestIndex = 0
    for index in 1...count {
      let x = position(first + spacing * Double(index))
      let t = Elementary.exp(x)
      let gain = at(t, cdf(t, x))
      if gain > best.gain {
        best = (t, gain)
        bestIndex = index
      }
    }
    guard best.gain > 0 else { return best }
    let left = position(first + spacing * Double(bestIndex - 1))
    let right = min(high, position(first + spacing * Double(bestIndex + 1)))
    func slope(_ x: Double) -> Double { self.slope(x, elasticity) }
    let (leftValue, rightValue) = (slope(left), slope(right))
    guard leftValue > 0 && rightValue < 0 else { return best }
    let x = Self.root((left, leftValue), (right, rightValue), slope)
    let t = Elementary.exp(x)
    let gain = at(t, cdf(t, x))
    return gain >= best.gain ? (t, gain) : best
  }

  /// The root of `f` between two points where its signs differ. Source: Chandrupatla (1997).
  private static func root(
    _ a: (x: Double, f: Double), _ b: (x: Double, f: Double), _ f: (Double) -> Double
  ) -> Double {
    var (newest, opposite, old) = (b, a, a)
    var share = 0.5
    var evaluations = 0
    while evaluations < 100 {
      evaluations += 1
      let x = newest.x + share * (opposite.x - newest.x)
      let value = f(x)
      if (value > 0) == (newest.f > 0) {
        old = newest
      } else {
        old = opposite
        opposite = newest
      }
      newest = (x, value)
      let best = newest.f.magnitude < opposite.f.magnitude ? newest : opposite
      let limit = (2 * best.x.magnitude.ulp) / (opposite.x - newest.x).magnitude
      if best.f == 0 || !(limit < 0.5) { return best.x }
      // Inverse quadratic interpolation where it is trustworthy, else bisection.
      let xi = (newest.x - opposite.x) / (old.x - opposite.x)
      let phi = (newest.f - opposite.f) / (old.f - opposite.f)
      share = 0.5
      if phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi {
        share =
          newest.f / (opposite.f - newest.f) * (old.f / (opposite.f - old.f))
          + (old.x - newest.x) / (opposite.x - newest.x) * (newest.f / (old.f - newest.f))
          * (opposite.f / (old.f - opposite.f))
      }
      share = share > limit ? (share < 1 - limit ? share : 1 - limit) : limit
    }
    return newest.x
  }
}
