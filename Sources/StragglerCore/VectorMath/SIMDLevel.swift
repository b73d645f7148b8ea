// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// How wide the registers are that the kernels use. Results are the same at every level.
///
/// The highest level that the machine has is in force from the start; `select` is for tests and
/// measurements.
public enum SIMDLevel: Int, Comparable, Sendable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on AArch64.
  case baseline = 0
  /// AVX2, 32 bytes.
  case avx2 = 1
  /// AVX-512 with F, DQ, VL and BW, 64 bytes.
  case avx512 = 2

  /// The level in force.
  public static var current: SIMDLevel { SIMDLevel(rawValue: Int(sk_level())) ?? .baseline }

  /// The highest level that this machine has.
  public static var highest: SIMDLevel { SIMDLevel(rawValue: Int(sk_highest_level())) ?? .baseline }

  /// Puts `level` in force, or the highest that the machine has if that is lower; returns it.
  ///
  /// For the whole process. Kernels that run on other threads finish as they began.
  @discardableResult
  public static func select(_ level: SIMDLevel) -> SIMDLevel {
    SIMDLevel(rawValue: Int(sk_select_level(Int32(level.rawValue)))) ?? .baseline
  }

  /// Whether this machine has the level.
  public var isAvailable: Bool { self <= .highest }

  /// The name of the level.
  public var name: StaticText {
    switch self {
    case .baseline: "baseline"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }

  public static func < (left: SIMDLevel, right: SIMDLevel) -> Bool { left.rawValue < right.rawValue }
}
