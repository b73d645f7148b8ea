// SPDX-License-Identifier: Apache-2.0

/// Special functions, from `Elementary` alone: the same bits on every machine, and nothing traps.
///
/// Arguments outside of a function's domain give NaN; ±∞ gives the limit.
public enum Special {
  /// ½ ln 2π.
  static var logRootTwoPi: Double { 0.9189385332046728 }
  /// ½ ln π.
  static var logRootPi: Double { 0.5723649429247001 }
  /// 1/√π.
  @inlinable static var inverseRootPi: Double { 0x1.20dd750429b6dp-1 }
  /// √½.
  @inlinable static var rootHalf: Double { 0x1.6a09e667f3bcdp-1 }
}
