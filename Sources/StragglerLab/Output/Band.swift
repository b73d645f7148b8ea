// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Curves of several seeds as one curve with a band.
enum Band {
  /// A curve by its points: the trace of a run, over time, updates or gradients. Places must not fall.
  typealias Curve = [(x: Double, y: Double)]

  /// The curves at the given places (rising) as one: `summary` of their values.
  ///
  /// The value of a curve between two of its points is interpolated: between positive values along an
  /// exponential, as runs converge, else along a line, and not at all where one of them is not finite. Beyond
  /// its end it is that of the last point. A curve that begins after x does not count there; where none has
  /// begun there is no point. Linear in the points of the curves and
  /// in `places` × curves.
  static func merge(
    curves: [Curve], onto places: [Double], _ summary: SeedSummary = SeedSummary()
  ) -> [Plot.Point] {
    var next = Array(repeating: 0, count: curves.count)
    var merged: [Plot.Point] = []
    merged.reserveCapacity(places.count)
    var values: [Double] = []
    for place in places {
      values.removeAll(keepingCapacity: true)
      for (index, curve) in curves.enumerated() {
        while next[index] < curve.count, curve[next[index]].x <= place { next[index] += 1 }
        guard next[index] > 0 else { continue }
        values.append(
          value(at: place, curve[next[index] - 1], next[index] < curve.count ? curve[next[index]] : nil))
      }
      if let point = summary.point(at: place, &values) { merged.append(point) }
    }
    return merged
  }

  /// The value at x of a curve whose last point not after x is `last`, and the one after that `next`.
  private static func value(at x: Double, _ last: Curve.Element, _ next: Curve.Element?) -> Double {
    guard let next, x > last.x, next.x < .infinity, last.y.isFinite, next.y.isFinite else { return last.y }
    let share = (x - last.x) / (next.x - last.x)
    let value =
      last.y > 0 && next.y > 0
      ? last.y * Elementary.pow(next.y / last.y, share) : (1 - share) * last.y + share * next.y
    return min(max(value, min(last.y, next.y)), max(last.y, next.y))
  }

  /// The merged curve over a grid of its own: `grid(of:isLogarithmic:limit:)`.
  static func merge(
    curves: [Curve], isLogarithmic: Bool = false, limit: Int = 400, _ summary: SeedSummary = SeedSummary()
  ) -> [Plot.Point] {
    merge(curves: curves, onto: grid(of: curves, isLogarithmic: isLogarithmic, limit: limit), summary)
  }

  /// Places for `merge`: those of all curves' points if there are at most `limit` (at least 2) of them. Else
  /// a choice among these, the last in each of as many equal parts of the axis and the first of all.
  static func grid(of curves: [Curve], isLogarithmic: Bool = false, limit: Int = 400) -> [Double] {
    let limit = max(2, limit)
    var places: [Double] = []
    for curve in curves { for point in curve where point.x.isFinite { places.append(point.x) } }
    if isLogarithmic { places.removeAll { $0 <= 0 } }
    places.sort()
    var union: [Double] = []
    for place in places where union.last != place { union.append(place) }
    guard union.count > limit else { return union }
    let scale = AxisScale(
      over: [union[0], union[union.count - 1]], isLogarithmic: isLogarithmic, isPadded: false)
    let parts = limit - 1
    var chosen = [union[0]]
    var part = -1
    for place in union.dropFirst() {
      let own = min(Int(max(scale.position(place), 0) * Double(parts)), parts - 1)
      if own == part { chosen.removeLast() }
      part = own
      chosen.append(place)
    }
    return chosen
  }
}
