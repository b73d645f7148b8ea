// SPDX-License-Identifier: Apache-2.0

extension Elementary {
  /// x = quadrant·π/2 + r + tail up to multiples of 2π, |r| ≤ π/4 and a little.
  static func quarterTurns(_ x: Double) -> (quadrant: Int, r: Double, tail: Double) {
    if x.magnitude <= 0.7853981633974483 { return (0, x, 0) }
    guard x.magnitude < 0x1p20 else {
      return x.magnitude < .infinity ? largeQuarterTurns(x) : (0, .nan, 0)
    }
    // Cody and Waite: π/2 in three pieces, the first two of 33 bits, so that their products are exact.
    let shifted = x * 0x1.45f306dc9c883p-1 + roundingShift
    let n = shifted - roundingShift
    let (first, error) = exactSum(x - n * 0x1.921fb54400000p+0, -(n * 0x1.0b4611a600000p-34))
    let rest = error - n * 0x1.3198a2e037073p-69
    let r = first + rest
    // Too close to a multiple of π/2 for three pieces.
    if r.magnitude < 0x1p-20 { return largeQuarterTurns(x) }
    return (Int(truncatingIfNeeded: shifted.bitPattern & 3), r, (first - r) + rest)
  }

  /// The same for any finite x: the bits of 2/π that matter times the mantissa. Source: Payne and Hanek
  /// (1983).
  private static func largeQuarterTurns(_ x: Double) -> (quadrant: Int, r: Double, tail: Double) {
    let mantissa = x.significandBitPattern | (1 << 52)
    // |x| = mantissa · 2^exponent; bits of 2/π of weight above 2^(2−exponent) give whole turns.
    let exponent = Int(x.exponentBitPattern) - 1075
    let first = exponent - 2
    let (w0, w1, w2) = (twoOverPi(at: first), twoOverPi(at: first + 64), twoOverPi(at: first + 128))
    // The product modulo 2¹⁹²: its top two bits are the quadrant, the rest is the fraction of a quarter turn.
    let low = mantissa.multipliedFullWidth(by: w2)
    let middle = mantissa.multipliedFullWidth(by: w1)
    let (p1, carry) = middle.low.addingReportingOverflow(low.high)
    let p0 = mantissa &* w0 &+ middle.high &+ (carry ? 1 : 0)
    let p2 = low.low
    var quadrant = Int(truncatingIfNeeded: p0 &>> 62)
    var (f0, f1, f2) = (p0 &<< 2 | p1 &>> 62, p1 &<< 2 | p2 &>> 62, p2 &<< 2)
    let isNegative = f0 &>> 63 == 1
    if isNegative {
      // Above one half: the next quarter turn is nearer.
      quadrant &+= 1
      (f0, f1, f2) = (~f0, ~f1, ~f2)
    }
    // At most one of 10³ numbers has its first 64 bits zero; no double has 128.
    let isShort = f0 == 0
    if isShort { (f0, f1, f2) = (f1, f2, 0) }
    let zeros = f0.leadingZeroBitCount
    if zeros > 0 {
      f0 = f0 << UInt64(zeros) | f1 >> UInt64(64 - zeros)
      f1 = f1 << UInt64(zeros) | f2 >> UInt64(64 - zeros)
    }
    let unit = powerOfTwo(-zeros - (isShort ? 64 : 0))
    let high = Double(f0 &>> 11) * 0x1p-53
    let rest = Double((f0 & 0x7FF) &<< 42 | f1 &>> 22) * 0x1p-106
    let (product, error) = exactProduct(high, 0x1.921fb54442d18p+0)
    let tail = error + (high * 0x1.1a62633145c07p-54 + rest * 0x1.921fb54442d18p+0)
    let r = product + tail
    let turn = ((product - r) + tail) * unit
    let isMirrored = isNegative != (x < 0)
    return ((x < 0 ? -quadrant : quadrant) & 3, isMirrored ? -r * unit : r * unit, isMirrored ? -turn : turn)
  }

  /// 64 bits of 2/π, the first of them of weight 2^−(position + 1).
  private static func twoOverPi(at position: Int) -> UInt64 {
    let word = position >> 6
    let shift = UInt64(position & 63)
    let high = twoOverPiWord(word) << shift
    return shift == 0 ? high : high | twoOverPiWord(word + 1) >> (64 - shift)
  }

  private static func twoOverPiWord(_ index: Int) -> UInt64 {
    let words: InlineArray<20, UInt64> = [
      0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041, 0xFE51_63AB_DEBB_C561,
      0xB724_6E3A_424D_D2E0, 0x0649_2EEA_09D1_921C, 0xFE1D_EB1C_B129_A73E, 0xE882_35F5_2EBB_4484,
      0xE99C_7026_B45F_7E41, 0x3991_D639_8353_39F4, 0x9C84_5F8B_BDF9_283B, 0x1FF8_97FF_DE05_980F,
      0xEF2F_118B_5A0A_6D1F, 0x6D36_7ECF_27CB_09B7, 0x4F46_3F66_9E5F_EA2D, 0x7527_BAC7_EBE5_F17B,
      0x3D07_39F7_8A52_92EA, 0x6BFB_5FB1_1F8D_5D08, 0x5603_3046_FC7B_6BAB, 0xF0CF_BC20_9AF4_361D,
    ]
    return words.indices.contains(index) ? words[index] : 0
  }
}
