// SPDX-License-Identifier: Apache-2.0

extension Elementary {
  /// x^y with the conventions of IEEE 754: 1 for y = 0 whatever x is, NaN for x < 0 unless y is an integer,
  /// and so on.
  ///
  /// Results that are representable are exact (2^−10, 3^5, 1.5^2); x^½ is the square root.
  public static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if x.isNaN || y.isNaN { return .nan }
    if y == 1 { return x }
    if y == 2 { return x * x }
    if y == -1 { return 1 / x }
    let isOdd = y.magnitude < 0x1p53 && isInteger(y) && Int64(y) & 1 == 1
    if x == 0 || x.magnitude == .infinity || y.magnitude == .infinity {
      return extremePower(x, y, isOdd)
    }
    if x < 0 && y.magnitude < 0x1p53 && !isInteger(y) { return .nan }
    // √x is rounded exactly; a negative x would have been caught, as ½ is not an integer.
    if y == 0.5 { return x.squareRoot() }
    let sign: Double = x < 0 && isOdd ? -1 : 1
    let size = x.magnitude
    if size == 1 { return sign }
    // Beyond these powers even the neighbours of 1 overflow or vanish.
    if y.magnitude > 0x1p64 { return (size > 1) == (y > 0) ? .infinity : 0 }
    let (exponent, high, low) = logParts(size)
    let k = Double(exponent)
    let (sum, lost) = exactSum(k * ln2High, high)
    let (logarithm, lostLow) = exactSum(sum, k * ln2Low)
    let rest = lost + lostLow + (low + k * 0x1.cc01f97b57a08p-87)
    guard (y * logarithm).magnitude < 800 else {
      return y * logarithm > 0 ? sign * .infinity : sign * 0
    }
    let (product, error) = exactProduct(y, logarithm)
    return sign * exp(product, plus: error + y * rest)
  }

  /// x^n by repeated squaring, n ≥ 0. Exact as long as all factors are.
  @inlinable
  public static func pow(_ x: Double, _ n: Int) -> Double {
    var (result, square, rest) = (1.0, x, n)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest &>>= 1
    }
    return result
  }

  private static func isInteger(_ y: Double) -> Bool { y.rounded(.towardZero) == y }

  private static func extremePower(_ x: Double, _ y: Double, _ isOdd: Bool) -> Double {
    let size = x.magnitude
    if y.magnitude == .infinity {
      if size == 1 { return 1 }
      return (size > 1) == (y > 0) ? .infinity : 0
    }
    let isLarge = (size == .infinity) == (y > 0)
    let value: Double = isLarge ? .infinity : 0
    return x.sign == .minus && isOdd ? -value : value
  }
}
