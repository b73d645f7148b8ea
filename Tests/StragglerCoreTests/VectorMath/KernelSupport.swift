// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

/// Everything that switches SIMD levels: one suite, since the level belongs to the process.
@Suite(.serialized) enum Kernels {}

extension Kernels {
  /// The levels that this machine has.
  static let levels: [SIMDLevel] = [.baseline, .avx2, .avx512].filter(\.isAvailable)

  /// `body` at every level; the highest is in force again afterwards.
  static func atEveryLevel(_ body: (SIMDLevel) throws -> Void) rethrows {
    defer { SIMDLevel.select(.highest) }
    for level in levels {
      SIMDLevel.select(level)
      try body(level)
    }
  }

  /// Lengths around every multiple of a register, and places off every alignment.
  static let lengths = Array(0...67) + [127, 1000]
  static let offsets = [0, 1, 3]

  /// Numbers of both signs over eleven binary orders of magnitude, not exact in Float.
  static func numbers<S: Scalar>(_ count: Int, seed: UInt64) -> [S] {
    var stream = RandomStream(seed: seed, purpose: .data)
    return (0..<count).map { _ in
      let size = Double(1 << stream.integer(below: 11))
      return S((stream.uniform() - 0.5) * size)
    }
  }
}

/// The bytes of the elements: equality to the last bit, of zeros' signs too.
func bytes<S: BitwiseCopyable>(_ elements: [S]) -> [UInt8] { elements.withUnsafeBytes { Array($0) } }

extension Scalar {
  /// Runs a kernel that updates `elements` from `offset` on.
  static func update(
    _ elements: [Self], from offset: Int, count: Int, _ kernel: (inout MutableSpan<Self>) -> Void
  ) -> [Self] {
    var elements = elements
    elements.withUnsafeMutableBufferPointer { buffer in
      var span = MutableSpan(
        _unsafeElements: UnsafeMutableBufferPointer(rebasing: buffer[offset..<offset + count]))
      kernel(&span)
    }
    return elements
  }
}
