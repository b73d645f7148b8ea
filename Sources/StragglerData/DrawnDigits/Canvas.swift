// SPDX-License-Identifier: Apache-2.0

/// A picture of 28 by 28 pixels to draw on: how much of every pixel is covered with ink, from 0 to 1.
struct Canvas {
  static let side = 28

  private(set) var ink = [Double](repeating: 0, count: side * side)

  mutating func clear() {
    for index in ink.indices { ink[index] = 0 }
  }

  /// Draws the line from `start` to `end` with a round pen, in pixels; pixel (0, 0) has its centre at (½, ½).
  /// Edges are one pixel soft. O(pixels near the line).
  mutating func draw(from start: SIMD2<Double>, to end: SIMD2<Double>, radius: Double) {
    let reach = radius + 0.5
    let (columns, rows) = (
      Self.pixels(from: min(start.x, end.x) - reach, to: max(start.x, end.x) + reach),
      Self.pixels(from: min(start.y, end.y) - reach, to: max(start.y, end.y) + reach)
    )
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let lengthSquared = dx * dx + dy * dy
    let scale = lengthSquared > 0 ? 1 / lengthSquared : 0
    for row in rows {
      for column in columns {
        let (x, y) = (Double(column) + 0.5 - start.x, Double(row) + 0.5 - start.y)
        let along = max(0, min(1, (x * dx + y * dy) * scale))
        let (farX, farY) = (x - along * dx, y - along * dy)
        let squared = farX * farX + farY * farY
        guard squared < reach * reach else { continue }
        let index = row * Self.side + column
        ink[index] = max(ink[index], min(1, reach - squared.squareRoot()))
      }
    }
  }

  /// The pixels of a row or column whose centres may lie between two places.
  private static func pixels(from low: Double, to high: Double) -> Range<Int> {
    let first = Int(max(0, min(Double(side), (low - 0.5).rounded(.up))))
    let last = Int(max(0, min(Double(side), (high + 0.5).rounded(.down))))
    return first..<max(first, last)
  }
}
