// SPDX-License-Identifier: Apache-2.0

/// A coordinate of a model: `Float` or `Double`. The requirements are the kernels.
///
/// Kernels give the same bits at every SIMD level. Sums run in double precision, for `Float` too, over 16
/// lanes: element i goes to lane i mod 16 in the order of i, and the lanes are added pairwise (l with l+8,
/// l+4, l+2, l+1). Everything else is one rounded operation after another, element by element; multiply and
/// add are never fused.
///
/// Spans of different lengths are worked on up to the shortest. Outputs never overlap inputs, by Swift's law
/// of exclusivity; the kernels that update in place take one span fewer. All are O(n) and allocate nothing.
public protocol Scalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// Σ xᵢyᵢ.
  static func dot(_ x: Span<Self>, _ y: Span<Self>) -> Double
  /// Σ xᵢ².
  static func squaredNorm(_ x: Span<Self>) -> Double
  /// Σ (xᵢ − yᵢ)², the differences in double precision.
  static func squaredDistance(_ x: Span<Self>, _ y: Span<Self>) -> Double

  /// xᵢ ← a.
  static func fill(_ x: inout MutableSpan<Self>, with a: Self)
  /// yᵢ ← xᵢ.
  static func copy(_ x: Span<Self>, to y: inout MutableSpan<Self>)
  /// xᵢ ← a xᵢ.
  static func scale(_ x: inout MutableSpan<Self>, by a: Self)
  /// xᵢ ← xᵢ + a.
  static func shift(_ x: inout MutableSpan<Self>, by a: Self)
  /// yᵢ ← yᵢ + a xᵢ. A step in place is this with a = −γ, to the last bit.
  static func add(_ a: Self, _ x: Span<Self>, to y: inout MutableSpan<Self>)
  /// zᵢ ← xᵢ − γ gᵢ.
  static func step(from x: Span<Self>, along g: Span<Self>, by gamma: Self, into z: inout MutableSpan<Self>)
  /// zᵢ ← xᵢ − γ gᵢ, then gᵢ ← 0; returns Σ zᵢ². In one pass what `step`, `fill` and `squaredNorm` do, to the
  /// last bit.
  static func takeStep(
    from x: Span<Self>, along g: inout MutableSpan<Self>, by gamma: Self, into z: inout MutableSpan<Self>
  ) -> Double
  /// The same in place: zᵢ ← zᵢ − γ gᵢ.
  static func takeStep(
    along g: inout MutableSpan<Self>, by gamma: Self, in z: inout MutableSpan<Self>
  ) -> Double
  /// zᵢ ← a xᵢ + b yᵢ.
  static func combine(
    _ a: Self, _ x: Span<Self>, _ b: Self, _ y: Span<Self>, into z: inout MutableSpan<Self>)
  /// zᵢ ← a zᵢ + b yᵢ.
  static func combine(_ a: Self, _ z: inout MutableSpan<Self>, _ b: Self, _ y: Span<Self>)

  /// yᵢ ← yᵢ + scale · zᵢ, with zᵢ independent standard normals drawn from `stream`.
  ///
  /// They come from the stream's blocks in groups of 32 from eight blocks, from the first block that the
  /// stream has not begun (the layout is in `kernels.h`). The stream is a value: the caller's copy does
  /// not move on, and draws from it afterwards repeat the same blocks. For `Float` scale · zᵢ is formed in
  /// double precision and rounded before it is added.
  static func addNormals(scale: Double, stream: RandomStream, to y: inout MutableSpan<Self>)

  /// gᵢ ← gᵢ + a (2xᵢ − xᵢ₋₁ − xᵢ₊₁)/4, where x₀ = −1 and x_{d+1} = 0 beyond the ends: a times the gradient
  /// of the tridiagonal quadratic ½xᵀAx − bᵀx, A = ¼·tridiag(−1, 2, −1), b = −¼e₁.
  static func addTridiagonal(_ a: Self, _ x: Span<Self>, to g: inout MutableSpan<Self>)
}
