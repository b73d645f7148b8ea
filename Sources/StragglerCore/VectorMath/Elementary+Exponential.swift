// SPDX-License-Identifier: Apache-2.0

extension Elementary {
  /// eˣ. Zero below −745.2, infinite above 709.8.
  @inlinable
  public static func exp(_ x: Double) -> Double {
    guard x.magnitude < 708 else { return extremeExp(x, 0) }
    let (exponent, r, tail) = reduced(x, 0)
    return (1 + (r + (tail + r * r * expQuotient(r)))) * powerOfTwo(exponent)
  }

  /// e^(x + rest), where `rest` is a correction that is tiny beside 1.
  @inlinable
  static func exp(_ x: Double, plus rest: Double) -> Double {
    guard x.magnitude < 708 else { return extremeExp(x, rest) }
    return accurateExp(x, rest)
  }

  /// eˣ − 1, accurate for small x.
  public static func expm1(_ x: Double) -> Double {
    guard x.magnitude < 708 else { return x > 0 ? extremeExp(x, 0) : x < 0 ? -1 : x }
    if x.magnitude < 0.34 {
      // Below 2⁻⁵⁴ the square vanishes; −0 stays −0.
      return x.magnitude < 0x1p-54 ? x : x + x * x * expQuotient(x)
    }
    if x < -40 { return -1 }
    let (exponent, r, tail) = reduced(x, 0)
    if exponent > 60 { return (1 + (r + (tail + r * r * expQuotient(r)))) * powerOfTwo(exponent) }
    // 2ᵏ(eʳ − 1) + (2ᵏ − 1), the large parts added without error.
    let (sum, error) = exactSum(1 - powerOfTwo(-exponent), r)
    return (sum + (error + (tail + r * r * expQuotient(r)))) * powerOfTwo(exponent)
  }

  /// x + rest = k·ln 2 + r + tail, |r| ≤ ½ ln 2.
  @inlinable
  static func reduced(_ x: Double, _ rest: Double) -> (exponent: Int, r: Double, tail: Double) {
    let shifted = x * 0x1.71547652b82fep+0 + roundingShift
    let k = shifted - roundingShift
    let high = x - k * ln2High
    let low = rest - k * ln2Low
    let r = high + low
    let exponent = Int(truncatingIfNeeded: shifted.bitPattern &<< 13) &>> 13
    return (exponent, r, (high - r) + low)
  }

  /// (eʳ − 1 − r)/r² for |r| ≤ 0.3467: minimax polynomial of degree 10, error 3·10⁻¹⁹.
  @inlinable
  static func expQuotient(_ r: Double) -> Double {
    let r2 = r * r
    let r4 = r2 * r2
    let a = (0.5 + 0x1.5555555555557p-3 * r) + r2 * (0x1.5555555555556p-5 + 0x1.11111111100d5p-7 * r)
    let b =
      (0x1.6c16c16c162d1p-10 + 0x1.a01a01abeb69fp-13 * r)
      + r2 * (0x1.a01a01a6da7e2p-16 + 0x1.71de0226bd07ap-19 * r)
    let c = (0x1.27e4db5e389d2p-22 + 0x1.af4e000e84be8p-26 * r) + r2 * 0x1.1f73102e57f8bp-29
    return a + r4 * (b + r4 * c)
  }

  /// e^(x + rest) with an error before the last rounding of some hundredths of a unit.
  @usableFromInline
  static func accurateExp(_ x: Double, _ rest: Double) -> Double {
    let (exponent, r, tail) = reduced(x, rest)
    let sum = 1 + r
    let error = r - (sum - 1)
    return scale(sum + (error + (tail + r * r * expQuotient(r))), by: exponent)
  }

  @usableFromInline
  static func extremeExp(_ x: Double, _ rest: Double) -> Double {
    if x.isNaN { return x }
    if x > 710 { return .infinity }
    if x < -746 { return 0 }
    return accurateExp(x, rest)
  }
}
