// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct LandscapeTests {
  private static let shapes: [Landscape<Double>.Shape] = [.bowl, .rosenbrock, .valleys]

  @Test(arguments: shapes) func slopesAreThoseOfTheHeights(_ shape: Landscape<Double>.Shape) {
    let f = Landscape<Double>(shape)
    for u in [-1.7, -0.4, 0.3, 1.25] {
      for v in [-1.1, 0.2, 1.6] {
        let (h, slope) = (1e-5, f.slope(u, v))
        #expect(abs((f.height(u + h, v) - f.height(u - h, v)) / (2 * h) - slope.0) < 1e-6)
        #expect(abs((f.height(u, v + h) - f.height(u, v - h)) / (2 * h) - slope.1) < 1e-6)
      }
    }
  }

  @Test func theMinimaAreWhereTheyAreSaidToBe() {
    let minima = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0)]
    for (shape, (u, v)) in zip(Self.shapes, minima) {
      let f = Landscape<Double>(shape)
      #expect(f.height(u, v) == 0)
      #expect(f.slope(u, v) == (0, 0))
      for angle in 0..<16 {
        let (c, s) = (Elementary.cos(Double(angle)), Elementary.sin(Double(angle)))
        #expect(f.height(u + 0.1 * c, v + 0.1 * s) > 0)
      }
      #expect(f.conditions.optimum == 0)
    }
    let valleys = Landscape<Double>(.valleys)
    #expect(abs(valleys.height(-1, 0) - 0.4) < 1e-15)
    #expect(valleys.slope(-1, 0) == (0, 0))
  }

  @Test func onlyTheBowlHasConstants() {
    #expect(Landscape<Double>(.bowl).conditions.smoothness == 4)
    #expect(Landscape<Double>(.bowl).conditions.isConvex)
    #expect(Landscape<Double>(.bowl, noise: 0.5).conditions.variance == 0.5)
    #expect(Landscape<Double>(.bowl).conditions.distance == 2.5)
    for shape in [Landscape<Double>.Shape.rosenbrock, .valleys] {
      #expect(Landscape<Double>(shape).conditions.smoothness.isNaN)
      #expect(!Landscape<Double>(shape).conditions.isConvex)
    }
  }

  @Test func gradientsAreUnbiased() {
    var f = Landscape<Double>(.rosenbrock, noise: 0.3)
    let x = [0.5, -0.25]
    let slope = f.slope(x[0], x[1])
    let count = 20_000
    var (sum, squares) = ([0.0, 0.0], 0.0)
    for job in 1...count {
      var g = [0.0, 0.0]
      var span = g.mutableSpan
      f.accumulate(1, Sample(seed: 3, worker: 2, job: job), at: x.span, into: &span)
      sum = [sum[0] + g[0], sum[1] + g[1]]
      squares += (g[0] - slope.0) * (g[0] - slope.0) + (g[1] - slope.1) * (g[1] - slope.1)
    }
    let band = 5 * 0.3 / Double(count).squareRoot()
    #expect(abs(sum[0] / Double(count) - slope.0) < band)
    #expect(abs(sum[1] / Double(count) - slope.1) < band)
    // Of 2 · count squares of normals, in standard deviations.
    #expect(abs(squares / (0.09 * 2 * Double(count)) - 1) < 5 / Double(count).squareRoot())
  }
}
