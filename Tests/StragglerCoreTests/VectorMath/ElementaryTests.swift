// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import Testing

/// libm is the reference: its functions are within about half a unit in the last place, ours within one.
@Suite struct ElementaryTests {
  /// Units in the last place between two numbers; 0 for two nans, and for zeros of the same sign.
  private func distance(_ a: Double, _ b: Double) -> UInt64 {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
    func position(_ x: Double) -> Int64 {
      let bits = Int64(bitPattern: x.bitPattern)
      return bits < 0 ? Int64.min &- bits : bits
    }
    return (position(a) &- position(b)).magnitude
  }

  private func check(
    _ name: String, _ samples: [Double], within limit: UInt64 = 1, ours: (Double) -> Double,
    libm: (Double) -> Double
  ) {
    var worst = (distance: UInt64(0), x: 0.0)
    for x in samples {
      let far = distance(ours(x), libm(x))
      if far > worst.distance { worst = (far, x) }
    }
    #expect(worst.distance <= limit, "\(name)(\(worst.x)): \(ours(worst.x)) against \(libm(worst.x))")
  }

  private func uniform(_ range: ClosedRange<Double>, _ count: Int = 20_000, job: Int = 0) -> [Double] {
    var stream = RandomStream(seed: 1, purpose: .data, job: job)
    return (0..<count).map { _ in range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform()
    }
  }

  /// Positive numbers with uniform bits: every magnitude from subnormal to the largest.
  private func anyMagnitude(_ count: Int = 20_000) -> [Double] {
    var stream = RandomStream(seed: 2, purpose: .data)
    return (0..<count).map { _ in Double(bitPattern: stream.next() % 0x7FF0_0000_0000_0000) }
  }

  private let corners: [Double] = [
    0, -0.0, 1, -1, 0.5, -0.5, 2, -2, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
    .leastNormalMagnitude,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 709.78, 709.79, -745.1, -745.2, -708.5, -1 + 0x1p-53,
    0x1p-1060,
  ]

  @Test func exponentials() {
    check("exp", uniform(-745...710) + uniform(-1...1) + corners, ours: Elementary.exp, libm: Foundation.exp)
    check(
      "expm1", uniform(-50...710) + uniform(-1...1) + uniform(-1e-9...1e-9) + corners, ours: Elementary.expm1,
      libm: Foundation.expm1)
  }

  @Test func logarithms() {
    let samples = anyMagnitude() + uniform(0.5...2) + corners
    check("log", samples, ours: Elementary.log, libm: Foundation.log)
    check("log2", samples, ours: Elementary.log2, libm: Foundation.log2)
    // libm's own log10 is up to two units off.
    check("log10", samples, within: 2, ours: Elementary.log10, libm: Foundation.log10)
    check(
      "log1p", samples + uniform(-1...1) + uniform(-1e-9...1e-9), ours: Elementary.log1p,
      libm: Foundation.log1p)
    for n in -1074...1023 {
      #expect(Elementary.log2(Double(sign: .plus, exponent: n, significand: 1)) == Double(n))
    }
    for (n, x) in [1.0, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e15, 1e22].enumerated()
    where n < 11 {
      #expect(Elementary.log10(x) == Double(n))
    }
  }

  @Test func trigonometry() {
    let large = anyMagnitude().flatMap { [$0, -$0] }
    let samples = uniform(-7...7) + uniform(-2e6...2e6) + large + corners
    // Multiples of π/2, where the reduction cancels most.
    let hard = (1...2_000).map { Double($0) * 1.5707963267948966 }
    check("sin", samples + hard, ours: Elementary.sin, libm: Foundation.sin)
    check("cos", samples + hard, ours: Elementary.cos, libm: Foundation.cos)
    // The double that is nearest to a multiple of π/2, of which libm gets 8 units wrong.
    #expect(Elementary.cos(0x1.6ac5b262ca1ffp+849) == -4.687165924254628e-19)
    check("atan", uniform(-4...4) + large + corners, ours: Elementary.atan, libm: Foundation.atan)
  }

  @Test func trigonometryOfTurns() {
    for (x, sine, cosine) in [
      (0.25, 0.7071067811865476, 0.7071067811865476), (1.0 / 6, 0.49999999999999994, 0.8660254037844387),
      (0.125, 0.3826834323650898, 0.9238795325112867), (1e-10, 3.1415926535897933e-10, 1),
      (2.25, 0.7071067811865476, 0.7071067811865476), (-0.75, -0.7071067811865476, -0.7071067811865476),
    ] {
      #expect(distance(Elementary.sinPi(x), sine) <= 1)
      #expect(distance(Elementary.cosPi(x), cosine) <= 1)
    }
    for n in -8...8 {
      #expect(Elementary.sinPi(Double(n)) == 0)
      #expect(Elementary.cosPi(Double(n)) == (n % 2 == 0 ? 1 : -1))
      #expect(Elementary.cosPi(Double(n) + 0.5) == 0)
      #expect(Elementary.sinPi(Double(n) + 0.5) == (n % 2 == 0 ? 1 : -1))
    }
    #expect(distance(Elementary.tanPi(0.25), 1) <= 3 && Elementary.tanPi(0.5) == .infinity)
    #expect(Elementary.sinPi(.infinity).isNaN && Elementary.cosPi(.nan).isNaN)
    #expect(Elementary.sinPi(0x1p60) == 0 && Elementary.cosPi(0x1p53 + 2) == 1)
  }

  @Test func powers() {
    var stream = RandomStream(seed: 3, purpose: .data)
    var worst: UInt64 = 0
    for _ in 0..<50_000 {
      let x = Foundation.exp(100 * (stream.uniform() - 0.5))
      let y = 30 * (stream.uniform() - 0.5)
      worst = max(worst, distance(Elementary.pow(x, y), Foundation.pow(x, y)))
      let near = 1 + 0.01 * (stream.uniform() - 0.5)
      let large = 1e5 * (stream.uniform() - 0.5)
      worst = max(worst, distance(Elementary.pow(near, large), Foundation.pow(near, large)))
    }
    #expect(worst <= 1)
    for n in -1074...1023 {
      #expect(Elementary.pow(2, Double(n)) == Double(sign: .plus, exponent: n, significand: 1))
    }
    for base in 2...50 {
      var exact = 1.0
      for exponent in 0... {
        guard exact < 0x1p53 else { break }
        #expect(Elementary.pow(Double(base), Double(exponent)) == exact)
        exact *= Double(base)
      }
    }
    for x in uniform(0...1e6, 1_000) { #expect(Elementary.pow(x, 0.5) == x.squareRoot()) }
    #expect(Elementary.pow(3, 5) == 243 && Elementary.pow(1.5, 10 as Int) == 57.6650390625)
  }

  @Test func powersOfSpecialValues() {
    let values = corners + [3, -3, 4, -4, 2.5, -2.5, 0x1p53, -0x1p53, 0x1p54 + 4, 1e300, 1e-300, 0.3, -0.3]
    for x in values {
      for y in values {
        let (ours, libm) = (Elementary.pow(x, y), Foundation.pow(x, y))
        #expect(
          distance(ours, libm) <= 1 && (ours != 0 || ours.sign == libm.sign), "pow(\(x), \(y)) = \(ours)")
      }
    }
  }

  @Test func signedZeros() {
    for f in [Elementary.sin, Elementary.atan, Elementary.expm1, Elementary.log1p, Elementary.sinPi] {
      #expect(f(-0.0).sign == .minus && f(0).sign == .plus)
    }
  }
}
