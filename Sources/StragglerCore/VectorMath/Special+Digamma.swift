// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// ψ(x) = d ln Γ(x)/dx for x > 0; −∞ at 0, NaN below. Absolute error about 10⁻¹⁵ of max(1, |ψ|).
  public static func digamma(_ x: Double) -> Double {
    guard x > 0 && x < .infinity else { return x == 0 ? -.infinity : x == .infinity ? x : .nan }
    var (rest, shift) = (x, 0.0)
    while rest < 12 {
      shift += 1 / rest
      rest += 1
    }
    let z = 1 / (rest * rest)
    let tail = 0.0075757575757575758 + z * (-0.021092796092796093 + z * 0.083333333333333333)
    let series =
      0.083333333333333333 + z
      * (-0.0083333333333333333 + z * (0.0039682539682539683 + z * (-0.0041666666666666667 + z * tail)))
    return Elementary.log(rest) - 0.5 / rest - z * series - shift
  }

  /// ψ′(x) for x > 0; ∞ at 0, NaN below. Relative error about 10⁻¹⁵.
  public static func trigamma(_ x: Double) -> Double {
    guard x > 0 && x < .infinity else { return x == 0 ? .infinity : x == .infinity ? 0 : .nan }
    var (rest, shift) = (x, 0.0)
    while rest < 12 {
      shift += 1 / (rest * rest)
      rest += 1
    }
    let z = 1 / (rest * rest)
    let tail = 0.075757575757575758 + z * (-0.25311355311355311 + z * 1.1666666666666667)
    let series =
      0.16666666666666667 + z
      * (-0.033333333333333333 + z * (0.023809523809523810 + z * (-0.033333333333333333 + z * tail)))
    return shift + 1 / rest + 0.5 * z + z / rest * series
  }
}
