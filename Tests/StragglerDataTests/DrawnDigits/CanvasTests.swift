// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerData

@Suite struct CanvasTests {
  @Test func clean() { #expect(Canvas().ink == [Double](repeating: 0, count: 784)) }

  /// Against the distance to the nearest of many points of the line, at every pixel.
  @Test(arguments: [
    (SIMD2(5.0, 6.0), SIMD2(20.0, 17.0), 1.5), (SIMD2(14, 3), SIMD2(14, 25), 0.8),
    (SIMD2(9, 9), SIMD2(9, 9), 2),
    (SIMD2(-4, 10), SIMD2(40, 12), 1.2), (SIMD2(-9, -9), SIMD2(-5, -6), 1),
  ]) func inkByDistance(_ start: SIMD2<Double>, _ end: SIMD2<Double>, _ radius: Double) {
    var canvas = Canvas()
    canvas.draw(from: start, to: end, radius: radius)
    let steps = 2000
    let step = (end - start) / Double(steps)
    // No pixel's centre is nearer to the points than to the line by more than half a step.
    let tolerance = 0.5 * (step.x * step.x + step.y * step.y).squareRoot() + 1e-12
    for pixel in 0..<784 {
      let centre = SIMD2(Double(pixel % 28) + 0.5, Double(pixel / 28) + 0.5)
      let nearest = (0...steps).reduce(Double.infinity) {
        let way = centre - (start + Double($1) * step)
        return min($0, way.x * way.x + way.y * way.y)
      }.squareRoot()
      let expected = max(0, min(1, radius + 0.5 - nearest))
      if abs(canvas.ink[pixel] - expected) > tolerance {
        Issue.record("\(pixel): \(canvas.ink[pixel]), \(expected)")
      }
    }
  }

  @Test func inkIsNotAdded() {
    var canvas = Canvas()
    canvas.draw(from: [5, 5], to: [20, 5], radius: 1.3)
    let once = canvas.ink
    canvas.draw(from: [5, 5], to: [20, 5], radius: 1.3)
    #expect(canvas.ink == once)
    canvas.clear()
    #expect(canvas.ink == Canvas().ink)
  }
}
