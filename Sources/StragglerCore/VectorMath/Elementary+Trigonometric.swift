// SPDX-License-Identifier: Apache-2.0

extension Elementary {
  /// The sine, for any finite x; NaN for ±∞.
  public static func sin(_ x: Double) -> Double {
    if x.magnitude < 0x1p-27 { return x }
    let (quadrant, r, tail) = quarterTurns(x)
    let value = quadrant & 1 == 0 ? sinKernel(r, tail) : cosKernel(r, tail)
    return quadrant & 2 == 0 ? value : -value
  }

  /// The cosine, for any finite x; NaN for ±∞.
  public static func cos(_ x: Double) -> Double {
    let (quadrant, r, tail) = quarterTurns(x)
    let value = quadrant & 1 == 0 ? cosKernel(r, tail) : sinKernel(r, tail)
    return (quadrant &+ 1) & 2 == 0 ? value : -value
  }

  /// sin(πx), exact at multiples of ½.
  public static func sinPi(_ x: Double) -> Double {
    guard let (quadrant, r, tail) = halves(ofTurn: x) else { return .nan }
    if quadrant & 1 == 0 && r == 0 { return x.sign == .minus ? -0.0 : 0 }
    let value = quadrant & 1 == 0 ? sinKernel(r, tail) : cosKernel(r, tail)
    return quadrant & 2 == 0 ? value : -value
  }

  /// cos(πx), exact at multiples of ½.
  public static func cosPi(_ x: Double) -> Double {
    guard let (quadrant, r, tail) = halves(ofTurn: x) else { return .nan }
    if quadrant & 1 == 1 && r == 0 { return 0 }
    let value = quadrant & 1 == 0 ? cosKernel(r, tail) : sinKernel(r, tail)
    return (quadrant &+ 1) & 2 == 0 ? value : -value
  }

  /// tan(πx). Infinite, with the sign of sin(πx), at odd multiples of ½.
  public static func tanPi(_ x: Double) -> Double {
    guard let (quadrant, r, tail) = halves(ofTurn: x) else { return .nan }
    if r == 0 {
      if quadrant & 1 == 1 { return quadrant == 1 ? .infinity : -.infinity }
      return x.sign == .minus ? -0.0 : 0
    }
    let (sine, cosine) = (sinKernel(r, tail), cosKernel(r, tail))
    return quadrant & 1 == 0 ? sine / cosine : -(cosine / sine)
  }

  /// The arcus tangent, from −π/2 to π/2.
  public static func atan(_ x: Double) -> Double {
    let size = x.magnitude
    if size < 0x1p-27 { return x }
    guard size < 0x1p66 else { return x.isNaN ? x : x > 0 ? 0x1.921fb54442d18p+0 : -0x1.921fb54442d18p+0 }
    if size < 0.4375 { return x + x * (x * x * atanQuotient(x * x)) }
    // atan |x| = atan c + atan t with c = ½, 1, 1½, ∞ and |t| ≤ 7/16.
    let t, high, low: Double
    if size < 0.6875 {
      (t, high, low) = ((2 * size - 1) / (2 + size), 0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56)
    } else if size < 1.1875 {
      (t, high, low) = ((size - 1) / (size + 1), 0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55)
    } else if size < 2.4375 {
      (t, high, low) = ((size - 1.5) / (1 + 1.5 * size), 0x1.f730bd281f69bp-1, 0x1.007887af0cbbdp-56)
    } else {
      (t, high, low) = (-1 / size, 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54)
    }
    let value = high + ((t * (t * t * atanQuotient(t * t)) + low) + t)
    return x > 0 ? value : -value
  }

  /// (atan x − x)/x³ for z = x² ≤ 49/256: minimax polynomial of degree 11, error 4·10⁻¹⁸.
  private static func atanQuotient(_ z: Double) -> Double {
    let z2 = z * z
    let z4 = z2 * z2
    let a =
      (-0x1.5555555555555p-2 + z * 0x1.99999999998c5p-3)
      + z2 * (-0x1.2492492485503p-3 + z * 0x1.c71c71bd2b8bcp-4)
    let b =
      (-0x1.745d154c84f7ap-4 + z * 0x1.3b1375ce5bdc6p-4)
      + z2 * (-0x1.110c9ce7b0572p-4 + z * 0x1.e170800a46210p-5)
    let c =
      (-0x1.ab59b417b2d3fp-5 + z * 0x1.7001816fd063fp-5)
      + z2 * (-0x1.0f62bba6a2558p-5 + z * 0x1.e4167464d3de8p-7)
    return a + z4 * (b + z4 * c)
  }

  /// sin(r + tail) for |r| ≤ π/4: minimax polynomial, error 6·10⁻¹⁸.
  static func sinKernel(_ r: Double, _ tail: Double) -> Double {
    let z = r * r
    let z2 = z * z
    let a = -0x1.5555555555555p-3 + z * 0x1.1111111111110p-7
    let b =
      (-0x1.a01a01a019937p-13 + z * 0x1.71de3a54607a5p-19)
      + z2 * ((-0x1.ae64541295cdfp-26 + z * 0x1.61217ee5cca1bp-33) - z2 * 0x1.ab17bdcbd3414p-41)
    return r + (r * (z * (a + z2 * b)) + tail * (1 - 0.5 * z))
  }

  /// cos(r + tail) for |r| ≤ π/4: minimax polynomial, error 10⁻¹⁸.
  static func cosKernel(_ r: Double, _ tail: Double) -> Double {
    let z = r * r
    let z2 = z * z
    let a = 0x1.5555555555555p-5 - z * 0x1.6c16c16c16c16p-10
    let b =
      (0x1.a01a01a019d0ap-16 - z * 0x1.27e4fb7712ca2p-22)
      + z2 * ((0x1.1eed8deb82809p-29 - z * 0x1.9394b9eb4d56dp-37) + z2 * 0x1.ab78473be59d7p-45)
    let half = 0.5 * z
    let sum = 1 - half
    return sum + (((1 - sum) - half) + (z2 * (a + z2 * b) - r * tail))
  }

  /// x mod 2 = quadrant/2 + rest, and π·rest = r + tail, |r| ≤ π/4; nil unless x is finite.
  private static func halves(ofTurn x: Double) -> (quadrant: Int, r: Double, tail: Double)? {
    guard x.magnitude < .infinity else { return nil }
    let turn = x - 2 * (0.5 * x).rounded(.towardZero)
    let shifted = 2 * turn + roundingShift
    let rest = turn - 0.5 * (shifted - roundingShift)
    let (product, error) = exactProduct(rest, .pi)
    return (Int(truncatingIfNeeded: shifted.bitPattern & 3), product, error + rest * 0x1.1a62633145c07p-53)
  }
}
