// SPDX-License-Identifier: Apache-2.0

/// Elementary functions with the same bits on every machine.
///
/// libm's last bit differs between machines (it picks code by CPU), and one changed bit of a duration can
/// reorder events. So these are built of nothing but +, −, ×, ÷, √ and integer arithmetic, in one fixed
/// order, without fused multiply-add and without tables. Errors stay below one unit in the last place,
/// `tanPi`'s below three. Special values (NaN, ±∞, ±0, poles, overflow) are those of C; nothing traps.
public enum Elementary {}

// MARK: - Pieces that the functions share

extension Elementary {
  /// 1.5·2⁵²: adding and subtracting it rounds to the nearest integer, which is in the low bits
  /// meanwhile.
  @inlinable static var roundingShift: Double { 0x1.8p52 }

  /// ln 2 in two pieces; the first has 32 bits, so that its product with an exponent is exact.
  @inlinable static var ln2High: Double { 0x1.62e42fee00000p-1 }
  @inlinable static var ln2Low: Double { 0x1.a39ef35793c76p-33 }

  /// 2^`exponent` for exponents of normal numbers.
  @inlinable
  static func powerOfTwo(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(truncatingIfNeeded: exponent &+ 1023) &<< 52)
  }

  /// `value` · 2^`exponent`, rounded once more where the result is subnormal.
  @inlinable
  static func scale(_ value: Double, by exponent: Int) -> Double {
    let bounded = exponent < -2000 ? -2000 : exponent > 2000 ? 2000 : exponent
    let half = bounded / 2
    return value * powerOfTwo(half) * powerOfTwo(bounded - half)
  }

  /// a + b = sum + error, exactly. Source: Knuth.
  @inlinable
  static func exactSum(_ a: Double, _ b: Double) -> (sum: Double, error: Double) {
    let sum = a + b
    let part = sum - a
    return (sum, (a - (sum - part)) + (b - part))
  }

  /// a · b = product + error, exactly, below 2⁹⁹⁶. Source: Dekker, Veltkamp.
  @inlinable
  static func exactProduct(_ a: Double, _ b: Double) -> (product: Double, error: Double) {
    let product = a * b
    let (aHigh, aLow) = halves(a)
    let (bHigh, bLow) = halves(b)
    return (product, ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow)
  }

  /// `value` in two pieces of 26 bits each.
  @inlinable
  static func halves(_ value: Double) -> (high: Double, low: Double) {
    let shifted = 134_217_729 * value
    let high = shifted - (shifted - value)
    return (high, value - high)
  }
}
