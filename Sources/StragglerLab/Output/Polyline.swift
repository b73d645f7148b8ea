// SPDX-License-Identifier: Apache-2.0

/// A line through points of a picture, in its units (pixels, y down).
struct Polyline: Equatable {
  var points: [SIMD2<Double>]

  /// A line that looks the same with at most `limit` (at least 8) points, if x rises or falls all along.
  ///
  /// Of the points in a row that share a narrow strip of the picture the first, the lowest, the highest and
  /// the last stay. A line that runs back and forth keeps more than the limit.
  func thinned(to limit: Int) -> Polyline {
    let limit = max(limit, 8)
    guard points.count > limit, let first = points.first else { return self }
    var (left, right) = (first.x, first.x)
    for point in points { (left, right) = (min(left, point.x), max(right, point.x)) }
    // Four points a strip, and the ends may share strips with nothing else.
    return inStrips(of: max(4 * (right - left) / Double(limit - 4), 0.01))
  }

  private func inStrips(of width: Double) -> Polyline {
    var kept: [SIMD2<Double>] = []
    var start = 0
    while start < points.count {
      let strip = (points[start].x / width).rounded(.down)
      var end = start
      var lowest = start
      var highest = start
      while end + 1 < points.count, (points[end + 1].x / width).rounded(.down) == strip {
        end += 1
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
      }
      var last = -1
      for index in [start, min(lowest, highest), max(lowest, highest), end] where index > last {
        kept.append(points[index])
        last = index
      }
      start = end + 1
    }
    return Polyline(points: kept)
  }

  /// The commands of an SVG path; `isContinued` draws a line to the first point too.
  func pathData(isContinued: Bool = false) -> String {
    var text = ""
    var last = ""
    for (index, point) in points.enumerated() {
      let place = "\(NumberText.fixed(point.x)) \(NumberText.fixed(point.y))"
      if place == last { continue }
      text += index == 0 && !isContinued ? "M" : "L"
      text += place
      last = place
    }
    return text
  }

  /// Whether the line comes into the box, tested every two units along it.
  func touches(_ box: Box) -> Bool {
    var last: SIMD2<Double>?
    for point in points {
      let start = last ?? point
      let step = point - start
      let length = max(abs(step.x), abs(step.y))
      let parts = Int(min(max(length / 2, 1), 10_000))
      for part in 0...parts where box.contains(start + step * (Double(part) / Double(parts))) { return true }
      last = point
    }
    return false
  }
}

/// A rectangle of a picture.
struct Box: Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }

  func contains(_ point: SIMD2<Double>) -> Bool {
    point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
  }
}
