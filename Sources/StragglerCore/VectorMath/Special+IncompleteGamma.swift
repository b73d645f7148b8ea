// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// P(a, x) = 1/Γ(a) ∫₀ˣ t^(a−1) e^(−t) dt: the distribution function of the gamma law with shape a > 0.
  public static func regularizedGammaP(_ a: Double, _ x: Double) -> Double { incompleteGamma(a, x).p }

  /// Q(a, x) = 1 − P(a, x), accurate where it is small.
  public static func regularizedGammaQ(_ a: Double, _ x: Double) -> Double { incompleteGamma(a, x).q }

  /// Both at once. The smaller one has a relative error of about 10⁻¹⁴, in extreme tails of 10⁻¹³.
  ///
  /// Power series below a + 1, continued fraction above, Temme's expansion near a large a. O(100) operations.
  static func incompleteGamma(_ a: Double, _ x: Double) -> (p: Double, q: Double) {
    guard a > 0 && a < .infinity && x > 0 && x < .infinity else {
      if a.isNaN || x.isNaN || a < 0 { return (.nan, .nan) }
      if x <= 0 { return (0, 1) }
      return a == .infinity ? (0, 1) : (1, 0)
    }
    if a >= 200 {
      let mu = (x - a) / a
      if mu > -0.3 && mu < 0.35 { return temme(a, mu) }
    }
    let factor = gammaFactor(a, x)
    if x < a + 1 {
      let p = factor == 0 ? 0 : min(1, factor * gammaSeries(a, x))
      return (p, 1 - p)
    }
    let q = factor == 0 ? 0 : min(1, factor * a * gammaFraction(a, x))
    return (1 - q, q)
  }

  /// Σ xⁿ/((a + 1)…(a + n)).
  static func gammaSeries(_ a: Double, _ x: Double) -> Double {
    var (sum, term, n) = (1.0, 1.0, 1.0)
    while n < 10_000 {
      term *= x / (a + n)
      sum += term
      if term < sum * 0x1p-54 { break }
      n += 1
    }
    return sum
  }

  /// The continued fraction 1/(x + 1 − a − 1(1 − a)/(x + 3 − a − …)), by Lentz's method.
  private static func gammaFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var d = 1 / (b.magnitude < tiny ? tiny : b)
    var (c, value, n) = (1 / tiny, d, 1.0)
    while n < 10_000 {
      let numerator = n * (a - n)
      b += 2
      d = b + numerator * d
      d = 1 / (d.magnitude < tiny ? tiny : d)
      c = b + numerator / c
      if c.magnitude < tiny { c = tiny }
      value *= c * d
      if (c * d - 1).magnitude < 0x1p-52 { break }
      n += 1
    }
    return value
  }

  /// Q = ½ erfc(η√(a/2)) + e^(−aη²/2)/√(2πa) Σ Cₖ(η)a⁻ᵏ with ½η² = μ − ln(1 + μ), μ = x/a − 1.
  ///
  /// Source: Temme (1979), DLMF 8.12. The Taylor coefficients of Cₖ are enough for a ≥ 200, −0.3 < μ < 0.35.
  private static func temme(_ a: Double, _ mu: Double) -> (p: Double, q: Double) {
    let defect = logDefect(mu)
    let eta = mu < 0 ? -(2 * defect).squareRoot() : (2 * defect).squareRoot()
    let c0: InlineArray<16, Double> = [
      -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073,
      0.0003527336860670194, -0.0001787551440329218, 3.919263178522438e-05, -2.185448510679992e-06,
      -1.85406221071516e-06, 8.296711340953087e-07, -1.7665952736826078e-07, 6.707853543401498e-09,
      1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10, -2.5514193994946248e-11,
    ]
    let c1: InlineArray<13, Double> = [
      -0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596,
      0.00020576131687242798, -4.018775720164609e-07, -1.8098550334489977e-05, 7.64916091608111e-06,
      -1.6120900894563446e-06, 4.647127802807434e-09, 1.378633446915721e-07, -5.752545603517705e-08,
      1.1951628599778148e-08,
    ]
    let c2: InlineArray<11, Double> = [
      0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-06,
      -0.0001073665322636516, 5.2923448829120125e-05, -1.2760635188618728e-05, 3.423578734096138e-08,
      1.3721957309062934e-06, -6.298992138380055e-07, 1.4280614206064242e-07,
    ]
    let c3: InlineArray<9, Double> = [
      0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885,
      -7.561801671883977e-05, -2.396505113867297e-07, 1.1082654115347302e-05, -5.6749528269915965e-06,
      1.4230900732435883e-06,
    ]
    let c4: InlineArray<7, Double> = [
      -0.0008618882909167117, 0.0007840392217200666, -0.0002990724803031902, -1.4638452578843418e-06,
      6.641498215465122e-05, -3.968365047179435e-05, 1.1375726970678419e-05,
    ]
    let c5: InlineArray<4, Double> = [
      -0.00033679855336635813, -6.972813758365857e-05, 0.0002772753244959392, -0.00019932570516188847,
    ]
    let high = horner(c3, eta) + (horner(c4, eta) + (horner(c5, eta) + 0.0005313079364639922 / a) / a) / a
    let sum = horner(c0, eta) + (horner(c1, eta) + (horner(c2, eta) + high / a) / a) / a
    let correction = sum * (inverseRootPi * rootHalf) / a.squareRoot()
    let factor = Elementary.exp(-a * defect)
    let tail = 0.5 * scaledErfc((a * defect).squareRoot())
    if mu < 0 {
      let p = factor * (tail - correction)
      return (p, 1 - p)
    }
    let q = factor * (tail + correction)
    return (1 - q, q)
  }

  private static func horner<let n: Int>(_ coefficients: InlineArray<n, Double>, _ x: Double) -> Double {
    var sum = 0.0
    var index = n
    while index > 0 {
      index -= 1
      sum = sum * x + coefficients[index]
    }
    return sum
  }
}
