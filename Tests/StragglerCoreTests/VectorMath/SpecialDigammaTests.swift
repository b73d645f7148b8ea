// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

@Suite struct SpecialDigammaTests {
  /// Euler's constant.
  private let euler = 0.5772156649015329

  @Test func agreesWithClosedForms() {
    #expect((Special.digamma(1) + euler).magnitude < 1e-15)
    #expect((Special.digamma(0.5) + euler + 2 * Elementary.log(2)).magnitude < 4e-15)
    #expect((Special.trigamma(1) - Double.pi * Double.pi / 6).magnitude < 4e-15)
    #expect((Special.trigamma(0.5) - Double.pi * Double.pi / 2).magnitude < 8e-15)
    // ψ(n) is a harmonic number less Euler's constant.
    var harmonic = 0.0
    for n in 1..<60 {
      #expect((Special.digamma(Double(n)) - (harmonic - euler)).magnitude < 1e-14)
      harmonic += 1 / Double(n)
    }
  }

  @Test func isTheSlopeOfLogGamma() {
    for x in [0.01, 0.3, 1.46, 3, 11.9, 12.1, 80, 1e4] {
      let h = 1e-5 * x
      let slope = (Special.logGamma(x + h) - Special.logGamma(x - h)) / (2 * h)
      #expect((slope - Special.digamma(x)).magnitude < 1e-8 * max(1, slope.magnitude), "\(x)")
      let curvature = (Special.digamma(x + h) - Special.digamma(x - h)) / (2 * h)
      #expect((curvature / Special.trigamma(x) - 1).magnitude < 1e-8, "\(x)")
    }
  }

  @Test func keepsItsHeadAtTheEdges() {
    #expect(Special.digamma(0) == -.infinity && Special.trigamma(0) == .infinity)
    #expect(Special.digamma(.infinity) == .infinity && Special.trigamma(.infinity) == 0)
    #expect(Special.digamma(-1).isNaN && Special.trigamma(.nan).isNaN)
    #expect((Special.digamma(1e-300) * 1e-300 + 1).magnitude < 1e-12)
  }
}
