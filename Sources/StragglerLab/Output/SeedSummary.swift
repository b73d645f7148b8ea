// SPDX-License-Identifier: Apache-2.0

/// What a curve shows of the values of several seeds: its centre, and the band around it.
public struct SeedSummary: Equatable, Sendable {
  /// The line itself.
  public enum Center: String, Sendable, CaseIterable {
    /// The arithmetic mean.
    case mean
    /// The middle value, or the mean of the two in the middle.
    case median
  }

  /// What is around the line.
  public enum Band: Equatable, Sendable {
    /// From the least value to the greatest.
    case minmax
    /// One standard deviation to either side, of a sample: n − 1 in its denominator.
    case std
    /// One standard error of the mean to either side: the standard deviation over √n.
    case sem
    /// From the p-quantile to that of 1 − p, interpolated along the values in their order.
    case quantile(Double)
    /// Nothing.
    case none
  }

  /// The line itself.
  public var center: Center
  /// What is around it.
  public var band: Band

  /// The mean, between the least and the greatest value, unless something else is given.
  public init(center: Center = .mean, band: Band = .minmax) { (self.center, self.band) = (center, band) }

  /// The point of `values` at `place`, which are sorted for it where need be; nil without values.
  ///
  /// A value that is NaN makes the point NaN.
  func point(at place: Double, _ values: inout [Double]) -> Plot.Point? {
    guard let first = values.first else { return nil }
    guard values.count > 1, !values.contains(where: \.isNaN) else {
      let value = values.count > 1 ? .nan : first
      return Plot.Point(x: place, y: value)
    }
    var (mean, low, high) = (0.0, first, first)
    for value in values {
      // Divided first, since the sum may overflow.
      mean += value / Double(values.count)
      (low, high) = (min(low, value), max(high, value))
    }
    // Rounding must not carry the mean of equal values off their band.
    if mean.isFinite { mean = min(max(mean, low), high) }
    var point = Plot.Point(x: place, y: mean, low: low, high: high)
    if center == .median {
      values.sort()
      point.y = Self.quantile(0.5, of: values)
    }
    switch band {
    case .minmax: break
    case .none: (point.low, point.high) = (point.y, point.y)
    case .std, .sem:
      var sum = 0.0
      for value in values { sum += (value - mean) * (value - mean) }
      var width = (sum / Double(values.count - 1)).squareRoot()
      if band == .sem { width /= Double(values.count).squareRoot() }
      (point.low, point.high) = (point.y - width, point.y + width)
    case .quantile(let p):
      values.sort()
      point.low = Self.quantile(min(p, 1 - p), of: values)
      point.high = Self.quantile(max(p, 1 - p), of: values)
    }
    return point
  }

  /// The value at the share `p` of the way through the sorted `values`, of which there are some.
  private static func quantile(_ p: Double, of values: [Double]) -> Double {
    let place = min(max(p, 0), 1) * Double(values.count - 1)
    let (index, share) = (Int(place), place - place.rounded(.down))
    guard share > 0, index + 1 < values.count, values[index] != values[index + 1] else {
      return values[index]
    }
    return (1 - share) * values[index] + share * values[index + 1]
  }
}
