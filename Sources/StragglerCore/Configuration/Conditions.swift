/// What the theory needs to know of a problem and of the goal. A quantity that is not known is nan.
public struct Conditions: BitwiseCopyable, Sendable {
  /// L, the smoothness constant of f.
  public var smoothness = Double.nan
  /// σ², the bound on E‖∇f(x;ξ) − ∇f(x)‖².
  public var variance = Double.nan
  /// f*, the infimum of f.
  public var optimum = Double.nan
  /// Δ = f(x⁰) − f*.
  public var gap = Double.nan
  /// ε, the accuracy aimed at: ‖∇f‖² ≤ ε.
  public var epsilon = 1e-4

  public init() {}

  /// σ²/ε, the noise that the accuracy has to cope with.
  public var noiseRatio: Double { variance / epsilon }
}
