/// What is added to an average of losses, times λ.
public enum Regularizer: Int, Sendable {
  /// Σ xⱼ²/(1 + xⱼ²), bounded and not convex.
  case nonconvex
  /// ½‖x‖².
  case l2
  case none

  /// The largest magnitude of a second derivative: at 0 for `nonconvex`, whose is (2 − 6x²)/(1 + x²)³.
  @inlinable public var smoothness: Double {
    switch self {
    case .nonconvex: 2
    case .l2: 1
    case .none: 0
    }
  }

  /// The value at x.
  @inlinable
  public func value<S: Scalar>(at x: Span<S>) -> Double {
    switch self {
    case .none: return 0
    case .l2: return S.squaredNorm(x) / 2
    case .nonconvex:
      var sum = 0.0
      for index in x.indices {
        let square = Double(x[index]) * Double(x[index])
        // ∞/∞ is no number, but the limit is 1.
        sum += square < .infinity ? square / (1 + square) : square.isNaN ? .nan : 1
      }
      return sum
    }
  }

  /// g += weight · the gradient at x, which is 2xⱼ/(1 + xⱼ²)² for `nonconvex`.
  @inlinable
  public func accumulate<S: Scalar>(_ weight: Double, at x: Span<S>, into g: inout MutableSpan<S>) {
    let w = S(weight)
    switch self {
    case .none: break
    case .l2: S.add(w, x, to: &g)
    case .nonconvex:
      let count = x.count < g.count ? x.count : g.count
      let double = w + w
      for index in 0..<count {
        let base = 1 + x[index] * x[index]
        g[index] += double * x[index] / (base * base)
      }
    }
  }
}
