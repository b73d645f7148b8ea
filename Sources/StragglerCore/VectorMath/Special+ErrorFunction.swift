// SPDX-License-Identifier: Apache-2.0

extension Special {
  /// The error function, 2/√π ∫₀ˣ e^(−t²) dt.
  public static func erf(_ x: Double) -> Double {
    let size = x.magnitude
    if size <= 0.75 { return x * erfQuotient(x * x) }
    let value = 1 - gaussian(size, over: 1) * scaledErfc(size)
    return x < 0 ? -value : value
  }

  /// 1 − erf(x), accurate to some 10⁻¹⁵ relative in the upper tail too.
  public static func erfc(_ x: Double) -> Double {
    let size = x.magnitude
    if size <= 0.46875 { return 1 - x * erfQuotient(x * x) }
    let value = gaussian(size, over: 1) * scaledErfc(size)
    return x < 0 ? 2 - value : value
  }

  /// e^(x²) erfc(x) for x ≥ 0; falls like 1/(x√π).
  ///
  /// A polynomial of degree 26 in (x − 4)/(x + 4), after Shepherd and Laframboise (1981), with coefficients
  /// of our own; relative error 2·10⁻¹⁶.
  public static func scaledErfc(_ x: Double) -> Double {
    guard x < 1e10 else { return inverseRootPi / x }
    let t = (x - 4) / (x + 4)
    let t2 = t * t
    let t3 = t2 * t
    let t4 = t2 * t2
    // Four Horner schemes in t⁴ side by side.
    let step = SIMD4(repeating: t4)
    var sum = SIMD4(-0x1.2d277a41632e3p-31, -0x1.2dbbbb75b6682p-33, 0x1.7d604a7f621f4p-35, 0)
    sum =
      sum * step
      + SIMD4(-0x1.78888d24fa8a1p-26, -0x1.f9443297365a1p-27, 0x1.117f492198859p-28, 0x1.ebb009434f4efp-30)
    sum =
      sum * step
      + SIMD4(0x1.385bb6c82456ap-22, -0x1.badf24e872985p-21, 0x1.5305495fa5317p-24, 0x1.d8d5b12b4bdebp-24)
    sum =
      sum * step
      + SIMD4(0x1.3be032de511d3p-13, -0x1.9958a8c635c6bp-16, -0x1.788189c990557p-17, 0x1.7f235478fdcf6p-18)
    sum =
      sum * step
      + SIMD4(-0x1.0962388548d8dp-6, 0x1.49c6728db72cdp-8, -0x1.8d4a9990c5199p-11, -0x1.a1df2ad41dddep-13)
    sum =
      sum * step
      + SIMD4(-0x1.9ddb23c3e9106p-4, 0x1.7fee004e13186p-4, -0x1.0fb06dfe48b0ep-4, 0x1.3079edf668f38p-5)
    sum =
      sum * step
      + SIMD4(0x1.3ba5916e9fd7fp+0, -0x1.1df1ad154a28ep-3, 0x1.f7f5df66fd7bep-7, 0x1.16ecefcfa533fp-4)
    return ((sum[0] + sum[1] * t) + (sum[2] * t2 + sum[3] * t3)) / (1 + 2 * x)
  }

  /// e^(−x²/`divisor`), x² to twice the precision, since its rounding would show in the tails.
  static func gaussian(_ x: Double, over divisor: Double) -> Double {
    // e^(−746) is zero.
    guard x.magnitude < 40 else { return x.isNaN ? x : 0 }
    let high = Double(bitPattern: x.bitPattern & 0xFFFF_FFFF_F800_0000)
    return Elementary.exp(-(high * high) / divisor, plus: -((x - high) * (x + high)) / divisor)
  }

  /// erf(x)/x for z = x² ≤ 0.5625: minimax polynomial of degree 11, error 3·10⁻¹⁷.
  private static func erfQuotient(_ z: Double) -> Double {
    let tail =
      0x1.565bcd0e2c5b4p-8 + z
      * (-0x1.c02db3ec9c727p-11 + z
        * (0x1.f9a323064b1f3p-14 + z
          * (-0x1.f4d1d617ff3bbp-17 + z
            * (0x1.b9dae3399920cp-20 + z
              * (-0x1.5ec0d3e16bef9p-23 + z * (0x1.ef413102dc27cp-27 - z * 0x1.05349681fb140p-30))))))
    return 0x1.20dd750429b6dp+0 + z
      * (-0x1.812746b0379e7p-2 + z * (0x1.ce2f21a042bc6p-4 + z * (-0x1.b82ce31287ce2p-6 + z * tail)))
  }
}
