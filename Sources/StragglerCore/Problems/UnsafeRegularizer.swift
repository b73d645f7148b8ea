// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// What is added to an average of losses, times λ.
public enum Regularizer: Int, Sendable {
  /// Σ xⱼ²/(1 + xⱼ²), bounded and not convex.
  case nonconvex
  /// ½‖x‖².
  case l2
  /// 0: the losses alone.
  case none

  /// The largest magnitude of a second derivative: at 0 for `nonconvex`, whose is (2 − 6x²)/(1 + x²)³.
  public var smoothness: Double {
    switch self {
    case .nonconvex: 2
    case .l2: 1
    case .none: 0
    }
  }

  /// The value at x. O(d).
  public func value<S: Scalar>(at x: Span<S>) -> Double {
    switch self {
    case .none: 0
    case .l2: S.squaredNorm(x) / 2
    case .nonconvex:
      unsafe x.withUnsafeBufferPointer { x in
        let (count, x) = unsafe (x.count, UnsafeRawPointer(x.baseAddress))
        return S.self == Float.self
          ? unsafe sk_bounded_sum_f32(x?.assumingMemoryBound(to: Float.self), count)
          : unsafe sk_bounded_sum_f64(x?.assumingMemoryBound(to: Double.self), count)
      }
    }
  }

  /// g += weight · the gradient at x, which is 2xⱼ/(1 + xⱼ²)² for `nonconvex`. O(d).
  public func accumulate<S: Scalar>(_ weight: Double, at x: Span<S>, into g: inout MutableSpan<S>) {
    switch self {
    case .none: break
    case .l2: S.add(S(weight), x, to: &g)
    case .nonconvex:
      let count = min(x.count, g.count)
      unsafe g.withUnsafeMutableBufferPointer { g in
        unsafe x.withUnsafeBufferPointer { x in
          let x = unsafe UnsafeRawPointer(x.baseAddress)
          let g = UnsafeMutableRawPointer(g.baseAddress)
          if S.self == Float.self {
            unsafe sk_add_bounded_gradient_f32(
              g?.assumingMemoryBound(to: Float.self), weight, x?.assumingMemoryBound(to: Float.self), count)
          } else {
            unsafe sk_add_bounded_gradient_f64(
              g?.assumingMemoryBound(to: Double.self), weight, x?.assumingMemoryBound(to: Double.self), count)
          }
        }
      }
    }
  }
}
