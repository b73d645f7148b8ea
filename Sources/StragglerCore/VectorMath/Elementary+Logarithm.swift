// SPDX-License-Identifier: Apache-2.0

extension Elementary {
  /// The natural logarithm. −∞ at 0, NaN below.
  @inlinable
  public static func log(_ x: Double) -> Double {
    guard x >= 0x1p-1022 && x < .infinity else { return extremeLog(x) }
    let (exponent, f) = mantissa(x)
    return logOnePlus(f, 0, exponent)
  }

  /// ln(1 + x), accurate for small x. −∞ at −1, NaN below.
  public static func log1p(_ x: Double) -> Double {
    guard x > -1 && x < .infinity else { return x == -1 ? -.infinity : x == .infinity ? x : .nan }
    if x.magnitude < 0x1p-54 { return x }
    if x > -0.2928 && x < 0.4142 { return logOnePlus(x, 0, 0) }
    let sum = 1 + x
    let error = sum < 2 ? x - (sum - 1) : 1 - (sum - x)
    let (exponent, f) = mantissa(sum)
    // What 1 + x lost in rounding enters to first order.
    return logOnePlus(f, error / sum, exponent)
  }

  /// The logarithm to base 2, exact for powers of two.
  public static func log2(_ x: Double) -> Double {
    guard x > 0 && x < .infinity else { return extremeLog(x) }
    let (exponent, high, low) = logParts(x)
    let (product, error) = exactProduct(high, 0x1.71547652b82fep+0)
    let rest = error + (low * 0x1.71547652b82fep+0 + high * 0x1.777d0ffda0d24p-56)
    let (sum, lost) = exactSum(Double(exponent), product)
    return sum + (lost + rest)
  }

  /// The logarithm to base 10, exact for powers of ten.
  public static func log10(_ x: Double) -> Double {
    guard x > 0 && x < .infinity else { return extremeLog(x) }
    let (exponent, high, low) = logParts(x)
    let k = Double(exponent)
    let (product, error) = exactProduct(high, 0x1.bcb7b1526e50ep-2)
    let rest = error + (low * 0x1.bcb7b1526e50ep-2 + high * 0x1.95355baaafad3p-57)
    let (sum, lost) = exactSum(k * 0x1.3441350800000p-2, product)
    let (total, lostLow) = exactSum(sum, k * 0x1.f79fef311f12bp-34)
    return total + (lost + lostLow + rest)
  }

  /// x = 2ᵏ(1 + f) with √½ ≤ 1 + f < √2, for normal x.
  @inlinable
  static func mantissa(_ x: Double) -> (exponent: Int, f: Double) {
    let half: UInt64 = 0x3FE6_A09E_0000_0000
    let bits = x.bitPattern &+ (0x3FF0_0000_0000_0000 &- half)
    let exponent = Int(truncatingIfNeeded: bits &>> 52) &- 1023
    return (exponent, Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF &+ half) - 1)
  }

  /// ln(1 + f) + rest + k·ln 2. With s = f/(2 + f): ln(1 + f) = 2s + s³P(s²) and 2s = f − f²/2 + s·f²/2.
  @inlinable
  static func logOnePlus(_ f: Double, _ rest: Double, _ exponent: Int) -> Double {
    let s = f / (2 + f)
    let z = s * s
    let half = 0.5 * f * f
    let k = Double(exponent)
    return k * ln2High - ((half - (s * (half + z * logQuotient(z)) + (k * ln2Low + rest))) - f)
  }

  /// (ln((1 + s)/(1 − s)) − 2s)/s³ for z = s² ≤ 0.0295: minimax polynomial of degree 7.
  @inlinable
  static func logQuotient(_ z: Double) -> Double {
    let z2 = z * z
    let z4 = z2 * z2
    return
      ((0x1.5555555555555p-1 + z * 0x1.9999999999a38p-2) + z2
      * (0x1.2492492476c87p-2 + z * 0x1.c71c720160b47p-3)) + z4
      * ((0x1.745cf901605f7p-3 + z * 0x1.3b1c360763b8ap-3) + z2
        * (0x1.0fbe83c2cbcf3p-3 + z * 0x1.0c04595972ab8p-3))
  }

  /// x = 2ᵏm and high + low = ln m with a relative error of 2⁻⁶⁵, for finite x > 0.
  static func logParts(_ x: Double) -> (exponent: Int, high: Double, low: Double) {
    let isSubnormal = x < 0x1p-1022
    let (exponent, f) = mantissa(isSubnormal ? x * 0x1p54 : x)
    let k = isSubnormal ? exponent - 54 : exponent
    // s = f/(2 + f) to twice the precision.
    let divisor = 2 + f
    let divisorLow = f - (divisor - 2)
    let s = f / divisor
    let (product, error) = exactProduct(s, divisor)
    let sLow = (((f - product) - error) - s * divisorLow) / divisor
    let (z, zError) = exactProduct(s, s)
    let zLow = zError + 2 * s * sLow
    // 2 + s²P(s²), of which the first two terms need twice the precision.
    let tail =
      z
      * (0x1.999999999999ap-2 + z
        * (0x1.2492492492491p-2 + z
          * (0x1.c71c71c71cfd9p-3 + z
            * (0x1.745d174513593p-3 + z
              * (0x1.3b13b1bc75cd4p-3 + z
                * (0x1.1110dfad0f8eap-3 + z
                  * (0x1.e1f7fa7547177p-4 + z
                    * (0x1.ac4a89c964b82p-4 + z * 0x1.b8d433113b7fap-4))))))))
    let (p, pError) = exactSum(0x1.5555555555555p-1, tail)
    let pLow = pError + 0x1.5555555555555p-55
    let (cubic, cubicError) = exactProduct(z, p)
    let (factor, factorError) = exactSum(2, cubic)
    let factorLow = factorError + (cubicError + (z * pLow + zLow * p))
    let (high, highError) = exactProduct(s, factor)
    return (k, high, highError + (s * factorLow + sLow * factor))
  }

  @usableFromInline
  static func extremeLog(_ x: Double) -> Double {
    if x == 0 { return -.infinity }
    if x == .infinity { return x }
    guard x > 0 else { return .nan }
    let (exponent, f) = mantissa(x * 0x1p54)
    return logOnePlus(f, 0, exponent - 54)
  }
}
