// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Draws single digits: a skeleton, moved out of shape at random, drawn with a pen of random width.
struct Handwriting {
  private var canvas = Canvas()
  private var curve: [SIMD2<Double>] = []
  /// Where in `curve` strokes end.
  private var ends: [Int] = []

  /// Curve points from one point of a skeleton to the next.
  private static let subdivisions = 5

  /// Appends a picture of `digit` to `images`. All that is random comes from `stream`.
  mutating func draw(_ digit: Int, _ stream: inout RandomStream, into images: inout [UInt8]) {
    trace(Self.skeleton(of: digit, &stream), &stream)
    let radius = between(0.8, 1.95, &stream)
    // With its ink a digit takes up to 20 pixels.
    place(size: between(17.5, 20, &stream) - 2 * radius, &stream)

    canvas.clear()
    var start = 0
    for end in ends {
      for index in start..<max(start, end - 1) {
        canvas.draw(from: curve[index], to: curve[index + 1], radius: radius)
      }
      start = end
    }
    let strength = between(0.86, 1.1, &stream)
    for ink in canvas.ink {
      // The background is pure black; the ink is slightly uneven.
      let grain = ink > 0 ? between(0.88, 1.04, &stream) : 0
      images.append(UInt8(min(255, ink * strength * grain * 255)))
    }
  }

  /// A way to write `digit`, the earlier ones more often.
  private static func skeleton(of digit: Int, _ stream: inout RandomStream) -> Skeleton {
    let ways = Skeleton.all[digit]
    return ways[min(stream.integer(below: ways.count), stream.integer(below: ways.count))]
  }

  /// Lays smooth curves through the skeleton's points, each moved a little.
  private mutating func trace(_ skeleton: Skeleton, _ stream: inout RandomStream) {
    var points = skeleton.points
    let looseness = between(0.03, 0.105, &stream)
    for index in points.indices {
      points[index] += SIMD2(
        looseness * between(-1, 1, &stream), looseness * between(-1, 1, &stream))
    }
    curve.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    for stroke in skeleton.strokes {
      for index in 0..<stroke.count - 1 {
        let (p1, p2) = (points[stroke[index]], points[stroke[index + 1]])
        let p0 = index > 0 ? points[stroke[index - 1]] : p1
        let p3 = index + 2 < stroke.count ? points[stroke[index + 2]] : p2
        for step in 0..<Self.subdivisions {
          let t = Double(step) / Double(Self.subdivisions)
          curve.append(Self.catmullRom(p0, p1, p2, p3, t))
        }
      }
      curve.append(points[stroke[stroke.count - 1]])
      ends.append(curve.count)
    }
  }

  /// The curve from `p1` (t = 0) to `p2` (t = 1) whose tangents are parallel to p2 − p0 and p3 − p1.
  ///
  /// Source: Catmull and Rom, "A class of local interpolating splines" (1974).
  private static func catmullRom(
    _ p0: SIMD2<Double>, _ p1: SIMD2<Double>, _ p2: SIMD2<Double>, _ p3: SIMD2<Double>, _ t: Double
  ) -> SIMD2<Double> {
    let linear = p2 - p0
    let square = 2 * p0 - 5 * p1 + 4 * p2 - p3
    let cube = 3 * p1 - p0 - 3 * p2 + p3
    return p1 + 0.5 * t * (linear + t * (square + t * cube))
  }

  /// Turns, slants and bends the curve, makes the longer side of its box `size` pixels long, and puts its
  /// centre of mass near the middle, as MNIST's pictures have it.
  private mutating func place(size: Double, _ stream: inout RandomStream) {
    // A rotation by 2·atan(t), at most 20 degrees to each side; no sine is needed.
    let t = 0.176 * (between(-1, 1, &stream) + between(-1, 1, &stream)) / 2
    let (cosine, sine) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t))
    let slant = 0.1 + 0.42 * (between(-1, 1, &stream) + between(-1, 1, &stream)) / 2
    let narrowness = between(0.62, 1.12, &stream)
    let (bendX, bendY) = (between(-0.3, 0.3, &stream), between(-0.3, 0.3, &stream))
    for index in curve.indices {
      var (x, y) = (curve[index].x - 0.5, curve[index].y - 0.5)
      (x, y) = (x + bendX * y * y, y + bendY * x * x)
      x = narrowness * x - slant * y
      curve[index] = SIMD2(cosine * x - sine * y, sine * x + cosine * y)
    }

    let (low, high) = curve.reduce((curve[0], curve[0])) {
      (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1))
    }
    let scale = size / max(high.x - low.x, high.y - low.y)
    let shift = SIMD2(between(-1, 1, &stream), between(-1, 1, &stream))
    let offset = SIMD2(repeating: Double(Canvas.side) / 2) - scale * centre + shift
    for index in curve.indices { curve[index] = scale * curve[index] + offset }
  }

  /// The centre of mass of the drawn line.
  private var centre: SIMD2<Double> {
    var (sum, mass) = (SIMD2<Double>(repeating: 0), 0.0)
    var start = 0
    for end in ends {
      for index in start..<max(start, end - 1) {
        let step = curve[index + 1] - curve[index]
        let length = (step.x * step.x + step.y * step.y).squareRoot()
        sum += 0.5 * length * (curve[index] + curve[index + 1])
        mass += length
      }
      start = end
    }
    return mass > 0 ? sum / mass : sum
  }

  private func between(_ low: Double, _ high: Double, _ stream: inout RandomStream) -> Double {
    low + (high - low) * stream.uniform()
  }
}
