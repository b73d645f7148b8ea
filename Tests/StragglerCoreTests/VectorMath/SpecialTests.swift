// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// Reference numbers from 50-digit arithmetic (mpmath).
@Suite struct SpecialTests {
  private func expect(
    _ value: Double, _ reference: Double, within tolerance: Double = 2e-15, _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    // Subnormal references have few digits.
    let slack = max(tolerance * reference.magnitude, 0x1p-1073)
    #expect(
      (value - reference).magnitude <= slack, "\(what): \(value) against \(reference)",
      sourceLocation: sourceLocation)
  }

  @Test func errorFunction() {
    for (x, erf, erfc) in [
      (1e-08, 1.1283791670955126e-08, 0.9999999887162083), (0.1, 0.1124629160182849, 0.887537083981715),
      (0.4, 0.42839235504666845, 0.5716076449533315), (0.5, 0.5204998778130465, 0.4795001221869535),
      (0.74, 0.7046780778547458, 0.2953219221452542), (0.76, 0.7175367528055908, 0.28246324719440913),
      (1.0, 0.8427007929497149, 0.15729920705028513), (1.5, 0.9661051464753108, 0.033894853524689274),
      (2.5, 0.999593047982555, 0.0004069520174449589), (4.0, 0.9999999845827421, 1.541725790028002e-08),
      (6.0, 1.0, 2.1519736712498913e-17), (10.0, 1.0, 2.088487583762545e-45),
      (20.0, 1.0, 5.395865611607901e-176), (26.0, 1.0, 5.663192408856143e-296),
    ] {
      expect(Special.erf(x), erf, "erf(\(x))")
      expect(Special.erf(-x), -erf, "erf(-\(x))")
      expect(Special.erfc(x), erfc, "erfc(\(x))")
      expect(Special.erfc(-x), 1 + erf, "erfc(-\(x))")
    }
    #expect(Special.erf(.infinity) == 1 && Special.erfc(.infinity) == 0 && Special.erfc(-.infinity) == 2)
    #expect(Special.erf(0) == 0 && Special.erf(.nan).isNaN && Special.erfc(.nan).isNaN)
  }

  @Test func normal() {
    for (x, p) in [
      (-37.3, 8.205494844930773e-305), (-30.0, 4.906713927148187e-198),
      (-20.1, 3.6896808637213897e-90), (-10.0, 7.619853024160525e-24), (-5.5, 1.8989562465887718e-08),
      (-3.0, 0.0013498980316300946), (-1.0, 0.15865525393145705), (-0.61, 0.2709309037830057),
      (-0.59, 0.27759532475346493), (-0.001, 0.49960105778608893), (0.3, 0.6179114221889527),
      (0.7, 0.758036347776927), (2.0, 0.9772498680518208), (5.0, 0.9999997133484281),
      (8.0, 0.9999999999999993),
    ] {
      expect(Special.normalCDF(x), p, "Φ(\(x))")
    }
    for (p, x) in [
      (1e-300, -37.0470962993612), (1e-100, -21.273453560965326), (1e-20, -9.262340089798407),
      (1e-11, -6.706023155495136), (1e-06, -4.753424308822899), (0.001, -3.0902323061678136),
      (0.07, -1.4757910281791706), (0.08, -1.4050715603096327), (0.3, -0.5244005127080408),
      (0.499, -0.002506630899571766), (0.6, 0.2533471031357997), (0.926, 1.4466320671589787),
      (0.999, 3.090232306167813), (0.999999, 4.753424308817087),
    ] {
      expect(Special.normalQuantile(p), x, "Φ⁻¹(\(p))")
    }
    #expect(Special.normalQuantile(0) == -.infinity && Special.normalQuantile(1) == .infinity)
    #expect(Special.normalQuantile(0.5) == 0 && Special.normalQuantile(-0.1).isNaN)
    #expect(
      Special.normalCDF(-.infinity) == 0 && Special.normalCDF(.infinity) == 1 && Special.normalCDF(.nan).isNaN
    )
    #expect(Special.normalQuantile(0x1p-1074) < -38)
  }

  @Test func normalRoundTrip() {
    var stream = RandomStream(seed: 4, purpose: .data)
    for _ in 0..<20_000 {
      // Near 0 the probability, close to ½, has only absolute accuracy.
      let x = 0.1 + 37 * stream.uniform()
      expect(Special.normalQuantile(Special.normalCDF(-x)), -x, within: 4e-15, "round trip")
    }
  }

  @Test func logGamma() {
    for (x, value) in [
      (1e-300, 690.7755278982137), (1e-09, 20.723265836369194), (0.1, 2.252712651734206),
      (0.3, 1.0957979948180756), (0.5, 0.5723649429247001), (0.9, 0.06637623973474295),
      (0.999999, 5.772164873855652e-07), (1.1, -0.049872441259839764), (1.4616, -0.12148629003589732),
      (1.6, -0.11259176569675577), (1.99999, -4.227811104241674e-06), (2.3, 0.15418945495963046),
      (2.6, 0.35741186354897986), (5.5, 3.9578139676187165), (11.9, 17.25847745059552),
      (12.1, 17.74700727079874), (100.5, 361.4355404677776), (100000.0, 1051287.7089736569),
      (1e+100, 2.2925850929940456e+102),
    ] {
      expect(Special.logGamma(x), value, "ln Γ(\(x))")
    }
    #expect(Special.logGamma(0) == .infinity && Special.logGamma(-1).isNaN && Special.logGamma(1) == 0)
    var factorial = 1.0
    for n in 1...170 {
      expect(Special.gamma(Double(n)), factorial, within: 2e-13, "Γ(\(n))")
      factorial *= Double(n)
    }
    #expect(Special.gamma(172) == .infinity)
  }

  @Test func incompleteGamma() {
    for (a, x, p, q) in [
      (0.001, 1e-05, 0.9891230446957827, 0.01087695530421733),
      (0.1, 0.01, 0.6626212599544798, 0.3373787400455202),
      (0.1, 3.0, 0.9984347282528856, 0.001565271747114354),
      (0.5, 0.2, 0.4729107431344619, 0.5270892568655381),
      (0.5, 30.0, 0.9999999999999906, 9.485737571073848e-15),
      (1.0, 0.7, 0.5034146962085905, 0.4965853037914095),
      (2.5, 1.0, 0.15085496391539036, 0.8491450360846097),
      (2.5, 9.0, 0.9970535954121197, 0.0029464045878802906),
      (20.0, 5.0, 3.45213582091446e-07, 0.999999654786418),
      (20.0, 21.0, 0.6157372277356579, 0.38426277226434213),
      (20.0, 60.0, 0.9999999993648082, 6.351918340378976e-10),
      (150.0, 150.0, 0.5108582297493597, 0.4891417702506403),
      (199.0, 180.0, 0.08558219112569447, 0.9144178088743056),
      (201.0, 150.0, 4.205885786379841e-05, 0.9999579411421362),
      (201.0, 199.0, 0.45303150195252323, 0.5469684980474767),
      (201.0, 260.0, 0.9999373218367364, 6.267816326356529e-05),
      (250.0, 100.0, 1.9094894161622827e-36, 1.0),
      (250.0, 400.0, 0.9999999999999997, 3.1770076592385687e-16),
      (10000.0, 9700.0, 0.001234175584468492, 0.9987658244155315),
      (10000.0, 10000.0, 0.5013298083399552, 0.4986701916600448),
      (10000.0, 10500.0, 0.9999995724127545, 4.2758724550596475e-07),
    ] {
      expect(Special.regularizedGammaP(a, x), p, within: 3e-14, "P(\(a), \(x))")
      // Below the median Q comes from 1 − P.
      expect(
        Special.regularizedGammaQ(a, x), q, within: q > 0.01 && q < 0.02 ? 3e-13 : 3e-14, "Q(\(a), \(x))")
    }
    #expect(Special.regularizedGammaP(2, 0) == 0 && Special.regularizedGammaQ(2, .infinity) == 0)
    #expect(Special.regularizedGammaP(-1, 1).isNaN && Special.regularizedGammaP(.nan, 1).isNaN)
    for a in [1e-300, 1e-10, 1e10, 1e100, 1e300] {
      for x in [1e-300, 1, 1e10, 1e300] {
        let p = Special.regularizedGammaP(a, x)
        #expect(p >= 0 && p <= 1)
      }
    }
  }

  /// The methods for P and Q join without a step.
  @Test func incompleteGammaIsMonotone() {
    for a in [0.3, 5, 199.9, 200, 1e3, 1e6] {
      var last = 0.0
      for step in 0...2_000 {
        let p = Special.regularizedGammaP(a, a * Double(step) / 1_000)
        #expect(p >= last * (1 - 1e-13), "P(\(a), ·) falls at step \(step)")
        last = p
      }
    }
  }

  @Test func incompleteBeta() {
    for (a, b, x, value) in [
      (0.5, 0.5, 0.3, 0.36901011956554536), (2.0, 3.0, 0.5, 0.6875), (0.1, 0.2, 0.9, 0.7804880320024467),
      (5.0, 0.5, 0.99, 0.7571581091015624), (50.0, 60.0, 0.4, 0.12470685834310036),
      (50.0, 60.0, 0.5, 0.8309072939016694), (500.0, 700.0, 0.4, 0.12051628908943207),
      (0.01, 100.0, 0.0001, 0.9603007536666583), (2000.0, 0.5, 0.999, 0.04545975843785471),
    ] {
      expect(Special.regularizedBeta(a, b, x), value, within: 1e-13, "I(\(a), \(b), \(x))")
      expect(Special.regularizedBeta(b, a, 1 - x), 1 - value, within: 1e-12, "mirrored I(\(a), \(b), \(x))")
    }
    #expect(Special.regularizedBeta(1, 1, 0) == 0 && Special.regularizedBeta(1, 1, 2).isNaN)
  }

  @Test func student() {
    for (t, dof, p) in [
      (-0.001, 5.0, 0.4996203933860988), (-0.5, 0.3, 0.4003553963107388), (-2.0, 1.0, 0.14758361765043326),
      (-10.0, 2.5, 0.002220747883653712), (-100.0, 5.0, 9.480007112311813e-10),
      (-10000000000.0, 5.0, 9.490167245562362e-50), (1.5, 5.0, 0.9030481598787633),
      (-3.0, 30.0, 0.002694982032825973), (-8.0, 200.0, 4.9396004546653196e-14),
      (-5.0, 5000.0, 2.9644737295606597e-07), (0.7, 9999.0, 0.7580282050956891),
    ] {
      expect(Special.studentCDF(t, dof: dof), p, within: 1e-13, "T(\(t), \(dof))")
      expect(
        Special.studentQuantile(p, dof: dof), t, within: t.magnitude < 0.01 ? 1e-12 : 1e-13,
        "T⁻¹(\(p), \(dof))")
    }
    // One and two degrees of freedom have formulas.
    for p in [1e-12, 0.001, 0.2, 0.4, 0.6, 0.9] {
      expect(
        Special.studentQuantile(p, dof: 1), -Elementary.cosPi(p) / Elementary.sinPi(p), within: 1e-12,
        "Cauchy")
      let two = (2 * p - 1) / (2 * p * (1 - p)).squareRoot()
      expect(Special.studentQuantile(p, dof: 2), two, within: 1e-12, "two degrees of freedom")
    }
    // At 10⁴ the expansion takes over.
    for t in [-10, -5, -1, 0.5, 3] {
      expect(
        Special.studentCDF(t, dof: 10_000.001), Special.studentCDF(t, dof: 10_000), within: 1e-7,
        "joint at 10⁴")
    }
    #expect(Special.studentCDF(1, dof: .infinity) == Special.normalCDF(1))
    #expect(Special.studentQuantile(0.5, dof: 3) == 0 && Special.studentQuantile(1, dof: 3) == .infinity)
    #expect(Special.studentCDF(0, dof: -1).isNaN && Special.studentQuantile(2, dof: 1).isNaN)
    #expect(Special.studentQuantile(1e-300, dof: 1e-3) == -.infinity)
  }
}
